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

function show(text, tone) {
  const template = document.getElementById('toast-' + tone) || document.getElementById('toast-info');
  if (!region || !template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector('[data-toast-text]').textContent = text;
  region.append(toast);
  expire(toast);
}

if (region) {
  region.querySelectorAll('.toast').forEach(expire);
  new MutationObserver(() => region.querySelectorAll('.toast').forEach(expire)).observe(region, { childList: true, subtree: true });
}

document.addEventListener('toast', (event) => {
  const detail = event.detail || {};
  show(detail.text || detail.value, detail.tone || 'info');
});
document.addEventListener('htmx:sendError', () => show('The server cannot be reached. Check your connection and try again.', 'bad'));
document.addEventListener('htmx:timeout', () => show('The server took too long to answer. Try again.', 'bad'));
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-dismiss]')) event.target.closest('.toast, .alert')?.remove();
});
