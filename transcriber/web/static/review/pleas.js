// Where somebody asks that something stay out, and what may repeat what was withdrawn: shown beside
// the talk until it is dealt with.
import { wordsOf } from "./words.js";
import { parsed } from "./turns.js";

const REST_MS = 2_000; // after the last change, so that nobody waits for it

export class Pleas {
  #timer = null;

  constructor(desk) {
    this.desk = desk;
    this.place = document.getElementById("pleas");
    this.place.addEventListener("click", (event) => {
      const asked = event.target.closest("[data-first]");
      if (!asked) return;
      event.preventDefault();
      const { first, last, why } = asked.dataset;
      if (last) desk.withhold([first, last], why);
      else this.#go(first);
    });
    this.place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#leave(event.target);
    });
  }

  #go(first) {
    const turn = this.desk.turns.holding(first);
    if (!turn) return;
    this.desk.chosen.at(turn, Math.max(wordsOf(turn).ids.indexOf(first), 0));
    this.desk.show(turn);
  }

  // Looks again once nothing is changed any more for a moment.
  look() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), REST_MS);
  }

  // Says that an echo may stay, without leaving the talk.
  async #leave(form) {
    try {
      const answer = await fetch(form.action, { method: "post", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(String(answer.status));
      await this.#ask();
      this.place.focus();
    } catch {
      form.submit(); // the page of all echoes says what is wrong
    }
  }

  async #ask() {
    try {
      const answer = await fetch(`${this.desk.root.dataset.at}/pleas`, { headers: { accept: "text/html" } });
      if (answer.ok && !answer.redirected) this.place.replaceChildren(parsed(await answer.text()));
    } catch {
      // They stand on the page for signing as well, which asks for each of them.
    }
  }
}
