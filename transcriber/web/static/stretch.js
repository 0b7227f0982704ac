// A stretch that is heard and worked on: one key plays it, arrows go from word to word.
import { Player } from "./player.js";

const stretch = document.querySelector("#stretch");
const BACK_MS = 3_000;

function isTyping(target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
    || (target instanceof HTMLInputElement && target.type !== "checkbox");
}

if (stretch && document.querySelector("#sound")) {
  const player = new Player();
  const [from, to] = [Number(stretch.dataset.from), Number(stretch.dataset.to)];
  const button = document.querySelector("#play-stretch");
  const isInside = () => player.nowMs >= from && player.nowMs < to;
  const acts = {
    p: () => (player.isPlaying ? player.pause() : player.play(isInside() ? player.nowMs : from, to)),
    b: () => {
      const at = Math.max(from, player.nowMs - BACK_MS);
      return player.isPlaying ? player.play(at, to) : player.seekTo(at);
    },
    l: () => (player.loops ? player.loop() : player.loop(from, to)),
  };
  button.addEventListener("click", acts.p);
  player.ready.then(() => {
    if (!player.isPlaying) player.seekTo(from);
  });
  document.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

const form = document.querySelector("form[data-words]");
if (form) {
  const words = [...form.querySelectorAll("input[name=word]")];
  const go = (number) => {
    const wanted = words[Math.min(Math.max(number, 0), words.length - 1)];
    for (const word of words) word.tabIndex = word === wanted ? 0 : -1;
    wanted?.focus();
  };
  // One stop of the Tab key for all words; arrows move within.
  words.forEach((word, number) => {
    word.tabIndex = number ? -1 : 0;
  });
  form.addEventListener("keydown", (event) => {
    const at = words.indexOf(event.target);
    if (at < 0) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      go(at + step);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      go(event.key === "Home" ? 0 : words.length - 1);
    }
  });
}
