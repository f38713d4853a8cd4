// What was typed into form[data-draft="key"] stays in this browser until it is sent, so that a closed tab loses nothing.
//   [data-draft-notice]   shows when something was brought back, with a button [data-draft-discard]
//   [data-draft-done]     on the page after the form: what was sent from this tab is forgotten
// Logging out forgets all of it.

const prefix = 'draft:';
const drafted = document.querySelector('form[data-draft]');
const draftKey = drafted && prefix + drafted.dataset.draft;

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !['file', 'hidden', 'submit', 'button', 'password'].includes(field.type));
}

function stateOf(form) {
  const state = {};
  for (const field of fieldsOf(form)) {
    if (field.type === 'radio' || field.type === 'checkbox') {
      if (field.checked) state[field.name] = field.value;
    } else state[field.name] = field.value;
  }
  return state;
}

function restore(form, state) {
  for (const field of fieldsOf(form)) {
    if (!(field.name in state)) continue;
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = field.value === state[field.name];
    else if (field.tagName !== 'SELECT' || [...field.options].some((option) => option.value === state[field.name])) field.value = state[field.name];
  }
  form.dispatchEvent(new Event('draft'));
}

// A browser may refuse to keep anything; then nothing is kept.
function quietly(action) {
  try { return action(); } catch { return null; }
}

if (drafted) {
  const fresh = stateOf(drafted);
  const notice = document.querySelector('[data-draft-notice]');
  const kept = quietly(() => JSON.parse(localStorage.getItem(draftKey)));
  // A form that came with text in it, after a mistake or from another page, is newer than what was kept.
  if (kept && !fresh.text && !fresh.title && !document.getElementById('errors')) {
    restore(drafted, kept);
    if (notice) notice.hidden = false;
  }
  document.querySelector('[data-draft-discard]')?.addEventListener('click', () => {
    quietly(() => localStorage.removeItem(draftKey));
    restore(drafted, fresh);
    notice.hidden = true;
    drafted.querySelector('textarea')?.focus();
  });
  const keep = () => quietly(() => {
    const state = stateOf(drafted);
    if (JSON.stringify(state) === JSON.stringify(fresh) && !fresh.text) localStorage.removeItem(draftKey);
    else localStorage.setItem(draftKey, JSON.stringify(state));
  });
  drafted.addEventListener('input', keep);
  drafted.addEventListener('change', keep);
  drafted.addEventListener('submit', () => quietly(() => { keep(); sessionStorage.setItem('draft-sent', draftKey); }));
} else if (document.querySelector('[data-draft-done]')) {
  quietly(() => {
    const sent = sessionStorage.getItem('draft-sent');
    if (sent) localStorage.removeItem(sent);
    sessionStorage.removeItem('draft-sent');
  });
}

document.addEventListener('submit', (event) => {
  if (new URL(event.target.action, location).pathname !== '/logout') return;
  quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key)));
});
