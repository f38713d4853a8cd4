// <sop-graph>: moves and scales the drawing that the server made. Without
// script the drawing stands in a box that scrolls.
//   wheel with Ctrl or Cmd, + and -   scale      drag, arrow keys   move
//   0                                 fits the whole drawing

// The map of a realm goes nearer.
const limits = { min: 0.1, max: 3, map: 12 };

// An edit replaces the drawing. Where the person was looking is kept by the
// name of the drawing, so that the view does not jump.
const looks = new Map();

class SopGraph extends HTMLElement {
  connectedCallback() {
    this.view = this.querySelector('.graph-view');
    this.svg = this.querySelector('svg.sop-graph, svg.realm-map');
    this.nearest = this.svg?.matches('.realm-map') ? limits.map : limits.max;
    if (!this.view || !this.svg) return;
    this.size = { w: this.svg.viewBox.baseVal.width, h: this.svg.viewBox.baseVal.height };
    this.view.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    this.view.addEventListener('pointerdown', (event) => this.onDown(event));
    this.view.addEventListener('click', (event) => this.onClick(event), true);
    this.view.addEventListener('dragstart', (event) => event.preventDefault());
    this.addEventListener('keydown', (event) => this.onKey(event));
    this.addEventListener('click', (event) => {
      const tool = event.target.closest('[data-graph]')?.dataset.graph;
      if (tool === 'in') this.zoom(1.25);
      if (tool === 'out') this.zoom(0.8);
      if (tool === 'fit') this.fit();
      if (tool === 'actual') this.scaleTo(1);
    });
    this.look = this.view.getAttribute('aria-label');
    const before = looks.get(this.look);
    if (before) {
      this.scaleTo(before.scale);
      this.view.scrollTo(before.left, before.top);
      this.revealIfHidden();
    } else {
      this.fitWidth();
      this.reveal();
    }
    this.view.addEventListener('scroll', () => this.remember(), { passive: true });
  }
  remember() {
    looks.set(this.look, { scale: this.scale, left: this.view.scrollLeft, top: this.view.scrollTop });
  }

  // The drawing keeps its natural size in the document; scaling sets width and
  // height, so scroll bars, printing and focus keep working.
  scaleTo(scale, at) {
    const next = Math.min(Math.max(scale, limits.min), this.nearest);
    const box = this.view.getBoundingClientRect();
    const x = at ? at.x - box.left : box.width / 2;
    const y = at ? at.y - box.top : box.height / 2;
    const ratio = next / (this.scale || 1);
    const left = (this.view.scrollLeft + x) * ratio - x;
    const top = (this.view.scrollTop + y) * ratio - y;
    this.scale = next;
    this.svg.setAttribute('width', Math.round(this.size.w * next));
    this.svg.setAttribute('height', Math.round(this.size.h * next));
    this.view.scrollTo(left, top);
    const output = this.querySelector('[data-graph-scale]');
    if (output) output.textContent = Math.round(next * 100) + ' %';
    this.remember();
  }
  zoom(factor, at) { this.scaleTo((this.scale || 1) * factor, at); }
  fit() {
    const height = parseFloat(getComputedStyle(this.view).maxHeight) || this.view.clientHeight;
    this.scaleTo(Math.min(this.view.clientWidth / this.size.w, height / this.size.h, 1));
  }
  // Narrower than the drawing is no reason to make its text too small to read.
  fitWidth() {
    this.scaleTo(Math.max(Math.min(this.view.clientWidth / this.size.w, 1), 0.75));
    this.view.scrollTo((this.view.scrollWidth - this.view.clientWidth) / 2, 0);
  }

  // The first look is at what the page is about, else at the start.
  reveal() {
    const matter = this.svg.querySelector('.node.selected') || this.svg.querySelector('.node.added, .node.changed, .node.removed, .node.troubled');
    const chosen = matter || this.svg.querySelector('.node');
    if (!chosen) return;
    const node = chosen.getBoundingClientRect();
    const box = this.view.getBoundingClientRect();
    const down = matter ? node.top + node.height / 2 - box.top - box.height / 2 : 0;
    this.view.scrollBy(node.left + node.width / 2 - box.left - box.width / 2, down);
  }

  revealIfHidden() {
    const node = this.svg.querySelector('.node.selected')?.getBoundingClientRect();
    const box = this.view.getBoundingClientRect();
    if (node && (node.left < box.left || node.right > box.right || node.top < box.top || node.bottom > box.bottom)) this.reveal();
  }

  onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, { x: event.clientX, y: event.clientY });
  }
  onDown(event) {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const start = { x: event.clientX, y: event.clientY, left: this.view.scrollLeft, top: this.view.scrollTop };
    this.dragged = false;
    const move = (e) => {
      const dx = e.clientX - start.x;
      const dy = e.clientY - start.y;
      if (!this.dragged && Math.hypot(dx, dy) < 5) return;
      this.dragged = true;
      this.view.classList.add('dragging');
      this.view.scrollTo(start.left - dx, start.top - dy);
    };
    const stop = () => {
      this.view.classList.remove('dragging');
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', stop);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
  }
  onClick(event) {
    // The click that ends a drag must not follow the link under the pointer.
    if (!this.dragged) return;
    this.dragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) this.view.scrollBy(...moves[event.key]);
    else if (event.key === '+' || event.key === '=') this.zoom(1.25);
    else if (event.key === '-') this.zoom(0.8);
    else if (event.key === '0') this.fit();
    else return;
    event.preventDefault();
  }
}

if (!customElements.get('sop-graph')) customElements.define('sop-graph', SopGraph);
