// The marks in the talk, and the one that somebody is at.
export class Marks extends EventTarget {
  #known = null;
  #here = null;

  constructor(list) {
    super();
    this.list = list;
  }

  get all() {
    this.#known ??= [...this.list.querySelectorAll("mark[data-first]:not([data-on])")];
    return this.#known;
  }
  get here() { return this.#here?.isConnected ? this.#here : null; }

  of(entity) { return this.all.filter((mark) => mark.dataset.e === entity); }
  changed() { this.#known = null; }
  at(first) { return this.list.querySelector(`mark[data-first="${CSS.escape(first)}"]:not([data-on])`); }

  next(by, fits = () => true, from = null) {
    const { all } = this;
    const here = this.here;
    const count = all.length;
    let place = here ? all.indexOf(here) : this.#placeOf(from, by);
    for (let n = 0; n < count; n += 1) {
      place = (place + by + count) % count;
      if (fits(all[place])) return all[place];
    }
    return null;
  }

  #placeOf(turn, by) {
    if (!turn) return by > 0 ? -1 : 0;
    const place = this.all.findIndex(
      (mark) => turn.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    if (place < 0) return by > 0 ? -1 : 0;
    return by > 0 ? place - 1 : place;
  }

  go(mark) {
    const old = this.here;
    if (old && old !== mark) old.classList.remove("here");
    this.#here = mark;
    mark?.classList.add("here");
    this.dispatchEvent(new Event("here"));
  }
}

const STATES = ["proposed", "accepted", "rejected", "added"];

// Shows a decision before it is kept.
export function judge(mark, state) {
  mark.classList.remove(...STATES);
  mark.classList.add(state);
}

export const isUndecided = (mark) => mark.classList.contains("proposed");
export const wasSaid = (mark) => mark.querySelector(".was").textContent;
export const whatLeaves = (mark) => (mark.classList.contains("rejected") ? "" : mark.querySelector(".out").textContent);
