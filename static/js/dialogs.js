// Dialogs are native <dialog> elements.
//   data-dialog="id"   opens that dialog
//   data-close         closes the dialog around it
//   data-confirm="…"   on a form or a submit button: asks before it is sent;
//                      data-confirm-label names the button that goes on

const supportsDialog = typeof HTMLDialogElement === 'function';

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  if (opener && supportsDialog) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      hideMenus();
      dialog.showModal();
      dialog.querySelector('[autofocus]')?.select?.();
    }
    return;
  }
  if (event.target.closest('[data-close]')) {
    event.target.closest('dialog')?.close();
    return;
  }
  // A click on the backdrop reaches the dialog itself.
  if (event.target.matches?.('dialog.dialog') && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside) event.target.close();
  }
});

function hideMenus() {
  document.querySelectorAll('details.menu[open]').forEach((menu) => { menu.open = false; });
  document.querySelectorAll('[popover]').forEach((box) => { if (box.matches(':popover-open')) box.hidePopover(); });
}

// In the capture phase, so that htmx hears of the submit only after the answer.
const confirmed = new WeakSet();
document.addEventListener('submit', (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (!question || confirmed.delete(form)) return;
  const dialog = document.getElementById('confirm');
  if (!dialog || !supportsDialog) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  hideMenus();
  dialog.querySelector('[data-confirm-text]').textContent = question;
  const go = dialog.querySelector('[data-confirm-go]');
  go.textContent = event.submitter?.dataset.confirmLabel || form.dataset.confirmLabel || event.submitter?.textContent.trim() || 'Continue';
  const submitter = event.submitter;
  dialog.onclose = () => {
    if (dialog.returnValue !== 'go') return;
    confirmed.add(form);
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  };
  dialog.returnValue = '';
  dialog.showModal();
}, true);
