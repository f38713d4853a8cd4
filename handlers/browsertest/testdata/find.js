// What a person finds on a page by its words. It runs before the page's own scripts.
window.person = (() => {
  const words = (text) => (text || '').replace(/\s+/g, ' ').trim();
  const nameOf = (e) => words(e.getAttribute('aria-label') || (e.innerText ?? e.textContent));
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const roles = { link: 'a[href]', button: 'button, summary', field: 'label', choice: 'label', step: '[data-outline] a' };

  // The first that is called so, or else whose name begins so. An open dialog hides the rest of the page.
  function find(role, name, within) {
    const dialog = document.querySelector('dialog[open]');
    const roots = dialog ? [dialog] : within ? [...document.querySelectorAll(within)] : [document];
    const all = roots.flatMap((root) => [...root.querySelectorAll(roles[role])]).filter(shown);
    const hit = all.find((e) => nameOf(e) === name) || all.find((e) => nameOf(e).startsWith(name));
    return (role === 'field' ? hit?.control : hit) || null;
  }

  // Where to press it, or why that cannot be done.
  function place(role, name, within) {
    const e = find(role, name, within);
    if (!e) return { problem: 'it is not there' };
    if (e.disabled) return { problem: 'it is disabled' };
    let box = e.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth) {
      e.scrollIntoView({ block: 'center', behavior: 'instant' });
      box = e.getBoundingClientRect();
    }
    // A link that breaks over two lines has nothing in the middle of its box.
    const line = e.getClientRects()[0];
    const x = line.left + line.width / 2;
    const y = line.top + Math.min(line.height / 2, 20);
    const hit = document.elementFromPoint(x, y);
    if (!hit || !(e.contains(hit) || hit.contains(e) && hit.tagName === 'LABEL')) {
      return { problem: 'it is covered by ' + (hit ? hit.outerHTML.slice(0, 120) : 'nothing') };
    }
    return { x, y, problem: '' };
  }

  const sees = (selector, text) => [...document.querySelectorAll(selector)].some((e) => shown(e) && words((e.innerText ?? e.textContent)).includes(text));
  const texts = (selector) => [...document.querySelectorAll(selector)].filter(shown).map((e) => words((e.innerText ?? e.textContent)));
  return { find, place, sees, texts };
})();
