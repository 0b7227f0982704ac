// The question at the word: what is marked or chosen, what leaves for it, and what can be done.
import { whatLeaves, wasSaid } from "./marks.js";
import { turnOf } from "./words.js";

const OF_A_MARK = [
  ["accept", "Take out", "a"],
  ["reject", "Leave", "r"],
  ["acceptAll", "Take all out", "A"],
  ["rejectAll", "Leave all", "R"],
  ["type", "Change", "t"],
  ["never", "Never take out", "x"],
  ["loop", "Listen", "l"],
];
const OF_ALIKES = [
  ["alike", "Go through them", "s"],
  ["acceptAlikes", "Take them out", "S"],
  ["acceptStudy", "All in the study", "g"],
];
const OF_WORDS = [
  ["mark", "Mark as identifier", "m"],
  ["who", "Who speaks", "w"],
  ["note", "Note", "o"],
  ["withhold", "Take passage out", "d"],
  ["restore", "It was said", "i"],
  ["play", "Play", "Space"],
];
const HEAD = 60; // the line that stays at the top
const STATES = { proposed: "to decide", accepted: "is taken out", rejected: "stays as said", added: "marked by a person" };

export class Ask {
  #line;
  #alikes;
  #acts = new Map();

  constructor(desk) {
    this.desk = desk;
    this.bar = document.getElementById("ask");
    this.#line = Object.assign(document.createElement("p"), { className: "asked" });
    this.bar.append(this.#line);
    for (const [name, list] of [["mark", OF_A_MARK], ["words", OF_WORDS], ["alikes", OF_ALIKES]]) {
      const row = Object.assign(document.createElement("div"), { className: "row" });
      for (const [act, told, key] of list) row.append(button(act, told, key, desk.isEditable));
      this.#acts.set(name, row);
      this.bar.append(row);
    }
    this.#alikes = document.createElement("span");
    this.#acts.get("alikes").prepend(this.#alikes);
    this.bar.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) {
        event.stopPropagation();
        desk.act(act);
      }
    });
  }

  // Stands under the mark or the words that somebody is at, or goes away.
  show() {
    const { marks, chosen } = this.desk;
    const mark = marks.here;
    if (chosen.isSome) {
      this.#line.textContent = `“${chosen.texts.slice(0, 12).join(" ")}” ${count(chosen.texts.length)}`;
      this.#stand("words", chosen.turn, chosen.range);
    } else if (mark) {
      this.#line.textContent = this.told(mark);
      this.#stand("mark", turnOf(mark), mark);
    } else {
      this.hide();
    }
  }

  hide() {
    this.bar.hidden = true;
  }

  // Where the window is small, buttons would stand behind the sound.
  bring() {
    const sound = document.getElementById("sound") ?? document.querySelector(".sound-zone");
    const covered = this.bar.getBoundingClientRect().bottom - sound.getBoundingClientRect().top;
    const above = this.bar.parentElement.getBoundingClientRect().top - HEAD;
    if (covered > 0 && above > 0) scrollBy(0, Math.min(covered, above));
  }

  told(mark) {
    const state = Object.keys(STATES).find((name) => mark.classList.contains(name));
    const out = whatLeaves(mark);
    const leaves = out ? `leaves as ${out}` : "leaves as said";
    const parts = [`${wasSaid(mark)}: ${this.desk.types[mark.dataset.type]}`, leaves, STATES[state]];
    if (mark.classList.contains("sound-like")) parts.push("only sounds like it");
    return parts.join(", ");
  }

  #stand(name, turn, place) {
    for (const [each, row] of this.#acts) row.hidden = each !== name;
    if (name === "words") {
      this.#acts.get(name).querySelector("[data-act=restore]").hidden = !this.desk.isEditable || !this.desk.chosen.isStruck;
    }
    const alikes = name === "mark" ? this.desk.alikes.told(this.desk.marks.here) : "";
    this.#alikes.textContent = alikes;
    this.#acts.get("alikes").hidden = !alikes;
    if (this.bar.parentElement !== turn) turn.append(this.bar);
    this.bar.hidden = false;
    const lines = place.getClientRects();
    const [box, around] = [lines[lines.length - 1], turn.getBoundingClientRect()];
    if (!box) return;
    const left = Math.max(0, Math.min(box.left - around.left, around.width - this.bar.offsetWidth));
    this.bar.style.setProperty("--top", `${Math.round(box.bottom - around.top + 6)}px`);
    this.bar.style.setProperty("--left", `${Math.round(left)}px`);
  }
}

function button(act, told, key, isEditable) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button small" });
  made.dataset.act = act;
  const cap = document.createElement("kbd");
  cap.textContent = /^[A-Z]$/.test(key) ? `⇧${key.toLowerCase()}` : key;
  made.append(told, " ", cap);
  made.setAttribute("aria-keyshortcuts", /^[A-Z]$/.test(key) ? `Shift+${key}` : key);
  made.hidden = !isEditable && act !== "loop" && act !== "play";
  return made;
}

const count = (number) => (number === 1 ? "1 word" : `${number} words`);
