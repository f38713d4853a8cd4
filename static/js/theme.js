// Runs in the head, before the first paint: marks that scripts run and applies
// the theme that this browser chose, so that no page flashes in the other one.
document.documentElement.classList.add('js');
try {
  const theme = localStorage.getItem('data-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the theme of the system applies.
}
