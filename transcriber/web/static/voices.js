// Clips of voices play in the player of the page; without this they open in the browser's own.
import { Player } from "./player.js";

const player = new Player();
const clips = [...document.querySelectorAll("[data-from]")];
let playing = null;

function show(clip) {
  playing = clip;
  for (const each of clips) each.setAttribute("aria-pressed", String(each === clip));
}

for (const clip of clips) {
  clip.setAttribute("role", "button");
  const press = (event) => {
    event.preventDefault();
    if (playing === clip && player.isPlaying) return player.pause();
    show(clip);
    return player.play(Number(clip.dataset.from), Number(clip.dataset.to));
  };
  clip.addEventListener("click", press);
  clip.addEventListener("keydown", (event) => {
    if (event.key === " ") press(event); // a link knows Enter only
  });
}
player.addEventListener("state", ({ detail: isPlaying }) => {
  if (!isPlaying) show(null);
});
show(null);
