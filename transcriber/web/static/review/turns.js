// The list of turns: the rest of them comes in chunks, with pauses for whatever else is to be done,
// and those that differ are put in again.
import { numberAt, startOf, turnWith, wordsOf } from "./words.js";

const END = "</ol>"; // of a chunk: turns hold no list
const SLICE_MS = 8; // of work in one go: half a frame, so that no key waits

export class Turns extends EventTarget {
  #starts = null;

  constructor(root) {
    super();
    this.root = root;
    this.list = root.querySelector("#turns");
    this.isWhole = Number(root.dataset.end) >= Number(root.dataset.count);
  }

  get all() { return this.list.getElementsByClassName("turn"); }

  // The turn that is being said at a moment.
  at(ms) {
    this.#starts ??= Array.from(this.all, startOf);
    return this.all[numberAt(this.#starts, ms)] ?? null;
  }

  // The turn that a word stands in.
  holding(id) {
    return turnWith(id) ?? Array.from(this.all).find((turn) => wordsOf(turn).ids.includes(id)) ?? null;
  }

  async loadRest() {
    if (this.isWhole) return;
    const line = document.getElementById("loading");
    line.hidden = false;
    await this.#load(Number(this.root.dataset.end), false);
    line.hidden = true;
  }

  async loadAll() {
    await this.#load(0, true);
  }

  async #load(from, isAnew) {
    for (;;) {
      try {
        const answer = await fetch(`${this.root.dataset.at}/turns?from=${from}`, { headers: { accept: "text/html" } });
        if (!answer.ok) throw new Error("no turns");
        await this.#add(answer, isAnew);
        this.isWhole = true;
        this.#changed();
        this.dispatchEvent(new CustomEvent("whole", { detail: Number(answer.headers.get("x-events")) }));
        return;
      } catch {
        // What came already is not asked for again.
        if (!isAnew) from = this.all.length;
        await new Promise((done) => setTimeout(done, 2_000));
      }
    }
  }

  async #add(answer, isAnew) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const anew = isAnew ? [] : null;
    let text = "";
    let until = 0;
    for (;;) {
      const { value, done } = await reader.read();
      text += value ?? "";
      for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END)) {
        const made = parsed(text.slice(0, end + END.length));
        text = text.slice(end + END.length);
        if (anew) anew.push(made);
        else {
          if (performance.now() > until) {
            await new Promise((done) => setTimeout(done));
            until = performance.now() + SLICE_MS;
          }
          this.list.append(made);
        }
      }
      if (done) break;
    }
    if (anew) this.list.replaceChildren(...anew);
  }

  // Puts in what a decision, or somebody else's, has changed.
  put({ turns, gone }) {
    for (const id of gone) turnWith(id)?.remove();
    for (const { id, after, html } of turns) {
      const made = parsed(html).firstElementChild;
      const old = turnWith(id);
      const before = after && turnWith(after);
      if (old) old.replaceWith(made);
      else if (before) before.after(made);
      else if (!after) this.list.firstElementChild.prepend(made);
    }
    if (gone.length || turns.length) this.#changed();
  }

  #changed() {
    this.#starts = null;
  }

  // The turn `by` places further on.
  beside(turn, by) {
    const all = [...this.all];
    return all[all.indexOf(turn) + by] ?? null;
  }

  // The next turn, from one on, that fits; around the end to the beginning.
  next(from, fits) {
    const all = [...this.all];
    const start = from ? all.indexOf(from) : -1;
    return all.find((turn, n) => n > start && fits(turn)) ?? all.find(fits) ?? null;
  }
}

export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
