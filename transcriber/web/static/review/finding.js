// Find and replace: over the words as heard, with counts before anything is changed.
import { corrections, rangeOf, wordsOf, numberAt } from "./words.js";

const MOST = 5_000;
const AT_ONCE = 500; // edits of one step
const TIME = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$/; // 7:30 or 1:02:30, as the page writes times

export class Finding {
  #found = [];
  #at = -1;
  #drawing = globalThis.Highlight ? new Highlight() : null;
  #timer = null;

  constructor(desk) {
    this.desk = desk;
    this.form = document.getElementById("find");
    if (this.#drawing) CSS.highlights.set("found", this.#drawing);
    this.form.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.seek(), 150);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#timer) this.seek(); // Enter came before the pause after the last letter
      this.step(1);
    });
    this.form.addEventListener("click", (event) => {
      const what = event.target.closest("[data-find]")?.dataset.find;
      if (what === "close") this.close();
      else if (what === "one") this.replace([this.#found[Math.max(this.#at, 0)]].filter(Boolean));
      else if (what === "all") this.replace(this.#found);
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  open() {
    this.form.hidden = false;
    this.field("what").focus();
    this.field("what").select();
    this.seek();
  }

  close() {
    this.form.hidden = true;
    this.#drawing?.clear();
    const { turn, turns } = this.desk;
    (turn ?? turns.all[0])?.focus({ preventScroll: true }); // the next key is for the page again
  }

  field(name) { return document.getElementById(`find-${name}`); }

  seek() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const what = this.field("what").value.trim();
    this.#found = [];
    this.#at = -1;
    this.#drawing?.clear();
    if (what) {
      const source = what.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
      const edges = this.field("whole").checked ? ["(?<![\\p{L}\\p{N}])", "(?![\\p{L}\\p{N}])"] : ["", ""];
      const pattern = new RegExp(edges[0] + source + edges[1], this.field("case").checked ? "gu" : "giu");
      for (const turn of this.desk.turns.all) {
        const words = wordsOf(turn);
        for (const match of words.text.matchAll(pattern)) {
          const first = numberAt(words.offsets, match.index);
          const last = numberAt(words.offsets, match.index + match[0].length - 1);
          this.#found.push({ turn, first, last, from: match.index - words.offsets[first], length: match[0].length });
          if (this.#found.length >= MOST) break;
        }
      }
    }
    for (const { turn, first, last } of this.#found.slice(0, 400)) this.#drawing?.add(rangeOf(turn, first, last));
    this.#tell();
  }

  // What is written as a time and stands nowhere in the talk is a place to go to, null otherwise.
  get #ms() {
    const time = this.#found.length ? null : TIME.exec(this.field("what").value.trim());
    return time && ((Number(time[1] ?? 0) * 60 + Number(time[2])) * 60 + Number(time[3])) * 1_000;
  }

  step(by) {
    const ms = this.#ms;
    if (ms !== null) {
      const turn = this.desk.turns.at(ms);
      if (turn) this.desk.show(turn);
      this.desk.sound.seekTo(ms);
    }
    if (!this.#found.length) return;
    this.#at = (this.#at + by + this.#found.length) % this.#found.length;
    const { turn, first, last } = this.#found[this.#at];
    this.desk.chosen.choose(turn, first, last);
    this.desk.show(turn);
    this.#tell();
  }

  replace(found) {
    const put = this.field("with").value.trim();
    const edits = [];
    for (const [turn, matches] of Map.groupBy(found, (match) => match.turn)) {
      const words = wordsOf(turn);
      const done = new Set();
      for (const { first, last, from, length } of matches) {
        if (done.has(first)) continue; // found twice in one word: the first of them
        for (let n = first; n <= last; n += 1) done.add(n);
        const before = words.texts.slice(first, last + 1);
        const text = before.join(" ");
        const now = corrections(before, text.slice(0, from) + put + text.slice(from + length));
        now.forEach((word, n) => {
          if (word !== before[n]) edits.push([words.ids[first + n], word]);
        });
      }
    }
    for (let n = 0; n < edits.length; n += AT_ONCE) this.desk.correct(edits.slice(n, n + AT_ONCE));
    this.desk.tell(`${counted(found.length, "place", "places")} changed.`);
    this.#found = [];
    this.#drawing?.clear();
    this.#tell();
  }

  #tell() {
    const turns = new Set(this.#found.map(({ turn }) => turn)).size;
    const place = this.#at >= 0 ? `${this.#at + 1} of ` : "";
    const count = this.#found.length;
    const what = this.field("what").value.trim();
    if (this.#ms !== null) document.getElementById("find-count").textContent = `Next goes to ${what}`;
    else document.getElementById("find-count").textContent = what
      ? `${place}${counted(count, "place", "places")} in ${counted(turns, "turn", "turns")}`
      : "";
  }
}

const counted = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
