// Short messages. They come with the page (#toasts is filled by the server),
// as the event "toast" from an HX-Trigger header, or by htmx swapping an error
// into #toasts. Good news leaves by itself, problems stay until dismissed.

const region = document.getElementById('toasts');
const lifetime = 6000;

function expire(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = 'yes';
  if (!toast.matches('.good, .info')) return;
  let timer = setTimeout(() => toast.remove(), lifetime);
  const hold = () => clearTimeout(timer);
  const resume = () => { timer = setTimeout(() => toast.remove(), lifetime); };
  toast.addEventListener('mouseenter', hold);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('mouseleave', resume);
  toast.addEventListener('focusout', resume);
}

function show(text, tone, action, clicks) {
  const template = document.getElementById('toast-' + tone) || document.getElementById('toast-info');
  if (!region || !template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector('[data-toast-text]').textContent = text;
  if (action && document.querySelector(clicks)) toast.querySelector('[data-toast-text]').after(actionButton(toast, action, clicks));
  region.append(toast);
  expire(toast);
}

// A toast may offer to press a button of the page, such as undo.
function actionButton(toast, label, clicks) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button small';
  button.textContent = label;
  button.addEventListener('click', () => {
    document.querySelector(clicks)?.click();
    toast.remove();
  });
  return button;
}

if (region) {
  region.querySelectorAll('.toast').forEach(expire);
  new MutationObserver(() => region.querySelectorAll('.toast').forEach(expire)).observe(region, { childList: true, subtree: true });
}

document.addEventListener('toast', (event) => {
  const detail = event.detail || {};
  show(detail.text || detail.value, detail.tone || 'info', detail.action, detail.clicks);
});
document.addEventListener('htmx:sendError', () => show('The server cannot be reached. Check your connection and try again.', 'bad'));
document.addEventListener('htmx:timeout', () => show('The server took too long to answer. Try again.', 'bad'));
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-dismiss]')) event.target.closest('.toast, .alert')?.remove();
});
