// What only sounds like the name of a mark: offered together where somebody is at one of its mentions.
import { isUndecided } from "./marks.js";

export class Alikes {
  #elsewhere = new Map(); // in words, by entity: where else in the study there are some

  constructor(desk) {
    this.desk = desk;
  }

  of(mark) {
    return this.desk.marks.of(mark.dataset.e).filter((each) => each.classList.contains("sound-like") && isUndecided(each));
  }

  // What is offered beside a mark, empty where nothing is.
  told(mark) {
    const others = this.of(mark).filter((each) => each !== mark).length;
    const elsewhere = this.#elsewhere.get(mark.dataset.e) ?? "";
    if (!others && !elsewhere) return "";
    const here = others ? `${others} more here` : "";
    return `Only sounds like it: ${[here, elsewhere].filter(Boolean).join(", ")}.`;
  }

  // The machine has looked for a name that somebody marked: what is there in the other recordings?
  async look() {
    const mark = this.desk.marks.here;
    if (!mark?.classList.contains("added")) return;
    const { e: key } = mark.dataset;
    try {
      const answer = await fetch(`${this.desk.root.dataset.at}/alikes?key=${key}`, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      this.#elsewhere.set(key, (await answer.json()).told);
    } catch {
      return; // they are marked there all the same, and stand on the page of names
    }
    if (this.desk.marks.here?.dataset.e === key) {
      this.desk.ask.show();
      this.desk.tell(this.told(this.desk.marks.here));
    }
  }
}
