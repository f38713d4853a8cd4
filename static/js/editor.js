// The editor of procedures (#editor). The server draws all of it after each
// edit; every link and form here works without script, too.
//   links to the editor's own address   replace the region, not the page
//   leaving a step with unsaved text    saves it first
//   arrows, Delete, Alt+arrows, e, Esc  see the list of keys in the outline;
//                                       n, c, u and r are plain data-key letters

const root = () => document.getElementById('editor');
const panelForm = () => document.getElementById('panel-form');
const firstField = '[data-editor-first]';
const outlineLinks = () => [...document.querySelectorAll('[data-outline] .outline-link')];

let busy = false; // a request is under way
let queue = []; // what to do after it, in order
let focusOn = ''; // a selector to focus in the next region
let browse = 0; // the pause before the step under the keyboard is opened

// Unsaved text.
function changed(field) {
  if (field.type === 'hidden' || field.type === 'submit') return false;
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.value !== initial(field);
  return field.value !== field.defaultValue;
}
function initial(select) {
  const chosen = [...select.options].find((option) => option.defaultSelected);
  return (chosen || select.options[0])?.value;
}
function unsaved() {
  const form = panelForm();
  if (!form) return false;
  return form.querySelector('[data-unsaved]') !== null || [...form.elements].some(changed);
}

// Going somewhere inside the editor.
function show(href) {
  if (!window.htmx) return location.assign(href);
  if (busy) {
    queue = [() => show(href)];
    return;
  }
  const form = panelForm();
  if (form && unsaved()) {
    form.querySelector('[name=then]').value = new URL(href, location).search || '?';
    form.requestSubmit();
    return;
  }
  window.htmx.ajax('GET', href, { source: '#editor' });
}

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('#editor a[href]');
  if (!link) return;
  const href = link.getAttribute('href');
  const address = new URL(href, location);
  if (address.pathname !== location.pathname || address.hash || link.closest('#panel-form')) return;
  event.preventDefault();
  const node = link.dataset.node;
  focusOn = node ? `#editor svg [data-node="${CSS.escape(node)}"]` : link.closest('[data-outline] .outline-link') ? '[data-outline] [aria-current]' : '';
  show(href);
});

// Any other form is sent after what was typed is saved; deleting the step itself is the exception.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.closest?.('#editor')) return;
  if (busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    pressLater(event.submitter);
    return;
  }
  if (form.matches('#panel-form, #delete-form') || !unsaved() || !panelForm()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pressLater(event.submitter);
  panelForm().querySelector('[name=then]').value = root().dataset.at || '?';
  panelForm().requestSubmit();
}, true);

// After the next answer the button is another one with the same id.
function pressLater(button) {
  const id = button?.id;
  if (id && queue.length < 10) queue.push(() => document.getElementById(id)?.click());
}

// Requests, one at a time.
const ours = (event) => event.detail.target?.id === 'editor' || event.detail.elt?.closest?.('#editor');
document.addEventListener('htmx:beforeRequest', (event) => { if (ours(event)) busy = true; });
// A new region is ready only once it is settled: until then its forms would be sent without htmx.
document.addEventListener('htmx:afterRequest', (event) => {
  if (!busy || event.detail.successful) return;
  queue = [];
  setTimeout(() => { busy = false; }, 100);
});
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.detail.target?.id !== 'editor' && event.detail.elt?.id !== 'editor') return;
  busy = false;
  const problem = document.querySelector('#stale, #panel [aria-invalid], #panel #errors');
  if (problem) {
    queue = [];
    return problem.focus();
  }
  const next = queue.shift();
  if (next) return next();
  if (browse) return; // the keyboard has gone on already
  const at = document.activeElement;
  if (at?.closest('#panel') && typing(at)) focusOn = ''; // somebody types already
  else if (!focusOn && at?.closest('[data-outline] ol')) focusOn = '[data-outline] [aria-current]';
  const wanted = focusOn ? document.querySelector(focusOn) : null;
  if (wanted) wanted.focus({ preventScroll: wanted.closest('svg') !== null });
  if (wanted && focusOn === firstField) wanted.select?.();
  focusOn = '';
  arrange(wanted);
});

// The selected step stays in sight in the outline, and on narrow screens the panel comes into view.
function arrange(focused) {
  const current = document.querySelector('[data-outline] ol [aria-current]');
  const list = current?.closest('.outline');
  if (list) {
    const a = current.getBoundingClientRect();
    const b = list.getBoundingClientRect();
    if (a.top < b.top || a.bottom > b.bottom) list.scrollTop += a.top - b.top - b.height / 2;
  }
  const panel = document.getElementById('panel');
  if (!panel || focused?.closest('[data-outline]') && matchMedia('(min-width: 62rem)').matches) return;
  const box = panel.getBoundingClientRect();
  if (box.top > innerHeight - 80 || box.bottom < 80) panel.scrollIntoView({ block: 'start' });
}
if (root()) arrange(null);

// Keys.
function typing(target) {
  return target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null;
}
function press(id) {
  const button = document.getElementById(id);
  if (!button || button.disabled) return false;
  focusOn = '[data-outline] [aria-current]';
  button.click();
  return true;
}
function walk(step) {
  const links = outlineLinks();
  const at = links.findIndex((link) => link === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute('aria-current'));
  const next = links[Math.min(Math.max(from + step, 0), links.length - 1)];
  if (!next || next === document.activeElement) return next !== undefined;
  next.focus();
  clearTimeout(browse);
  browse = setTimeout(() => {
    browse = 0;
    const link = document.getElementById(next.id); // the region may have been replaced meanwhile
    if (link && document.activeElement === link && !link.hasAttribute('aria-current')) link.click();
  }, 160);
  return true;
}
// A step that is still being opened gets the keyboard once it is there.
function edit() {
  if (busy || browse) {
    clearTimeout(browse);
    if (browse) document.activeElement?.closest('[data-outline] .outline-link')?.click();
    browse = 0;
    focusOn = firstField;
    return true;
  }
  const first = document.querySelector(firstField);
  first?.focus();
  first?.select?.();
  return Boolean(first);
}
function back() {
  const link = document.querySelector('[data-outline] [aria-current]') || outlineLinks()[0];
  link?.focus();
  return Boolean(link);
}

document.addEventListener('keydown', (event) => {
  if (!root() || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  if (handle(event)) event.preventDefault();
});
function handle(event) {
  const inField = typing(event.target);
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('#panel-form')) {
    panelForm().requestSubmit();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (event.key === 'Escape' && event.target.closest('#panel')) return back();
  if (inField) return false;
  if (event.altKey) {
    if (event.key === 'ArrowUp') return press('move-up');
    if (event.key === 'ArrowDown') return press('move-down');
    return false;
  }
  const inOutline = event.target === document.body || event.target.closest('[data-outline]') !== null || event.target.id === 'main' || event.target.id === 'panel';
  if (event.key === 'ArrowUp' && inOutline) return walk(-1);
  if (event.key === 'ArrowDown' && inOutline) return walk(1);
  if (event.key === 'Delete') return press('delete');
  if (event.key === 'e') return edit();
  return false;
}

// Leaving the page with unsaved text.
window.addEventListener('beforeunload', (event) => {
  if (root() && unsaved() && !busy) event.preventDefault();
});
