// A recording and its transcript: [data-seek="12.5"] plays [data-player] from there, and the passage that is heard is marked.

const player = document.querySelector('[data-player]');

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-seek]');
  if (!button || !player) return;
  player.currentTime = Number(button.dataset.seek);
  player.play()?.catch(() => {}); // a browser may want a click on the player itself first
});

player?.addEventListener('timeupdate', () => {
  document.querySelectorAll('.cues > [data-from]').forEach((cue) => {
    const heard = player.currentTime >= Number(cue.dataset.from) && player.currentTime < Number(cue.dataset.to);
    cue.classList.toggle('now', heard);
  });
});
