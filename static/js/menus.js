// Menus are <details class="menu">. This closes them on Escape, on a click
// elsewhere and when the focus leaves; and it switches the theme.
//   [data-theme-choice="light|dark|system"]

document.addEventListener('click', (event) => {
  document.querySelectorAll('details.menu[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener('focusout', (event) => {
  const menu = event.target.closest('details.menu[open]');
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  const menu = event.target.closest?.('details.menu[open]');
  if (!menu) return;
  if (event.key === 'Escape') {
    menu.open = false;
    menu.querySelector('summary').focus();
    return;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const items = [...menu.querySelectorAll('.menu-list a, .menu-list button')];
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
  items[(next + items.length) % items.length].focus();
});

const root = document.documentElement;

function marked() {
  const chosen = root.dataset.theme || 'system';
  document.querySelectorAll('[data-theme-choice]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.themeChoice === chosen));
  });
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-theme-choice]');
  if (!button) return;
  const choice = button.dataset.themeChoice;
  if (choice === 'system') delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    if (choice === 'system') localStorage.removeItem('data-theme');
    else localStorage.setItem('data-theme', choice);
  } catch {
    // Storage is switched off: the choice lasts for this page.
  }
  marked();
});
marked();

// The menu of a narrow screen stands in its place on a wide one.
window.matchMedia('(min-width: 56rem)').addEventListener('change', (event) => {
  const sidebar = document.getElementById('sidebar');
  if (event.matches && sidebar?.matches(':popover-open')) sidebar.hidePopover();
});
