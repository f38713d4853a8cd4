// Keyboard shortcuts. Single letters are ignored while typing.
//   g then a letter   goes to the page whose link has data-go="letter"
//   j and k           move through the rows ([data-row]); Enter follows
//   /                 focuses the search field ([data-search]) or the palette
//   ?                 opens the help sheet
//   Ctrl K, Cmd K     opens the palette
//   [data-key="x"]    is clicked by that letter

let waitingForGo = 0;

function typing(target) {
  return target.isContentEditable || target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null;
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || document.querySelector('dialog[open]')) return false;
  dialog.showModal();
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll('[data-row]')].filter((row) => row.offsetParent !== null);
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  const row = rows[next];
  const target = row.matches('a, button') ? row : row.querySelector('a[href], button');
  target?.focus();
  row.scrollIntoView({ block: 'nearest' });
  return true;
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    if (openDialog('palette')) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector('dialog[open]')) return;
  if (handle(event.key)) event.preventDefault();
});

function handle(key) {
  if (Date.now() - waitingForGo < 1500) {
    waitingForGo = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) {
      link.click();
      return true;
    }
  }
  switch (key) {
    case 'g':
      waitingForGo = Date.now();
      return true;
    case 'j': return move(1);
    case 'k': return move(-1);
    case '?': return openDialog('help');
    case '/': {
      const field = document.querySelector('[data-search]');
      if (!field) return openDialog('palette');
      field.focus();
      field.select();
      return true;
    }
  }
  const button = key.length === 1 ? document.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  if (button && button.offsetParent !== null) {
    button.click();
    return true;
  }
  return false;
}
