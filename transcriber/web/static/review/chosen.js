// The words that somebody has chosen, by mouse or by arrow keys, and the turn that they are in.
import { rangeOf, wordAt, wordsOf, turnOf } from "./words.js";

export class Chosen extends EventTarget {
  #turn = null;
  #anchor = 0;
  #head = 0;
  #isSome = false;
  #drawing = globalThis.Highlight ? new Highlight() : null;

  constructor(list) {
    super();
    this.list = list;
    if (this.#drawing) CSS.highlights.set("chosen", this.#drawing);
    document.addEventListener("mouseup", () => setTimeout(() => this.#fromSelection()));
  }

  get turn() { return this.#turn?.isConnected ? this.#turn : null; }
  get isSome() { return this.#isSome && Boolean(this.turn); }
  get first() { return Math.min(this.#anchor, this.#head); }
  get last() { return Math.max(this.#anchor, this.#head); }
  get ids() {
    const { ids } = wordsOf(this.turn);
    return [ids[this.first], ids[this.last]];
  }
  get texts() { return wordsOf(this.turn).texts.slice(this.first, this.last + 1); }
  // Whether the machine struck any of them as its own invention.
  get isStruck() {
    const { range } = this;
    return [...this.turn.querySelectorAll(".struck")].some((piece) => range.intersectsNode(piece));
  }
  get range() { return rangeOf(this.turn, this.first, this.last); }

  // A place to go on from, with nothing chosen.
  at(turn, number = 0) {
    this.#turn = turn;
    this.#anchor = this.#head = number;
    this.#set(false);
  }

  choose(turn, first, last) {
    this.#turn = turn;
    [this.#anchor, this.#head] = [first, last];
    this.#set(true);
  }

  clear() {
    if (this.#isSome) this.#set(false);
  }

  move(by, isMore) {
    if (!this.turn) return;
    const count = wordsOf(this.turn).ids.length;
    const was = this.#isSome;
    const to = was ? this.#head + by : this.#head;
    this.#head = Math.max(0, Math.min(count - 1, to));
    if (!isMore || !was) this.#anchor = this.#head;
    this.#set(true);
  }

  // The same words after their turn was put in again.
  restore(turn) {
    this.#turn = turn;
    const count = wordsOf(turn).ids.length;
    [this.#anchor, this.#head] = [Math.min(this.#anchor, count - 1), Math.min(this.#head, count - 1)];
    this.#draw();
  }

  #fromSelection() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const turn = turnOf(range.startContainer);
    if (!turn || !this.list.contains(turn)) return;
    const words = wordsOf(turn);
    const first = wordAt(turn, range.startContainer, range.startOffset);
    const isHere = turnOf(range.endContainer) === turn;
    const last = isHere ? wordAt(turn, range.endContainer, Math.max(range.endOffset - 1, 0)) : words.ids.length - 1;
    if (first === null || last === null) return;
    selection.removeAllRanges();
    this.choose(turn, first, Math.max(first, last));
  }

  #set(isSome) {
    const isSame = !isSome && !this.#isSome;
    this.#isSome = isSome;
    if (isSame) return;
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  #draw() {
    this.#drawing?.clear();
    if (this.isSome) this.#drawing?.add(this.range);
  }
}
