// Plays from the turn whose time is pressed, and shows which turns were heard.
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
