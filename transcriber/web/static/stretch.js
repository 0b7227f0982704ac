// A stretch that is heard and worked on: one key plays it, arrows go from word to word.

const sound = document.querySelector("#stretch-sound");
const BACK_S = 3;

function isTyping(target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
    || (target instanceof HTMLInputElement && target.type !== "checkbox");
}

if (sound) {
  const from = Number(sound.dataset.from);
  const to = Number(sound.dataset.to);
  sound.addEventListener("play", () => {
    if (sound.currentTime < from - 0.5 || sound.currentTime >= to) sound.currentTime = from;
  });
  sound.addEventListener("timeupdate", () => {
    if (sound.currentTime >= to && !sound.paused) sound.pause();
  });
  document.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "p") {
      event.preventDefault();
      if (sound.paused) sound.play().catch(() => {});
      else sound.pause();
    } else if (event.key === "b") {
      event.preventDefault();
      sound.currentTime = Math.max(from, sound.currentTime - BACK_S);
    }
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
