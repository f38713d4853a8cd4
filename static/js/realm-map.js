// <realm-map>: moves and scales a realm's map as a drawing of a procedure is
// moved and scaled, and tells which dot is which.
//   move over a dot   names it      click   opens the signal
//   "Choose an area", or Shift and drag   chooses the dots inside a line
// The table below the map does the same without a pointer.

const Drawing = customElements.get('sop-graph');

class RealmMap extends Drawing {
  size = new CSSStyleSheet(); // how large the drawing stands: what keeps its size on the screen is divided by it

  connectedCallback() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.size];
    super.connectedCallback();
    if (!this.svg) return;
    this.points = [];
    this.tip = this.querySelector('[data-map-tip]');
    this.form = this.querySelector('[data-map-form]');
    this.lasso = this.querySelector('[data-map="lasso"]');
    this.lasso?.addEventListener('click', () => this.setLassoing(!this.lassoing));
    this.view.addEventListener('pointermove', (event) => this.onHover(event));
    this.view.addEventListener('click', (event) => this.onOpen(event));
    this.search = document.querySelector('#q');
    this.search?.addEventListener('input', () => this.dim(this.search.value.trim().toLowerCase()));
    this.load();
  }
  disconnectedCallback() {
    super.disconnectedCallback?.();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.size);
  }
  async load() {
    const answer = await fetch(this.dataset.points, { headers: { Accept: 'application/json' } });
    if (answer.ok) this.points = await answer.json();
  }
  // The map opens as a whole; names keep their size on the screen.
  reveal() {}
  fitWidth() { this.fit(); }
  scaleTo(scale, at) {
    super.scaleTo(scale, at);
    this.size.replaceSync(`.realm-map { --size: ${this.scale} }`);
    this.svg.classList.toggle('near', this.scale >= 1.8);
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
    if (this.drawing || this.chosen) return;
    const point = this.pointAt(event);
    this.tip.textContent = point ? point[3] : '';
    this.view.classList.toggle('on-signal', Boolean(point));
  }
  onOpen(event) {
    const point = this.lassoing || event.shiftKey ? null : this.pointAt(event);
    if (point) location.assign(this.dataset.signals + '/' + point[2]);
  }
  dim(words) {
    this.svg.classList.toggle('searching', words !== '');
    this.show(words === '' ? [] : this.points.filter((point) => point[3].toLowerCase().includes(words)));
  }
  show(points) {
    this.svg.querySelector('.found').setAttribute('d', points.map((point) => `M${point[0]} ${point[1]}h0`).join(''));
  }

  setLassoing(on) {
    this.lassoing = on;
    this.lasso?.setAttribute('aria-pressed', String(on));
    this.view.classList.toggle('lassoing', on);
  }
  onDown(event) {
    if (!this.form || event.button !== 0 || !(this.lassoing || event.shiftKey)) return super.onDown(event);
    event.preventDefault();
    const line = [this.place(event)];
    const path = this.svg.querySelector('.lasso');
    this.drawing = true;
    const move = (e) => {
      line.push(this.place(e));
      path.setAttribute('d', 'M' + line.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L') + 'Z');
    };
    const stop = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', stop);
      this.drawing = false;
      this.choose(this.points.filter((point) => inside(point, line)));
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
  }
  // The address of the next page holds the ids, so there is a bound to them.
  choose(points) {
    const some = points.slice(0, 150);
    this.chosen = some.length > 0;
    this.setLassoing(false);
    if (!this.chosen) this.svg.querySelector('.lasso').setAttribute('d', '');
    this.show(some);
    this.svg.classList.toggle('searching', this.chosen);
    this.tip.textContent = this.chosen ? (points.length > some.length ? `The first ${some.length} of ${points.length} signals are chosen.` : `${some.length} signals are chosen.`) : '';
    this.form.querySelectorAll('[name=ids]').forEach((field) => field.remove());
    some.forEach((point) => {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'ids';
      field.value = point[2];
      this.form.append(field);
    });
    this.form.hidden = !this.chosen;
  }
}

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
