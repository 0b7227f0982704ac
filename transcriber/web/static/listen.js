// Plays from the turn whose time is pressed, and shows which turns were heard. Space plays and stops,
// B goes back three seconds, wherever no field or button is in use.
import { heardTurns } from "./listening.js";
import { Player } from "./player.js";

const player = new Player();

document.querySelector(".listened").addEventListener("click", (event) => {
  const button = event.target.closest("[data-from]");
  if (button) player.play(Number(button.dataset.from));
});
player.addEventListener("heard", () => {
  for (const id of heardTurns(player.lanes.turns, player.heard)) {
    document.getElementById(`turn-${id}`)?.classList.add("heard");
  }
});
document.addEventListener("keydown", (event) => {
  const isMeant = event.target.closest("button, a, input, select, textarea, summary, audio");
  if (isMeant || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " ") player.toggle();
  else if (event.key === "b") player.back();
  else return;
  event.preventDefault();
});
