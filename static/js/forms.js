// Conveniences for forms. Each form works without them.
//   form[data-autosubmit]  sends itself when a filter changes
//   form[data-download]    is answered with a file: its button can be pressed again
//   form[data-guard]       asks before unsaved changes are left behind
//   [data-copy="#id"]      copies the text or value of that element
//   input[type=range]      shows its value in the output beside it
//   [data-check-all="name"] checks or clears all boxes of that name in its form
//   [data-slug-from="id"]  suggests a short name from another field

let searchTimer;

function send(form) {
  clearTimeout(searchTimer);
  form.requestSubmit();
}
document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-autosubmit]');
  if (form && event.target.type !== 'search') send(form);
});
document.addEventListener('input', (event) => {
  const field = event.target;
  const form = field.closest('form[data-autosubmit]');
  // Typing reloads only where htmx swaps the list; a whole page would take the focus away.
  if (form && field.type === 'search' && form.hasAttribute('hx-get')) {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(() => form.requestSubmit(), 300);
  }
  if (field.type === 'range') {
    const output = field.parentElement.querySelector('output');
    if (output) output.value = field.value;
  }
  document.querySelectorAll(`[data-slug-from="${CSS.escape(field.id)}"]`).forEach((slug) => suggest(slug, field.value));
  if (field.dataset.slugFrom) field.dataset.touched = 'yes';
});

function suggest(slug, text) {
  if (slug.dataset.touched) return;
  slug.value = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 48).replace(/-+$/, '');
  slug.dispatchEvent(new Event('change', { bubbles: true }));
}

// All boxes of a page at once.
const boxesOf = (all) => [...all.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.checkAll)}"]`)];
document.addEventListener('change', (event) => {
  const box = event.target;
  if (box.dataset?.checkAll) boxesOf(box).forEach((one) => { one.checked = box.checked; });
  const all = box.form?.querySelector('[data-check-all]');
  if (!all) return;
  const boxes = boxesOf(all);
  all.checked = boxes.length > 0 && boxes.every((one) => one.checked);
  all.indeterminate = !all.checked && boxes.some((one) => one.checked);
});

// Unsaved changes.
let dirty = false;
document.addEventListener('input', (event) => {
  if (event.target.closest('form[data-guard]')) dirty = true;
});
document.addEventListener('submit', (event) => {
  if (!event.defaultPrevented || event.target.closest('form[data-guard]')) dirty = false;
});
document.addEventListener('htmx:afterSwap', () => {
  if (!document.querySelector('form[data-guard]')) dirty = false;
});
window.addEventListener('beforeunload', (event) => {
  if (dirty) event.preventDefault();
});

// One send at a time: a second click on the same button does nothing.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented || event.target.method !== 'post' || event.target.target) return;
  const button = event.submitter;
  setTimeout(() => { if (button) button.disabled = true; }, 0);
  // No other page comes after a download.
  if (button && event.target.hasAttribute('data-download')) setTimeout(() => { button.disabled = false; }, 2000);
});
window.addEventListener('pageshow', () => {
  document.querySelectorAll('form[method="post"] button:disabled:not([data-disabled])').forEach((button) => { button.disabled = false; });
});

// Copying.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const text = source?.value ?? source?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    document.dispatchEvent(new CustomEvent('toast', { detail: { text: 'Copied.', tone: 'good' } }));
  } catch {
    if (source) getSelection()?.selectAllChildren(source);
    document.dispatchEvent(new CustomEvent('toast', { detail: { text: 'The browser did not allow copying. Select the text and copy it by hand.', tone: 'warn' } }));
  }
});
