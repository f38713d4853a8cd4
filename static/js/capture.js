// The form of a new signal, form[data-capture]. It works without any of this.
//   [data-for-type="X"]  shows while the kind X is chosen
//   a file that is chosen, pasted or dropped goes into the field "file" and chooses its kind
//   [data-tags]          offers the tags of its list for the tag that is being typed

const capture = document.querySelector('form[data-capture]');

function kind() { return capture.querySelector('[name="type"]:checked')?.value; }

function showKind() {
  capture.querySelectorAll('[data-for-type]').forEach((part) => { part.hidden = part.dataset.forType !== kind(); });
}

function choose(value) {
  const choice = capture.querySelector(`[name="type"][value="${value}"]`);
  if (!choice || choice.checked) return;
  choice.checked = true;
  choice.dispatchEvent(new Event('change', { bubbles: true }));
}

function tooLarge(field, file) {
  const limit = Number(field.dataset.limit);
  return file && limit && file.size > limit ? `This file is larger than ${limit >> 20} MB.` : '';
}

function fileChosen(field) {
  const file = field.files[0];
  field.setCustomValidity(tooLarge(field, file));
  if (!file) return;
  if (file.type.startsWith('image/')) choose('PHOTO');
  else if (file.type.startsWith('audio/') || file.type.startsWith('video/') || /\.(srt|vtt)$/i.test(file.name)) choose('TRANSMISSION');
  if (field.validationMessage) field.reportValidity();
}

function take(files) {
  const field = capture.querySelector('[name="file"]');
  const one = new DataTransfer();
  one.items.add(files[0]);
  field.files = one.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

if (capture) {
  capture.addEventListener('change', (event) => {
    if (event.target.name === 'type') showKind();
    if (event.target.name === 'file') fileChosen(event.target);
  });
  capture.addEventListener('draft', showKind);
  capture.addEventListener('paste', (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
  capture.addEventListener('dragover', (event) => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    capture.classList.add('dropping');
  });
  capture.addEventListener('dragleave', (event) => {
    if (!capture.contains(event.relatedTarget)) capture.classList.remove('dropping');
  });
  capture.addEventListener('drop', (event) => {
    capture.classList.remove('dropping');
    if (!event.dataTransfer.files.length || event.target.type === 'file') return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  showKind();
}

// A datalist completes a whole field, so its entries begin with the tags that stand there already.
document.addEventListener('input', (event) => {
  const field = event.target.closest('[data-tags]');
  if (!field?.list) return;
  const done = field.value.includes(',') ? field.value.slice(0, field.value.lastIndexOf(',') + 1) + ' ' : '';
  const there = new Set(done.split(',').map((tag) => tag.trim().toLowerCase()));
  for (const option of field.list.options) {
    option.dataset.tag ??= option.value;
    option.value = there.has(option.dataset.tag.toLowerCase()) ? field.value : done + option.dataset.tag;
  }
});
