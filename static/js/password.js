// Shows what is typed into a password field, and hides it again before the form is sent.
//   button[data-reveal="id"]  the button beside the field; its first child is the word that changes

function reveal(button, on) {
  const field = document.getElementById(button.dataset.reveal);
  if (!field) return;
  field.type = on ? 'text' : 'password';
  button.firstElementChild.textContent = on ? 'Hide' : 'Show';
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-reveal]');
  if (button) reveal(button, document.getElementById(button.dataset.reveal)?.type === 'password');
});
// Browsers keep what stood in text fields, and offer it again; they keep no passwords so.
document.addEventListener('submit', () => {
  document.querySelectorAll('[data-reveal]').forEach((button) => reveal(button, false));
});
