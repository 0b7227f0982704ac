// Correcting the words of a turn in its place. Times stay with the words: their number never changes.
import { corrections, numberAt, wordsOf } from "./words.js";

const HINT = "Each word keeps its time. In place of a word that you leave out stands a dash; one that you add joins the word before. Ctrl+Space plays from the word that you are at, Ctrl+, goes back 3 seconds. Enter saves, Esc leaves it.";

export class Editing {
  #turn = null;
  #form = null;

  constructor(desk) {
    this.desk = desk;
  }

  get isOpen() { return this.#turn !== null; }

  open(turn) {
    if (this.isOpen || !turn) return;
    const words = wordsOf(turn);
    this.#turn = turn;
    this.desk.pause();
    const form = Object.assign(document.createElement("form"), { className: "correct" });
    const hint = Object.assign(document.createElement("p"), { className: "hint", id: "correct-hint", textContent: HINT });
    const box = document.createElement("textarea");
    box.value = words.text.replace(/ {2,}/g, " ").trim();
    box.setAttribute("aria-label", "Words of this turn");
    box.setAttribute("aria-describedby", hint.id);
    box.rows = Math.max(2, Math.ceil(words.text.length / 56));
    const row = Object.assign(document.createElement("div"), { className: "row" });
    const save = Object.assign(document.createElement("button"), { className: "button small first", textContent: "Save words" });
    const leave = Object.assign(document.createElement("button"), { className: "button small", type: "button", textContent: "Leave it" });
    row.append(save, leave);
    form.append(box, hint, row);
    turn.querySelector(".said").hidden = true;
    turn.querySelector(".said").after(form);
    this.#form = form;
    box.focus();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save(box.value);
    });
    leave.addEventListener("click", () => this.close());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") {
        event.stopPropagation();
        this.close();
      } else if (event.ctrlKey && (event.key === " " || event.key === ",")) {
        event.preventDefault();
        if (event.key === ",") this.desk.sound.back();
        else this.#hear(box);
      }
    });
  }

  // What is typed may differ from the words that have times: a place is as far on in both.
  #hear({ value, selectionStart }) {
    const { sound } = this.desk;
    if (sound.isPlaying) return sound.pause();
    const { offsets } = wordsOf(this.#turn);
    return sound.playFrom(this.#turn, value.length > selectionStart ? numberAt(offsets, selectionStart) : 0);
  }

  close() {
    if (!this.isOpen) return;
    const turn = this.#turn;
    this.#form.remove();
    turn.querySelector(".said").hidden = false;
    this.#turn = this.#form = null;
    if (turn.isConnected) turn.focus({ preventScroll: true });
  }

  #save(text) {
    const turn = this.#turn;
    const words = wordsOf(turn);
    const now = corrections(words.texts, text);
    this.close();
    this.desk.correct(words.ids.flatMap((id, n) => (now[n] === words.texts[n] ? [] : [[id, now[n]]])), turn, now.filter(Boolean).join(" "));
  }
}
