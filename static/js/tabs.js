// The current one of a row of tabs that is wider than the screen is brought into sight.
document.querySelectorAll('.tabs [aria-current]').forEach((tab) => {
  const row = tab.closest('.tabs');
  row.scrollLeft += Math.max(0, tab.getBoundingClientRect().right - row.getBoundingClientRect().right);
});
