// Regions that show work under way are read again when it goes on.
//   data-live="/o/acme/events"      who tells of changes
//   data-live-of="cluster_run:ID"   of what
// While nobody tells, as behind a proxy that lets no stream through, they are read every two seconds; and by their own hx-trigger now and
// then, should a hint be lost. Nothing is asked for while the page is hidden.

const lookEvery = 2000;
const askAgainAfter = 30000;

let source = null;
let address = '';
let asked = 0;
const missed = new Set(); // topics that changed while their region was being read

function regions(topic) {
  return [...document.querySelectorAll('[data-live]')].filter((region) => !topic || region.dataset.liveOf === topic);
}

function look(topic) {
  for (const region of regions(topic)) {
    if (region.matches('.htmx-request')) missed.add(region.dataset.liveOf);
    else htmx.trigger(region, 'live');
  }
}

// One stream for all regions of the page: browsers open few connections to one server.
function wanted() {
  const all = document.hidden ? [] : regions();
  if (!all.length) return '';
  const topics = [...new Set(all.map((region) => region.dataset.liveOf))].sort();
  return all[0].dataset.live + '?' + topics.map((topic) => 'of=' + encodeURIComponent(topic)).join('&');
}

function listen() {
  const url = wanted();
  const refused = source?.readyState === EventSource.CLOSED && Date.now() - asked > askAgainAfter;
  if (url === address && !refused) return;
  source?.close();
  source = null;
  address = url;
  asked = Date.now();
  if (!url) return;
  source = new EventSource(url);
  source.addEventListener('message', (event) => look(event.data));
}

document.addEventListener('htmx:afterSettle', () => {
  listen();
  for (const topic of [...missed]) {
    missed.delete(topic);
    look(topic);
  }
});

// What cannot be read any more is left alone.
document.addEventListener('htmx:responseError', (event) => {
  const region = event.target.closest?.('[data-live]');
  if (region && event.detail.xhr.status < 500) region.removeAttribute('data-live');
});

document.addEventListener('visibilitychange', listen);
window.addEventListener('pagehide', () => source?.close());

setInterval(() => {
  listen();
  if (address && source?.readyState !== EventSource.OPEN) look();
}, lookEvery);
listen();
