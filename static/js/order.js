// Rows in an order that people give, tbody[data-order]. Each row holds a field of the form that saves the order, which it sends on "reorder".
//   [data-grip="title"]     is dragged, or moved by the arrow keys, Home and End; Escape ends a drag where it began
//   button[name=up|down]    moves its row by one place; without script it sends the form
// What moved where is said in the form's neighbour [role=status].

const rowsOf = (list) => [...list.rows];

function say(list, row, text) {
  const form = list.querySelector('input[form]').form;
  const title = row.querySelector('[data-grip]').dataset.grip;
  form.nextElementSibling.textContent = text || `${title} is in place ${rowsOf(list).indexOf(row) + 1} of ${list.rows.length}.`;
}

// A row at an end goes no further.
function settle(list) {
  rowsOf(list).forEach((row, i, all) => {
    for (const [name, last] of [['up', 0], ['down', all.length - 1]]) {
      const button = row.querySelector(`button[name="${name}"]`);
      button.disabled = i === last;
      button.toggleAttribute('data-disabled', button.disabled);
    }
  });
}

function save(list, row) {
  settle(list);
  say(list, row);
  list.querySelector('input[form]').form.dispatchEvent(new Event('reorder'));
}

// put moves a row to a place among the others and keeps the focus, which a row that is moved in the document loses.
function put(list, row, place) {
  const focused = document.activeElement;
  row.remove();
  list.insertBefore(row, list.rows[place] || null);
  if (row.contains(focused)) focused.focus({ preventScroll: true });
}

function moveTo(row, place) {
  const list = row.closest('[data-order]');
  const to = Math.min(Math.max(place, 0), list.rows.length - 1);
  if (to === rowsOf(list).indexOf(row)) return;
  put(list, row, to);
  row.scrollIntoView({ block: 'nearest' });
  save(list, row);
  if (document.activeElement.disabled || !row.contains(document.activeElement)) row.querySelector('[data-grip]').focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-order] button[name="up"], [data-order] button[name="down"]');
  if (!button) return;
  event.preventDefault();
  const row = button.closest('tr');
  moveTo(row, rowsOf(row.parentElement).indexOf(row) + (button.name === 'up' ? -1 : 1));
});

document.addEventListener('keydown', (event) => {
  const row = event.target.closest('[data-order] [data-grip]')?.closest('tr');
  if (!row || event.ctrlKey || event.metaKey) return;
  const at = rowsOf(row.parentElement).indexOf(row);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: Infinity }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  moveTo(row, to);
});

// placeAt is where a row goes whose middle is held at this height of the window. It passes another one a little before their
// middles meet, so that it does not waver there.
function placeAt(list, row, middle) {
  const all = rowsOf(list);
  const now = all.indexOf(row);
  return all.filter((other, i) => {
    const box = other.getBoundingClientRect();
    return i !== now && middle > box.top + box.height * (i < now ? 0.6 : 0.4);
  }).length;
}

document.addEventListener('pointerdown', (event) => {
  const grip = event.target.closest('[data-order] [data-grip]');
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  grip.focus({ preventScroll: true });
  const row = grip.closest('tr');
  const list = row.parentElement;
  const start = rowsOf(list).indexOf(row);
  const box = row.getBoundingClientRect();
  const off = event.clientY - box.top - box.height / 2; // of the hand from the middle of the row
  let y = event.clientY;
  let frame = 0;
  row.classList.add('moving');

  function follow() {
    const to = placeAt(list, row, y - off);
    if (to !== rowsOf(list).indexOf(row)) put(list, row, to);
  }
  // Near an edge of the window the page moves on below the pointer.
  function scroll() {
    const by = y < 60 ? -12 : y > innerHeight - 60 ? 12 : 0;
    if (by) { scrollBy(0, by); follow(); }
    frame = requestAnimationFrame(scroll);
  }
  function onMove(e) { y = e.clientY; follow(); }
  function end(keep) {
    cancelAnimationFrame(frame);
    row.classList.remove('moving');
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', onUp);
    removeEventListener('pointercancel', onCancel);
    removeEventListener('keydown', onKey, true);
    if (!keep) put(list, row, start);
    if (rowsOf(list).indexOf(row) !== start) save(list, row);
  }
  function onUp() { end(true); }
  function onCancel() { end(false); }
  function onKey(e) {
    if (e.key !== 'Escape') return;
    e.preventDefault();
    e.stopPropagation();
    end(false);
  }
  addEventListener('pointermove', onMove);
  addEventListener('pointerup', onUp);
  addEventListener('pointercancel', onCancel);
  addEventListener('keydown', onKey, true);
  frame = requestAnimationFrame(scroll);
});

// The other forms of the page are about the same revision as the order that was just saved.
document.addEventListener('htmx:afterSwap', (event) => {
  const form = event.target;
  if (form.tagName !== 'FORM' || !document.querySelector('[data-order] input[form="' + CSS.escape(form.id) + '"]')) return;
  const revision = form.querySelector('[name="revision"]').value;
  const subject = form.getAttribute('action').replace(/\/members\/order$/, '');
  document.querySelectorAll(`form[action^="${CSS.escape(subject)}/"] [name="revision"]`).forEach((field) => { field.value = revision; });
});
