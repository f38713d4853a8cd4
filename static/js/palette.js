// Movement in the command palette: the field keeps its list below; the arrows
// walk between them, Enter in the field follows the first result.

const palette = document.getElementById('palette');
const field = palette?.querySelector('input');

function links() {
  return [...palette.querySelectorAll('.palette-link')];
}
function markFirst() {
  links().forEach((link, i) => link.toggleAttribute('data-first', i === 0));
}

if (palette && field) {
  markFirst();
  palette.addEventListener('htmx:afterSwap', markFirst);
  palette.addEventListener('close', () => {
    if (field.value === '') return;
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  palette.addEventListener('keydown', (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
      if (next < 0) field.focus();
      else all[Math.min(next, all.length - 1)]?.focus();
    } else if (event.key === 'Enter' && document.activeElement === field) {
      event.preventDefault();
      all[0]?.click();
    } else if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      field.focus();
    }
  });
}
