// <realm-map>: moves and scales a realm's map as a drawing of a procedure is
// moved and scaled, and tells which dot is which.
//   move over a dot   names it      click   opens the signal
//   "Choose an area"   chooses the dots inside a line that is drawn; Shift and drag adds those to what is chosen
//   Escape             gives up drawing, or chooses none
// What is chosen is the boxes "ids" of the form around the map: those of the table below it, and hidden ones for the rest. The table
// chooses without a pointer.

const Drawing = customElements.get('sop-graph');

class RealmMap extends Drawing {
  sheet = new CSSStyleSheet(); // how large the drawing stands: what keeps its size on the screen is divided by it

  connectedCallback() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    super.connectedCallback();
    if (!this.svg) return;
    this.points = [];
    this.tip = this.querySelector('[data-map-tip]');
    this.hint = this.tip.textContent;
    this.said = this.querySelector('[data-map-said]');
    this.found = this.svg.querySelector('.found');
    this.foundFirst = this.found.getAttribute('d');
    this.form = this.closest('form');
    this.clear = this.querySelector('[data-map="clear"]');
    this.lasso = this.querySelector('[data-map="lasso"]');
    this.lasso?.addEventListener('click', () => this.setLassoing(!this.lassoing));
    this.clear?.addEventListener('click', () => { this.choose([]); this.lasso.focus(); });
    this.form?.addEventListener('change', (event) => { if (event.target.type === 'checkbox') this.showChosen(); });
    this.view.addEventListener('pointermove', (event) => this.onHover(event));
    this.view.addEventListener('click', (event) => this.onOpen(event));
    this.search = document.querySelector('#q');
    this.search?.addEventListener('input', () => this.dim(this.search.value.trim().toLowerCase()));
    this.load();
  }
  disconnectedCallback() {
    super.disconnectedCallback?.();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
  async load() {
    const answer = await fetch(this.dataset.points, { headers: { Accept: 'application/json' } });
    if (answer.ok) this.points = await answer.json();
    if (this.form) this.showChosen();
  }
  // The map opens as a whole; names keep their size on the screen.
  reveal() {}
  fitWidth() { this.fit(); }
  scaleTo(scale, at) {
    super.scaleTo(scale, at);
    this.sheet.replaceSync(`.realm-map { --size: ${this.scale} }`);
    this.svg.classList.toggle('near', this.scale >= 1.8);
    this.placeNames();
  }
  // Names keep their size, so from afar one that would cover the name of a larger cluster moves up or down, or else waits.
  placeNames() {
    const taken = [];
    for (const name of this.svg.querySelectorAll('text:not(.fine)')) {
      const at = { x: name.getAttribute('x') * this.scale, y: name.getAttribute('y') * this.scale, half: 4 * name.textContent.length };
      const free = (move) => !taken.some((other) => Math.abs(other.x - at.x) < other.half + at.half && Math.abs(other.y - at.y - move) < 20);
      const move = this.scale < 1.8 ? [0, -20, 20, -40, 40].find(free) : 0;
      name.classList.toggle('waiting', move === undefined);
      name.setAttribute('dy', (move ?? 0) / this.scale);
      if (move !== undefined) taken.push({ ...at, y: at.y + move });
    }
  }

  // place is where the pointer is, in the units of the drawing.
  place(event) {
    const box = this.svg.getBoundingClientRect();
    return { x: (event.clientX - box.left) / this.scale, y: (event.clientY - box.top) / this.scale };
  }
  pointAt(event) {
    const { x, y } = this.place(event);
    let nearest;
    let least = 9 / this.scale;
    for (const point of this.points) {
      const distance = Math.hypot(point[0] - x, point[1] - y);
      if (distance < least) [nearest, least] = [point, distance];
    }
    return nearest;
  }
  onHover(event) {
    if (this.drawing) return;
    const point = this.pointAt(event);
    this.tip.textContent = point ? point[3] : this.hint;
    this.view.classList.toggle('on-signal', Boolean(point));
  }
  onOpen(event) {
    const point = this.lassoing || this.drew || event.shiftKey ? null : this.pointAt(event);
    this.drew = false;
    if (point) location.assign(this.dataset.signals + '/' + point[2]);
  }
  dim(words) {
    this.svg.classList.toggle('searching', words !== '' || this.foundFirst !== '');
    this.found.setAttribute('d', words === '' ? this.foundFirst : dots(this.points.filter((point) => point[3].toLowerCase().includes(words))));
  }

  setLassoing(on) {
    this.lassoing = on;
    this.lasso?.setAttribute('aria-pressed', String(on));
    this.view.classList.toggle('lassoing', on);
    if (on) this.said.textContent = 'Draw a line around the signals.';
  }
  onDown(event) {
    if (!this.lasso || event.button !== 0 || !(this.lassoing || event.shiftKey)) return super.onDown(event);
    event.preventDefault();
    this.view.focus({ preventScroll: true });
    const adding = event.shiftKey;
    const line = [this.place(event)];
    const path = this.svg.querySelector('.lasso');
    this.drawing = true;
    const move = (e) => {
      line.push(this.place(e));
      path.setAttribute('d', 'M' + line.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L') + 'Z');
    };
    this.endDrawing = (keep) => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', done);
      removeEventListener('pointercancel', given);
      this.drawing = false;
      this.drew = true; // the click that ends the line opens nothing
      setTimeout(() => { this.drew = false; }, 0);
      path.setAttribute('d', '');
      this.setLassoing(false);
      if (!keep) return;
      const within = this.points.filter((point) => inside(point, line)).map((point) => point[2]);
      this.choose(adding ? [...this.chosen(), ...within] : within);
    };
    const done = () => this.endDrawing(true);
    const given = () => this.endDrawing(false);
    addEventListener('pointermove', move);
    addEventListener('pointerup', done);
    addEventListener('pointercancel', given);
  }
  onKey(event) {
    if (event.key !== 'Escape') return super.onKey(event);
    if (this.drawing) this.endDrawing(false);
    else if (this.lassoing) this.setLassoing(false);
    else if (this.chosen().size) this.choose([]);
    else return;
    event.preventDefault();
  }

  boxes() { return [...this.form.querySelectorAll('input[name="ids"]')]; }
  chosen() { return new Set(this.boxes().filter((box) => box.checked).map((box) => box.value)); }
  // One change takes so many signals.
  choose(ids) {
    const most = 500;
    const all = new Set(ids);
    const some = new Set([...all].slice(0, most));
    this.boxes().forEach((box) => {
      if (box.hidden) box.remove();
      else box.checked = some.has(box.value);
    });
    const listed = new Set(this.boxes().map((box) => box.value));
    for (const id of some) {
      if (listed.has(id)) continue;
      const box = document.createElement('input');
      Object.assign(box, { type: 'checkbox', name: 'ids', value: id, checked: true, hidden: true });
      this.append(box);
    }
    this.showChosen(all.size);
  }
  showChosen(wanted = 0) {
    const chosen = this.chosen();
    this.svg.querySelector('.picked').setAttribute('d', dots(this.points.filter((point) => chosen.has(point[2]))));
    this.svg.classList.toggle('choosing', chosen.size > 0);
    this.clear.hidden = chosen.size === 0;
    const count = chosen.size === 1 ? '1 signal is chosen.' : `${chosen.size} signals are chosen.`;
    this.said.textContent = wanted > chosen.size ? `The first ${chosen.size} of ${wanted} signals are chosen, as many as one change takes.` : chosen.size || this.said.textContent ? count : '';
  }
}

const dots = (points) => points.map((point) => `M${point[0]} ${point[1]}h0`).join('');

// inside says that a point lies within a closed line: a ray from it crosses the line an odd number of times.
function inside([x, y], line) {
  let odd = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [a, b] = [line[i], line[j]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
  }
  return odd;
}

if (!customElements.get('realm-map')) customElements.define('realm-map', RealmMap);
