// The player of a page that has one; other modules get the same by `new Player()`.
import { Player } from "./player.js";

if (document.getElementById("sound")) new Player();
