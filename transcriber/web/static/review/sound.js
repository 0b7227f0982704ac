// The player and the talk: a word is played from, the spoken word is shown, what was played is told.
import { numberAt, rangeOf, wordsOf } from "./words.js";

const EDGE_MS = 60; // a word may be cut by so much and was heard
const STILL_MS = 2_000;
const LONGEST_MS = 30_000;
const REST_MS = 3_000;

export class Sound {
  #player = null;
  #turn = null;
  #number = -1;
  #stretch = null;
  #timer = null;
  #lanes = null;
  #drawing = globalThis.Highlight ? new Highlight() : null;

  constructor(desk) {
    this.desk = desk;
    if (this.#drawing) CSS.highlights.set("spoken", this.#drawing);
    this.ready = this.#begin();
  }

  async #begin() {
    if (!document.getElementById("sound")) return;
    const { Player } = await import("../player.js");
    const player = new Player();
    this.#player = player;
    player.addEventListener("time", () => this.#follow());
    player.addEventListener("heard", ({ detail }) => this.#heard(detail));
    player.addEventListener("state", ({ detail: isPlaying }) => {
      if (!isPlaying) this.#tellSoon();
    });
    player.addEventListener("seek", () => {
      const turn = this.desk.turns.at(player.nowMs);
      if (turn) this.desk.show(turn);
    });
    addEventListener("pagehide", () => this.#tell());
  }

  get isThere() { return this.#player !== null; }
  get isPlaying() { return Boolean(this.#player?.isPlaying); }
  toggle() { this.#player?.toggle(); }
  pause() { this.#player?.pause(); }
  back() { this.#player?.back(3_000); }
  playFrom(turn, number) { this.#player?.play(wordsOf(turn).starts[number]); }
  faster(by) {
    if (this.#player) this.#player.setSpeed(Math.round((this.#player.speed + by) * 4) / 4);
  }

  // Lanes are drawn anew once nobody decides any more for a moment.
  refresh() {
    clearTimeout(this.#lanes);
    this.#lanes = setTimeout(() => this.#player?.refresh(), REST_MS);
  }

  loop(turn, first, last) {
    const { starts, ends } = wordsOf(turn);
    if (this.#player?.loops && this.isPlaying) this.#player.loop();
    else this.#player?.loop(starts[first], Math.max(...ends.slice(first, last + 1)));
  }

  #follow() {
    const ms = this.#player.nowMs;
    const turn = this.desk.turns.at(ms);
    if (!turn) return;
    const { starts, ends } = wordsOf(turn);
    const number = numberAt(starts, ms);
    if (turn === this.#turn && number === this.#number) return;
    if (turn !== this.#turn) {
      const was = this.#turn;
      was?.classList.remove("now");
      if (this.isPlaying) turn.classList.add("now");
      if (this.isPlaying && was?.isConnected && isSeen(was) && !isSeen(turn)) this.desk.bring(turn);
    }
    [this.#turn, this.#number] = [turn, number];
    this.#drawing?.clear();
    if (this.isPlaying && ms < ends[number] + 400) this.#drawing?.add(rangeOf(turn, number, number));
  }

  // One stretch goes on, also as long as no word; what was jumped over was not heard.
  #heard({ startMs, endMs }) {
    const stretch = this.#stretch;
    if (stretch && startMs <= stretch.endMs + EDGE_MS && startMs >= stretch.startMs) {
      stretch.endMs = Math.max(stretch.endMs, endMs);
    } else {
      this.#tell();
      this.#stretch = { startMs, endMs, told: -1 };
    }
    if (this.#stretch.endMs - Math.max(this.#stretch.told, this.#stretch.startMs) > LONGEST_MS) this.#tell(true);
    else if (!this.isPlaying) this.#tellSoon();
  }

  #tellSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.isPlaying) this.#tell();
    }, STILL_MS);
  }

  // Words that were played whole, from the first to the last of them without a break.
  #tell(goesOn = false) {
    const stretch = this.#stretch;
    if (!stretch) return;
    if (!goesOn) this.#stretch = null;
    const edits = [];
    let run = null;
    const from = stretch.told < 0 ? stretch.startMs : stretch.told;
    for (let turn = this.desk.turns.at(from); turn; turn = turn.nextElementSibling ?? turn.parentElement.nextElementSibling?.firstElementChild) {
      const { ids, starts, ends } = wordsOf(turn);
      if (starts[0] > stretch.endMs) break;
      for (let n = 0; n < ids.length; n += 1) {
        const isWhole = starts[n] >= from - EDGE_MS && ends[n] <= stretch.endMs + EDGE_MS;
        if (isWhole && run) run.last = ids[n];
        else if (isWhole) edits.push((run = { kind: "heard", first: ids[n], last: ids[n] }));
        else run = null;
        if (isWhole) stretch.told = Math.max(stretch.told, ends[n]);
      }
    }
    if (this.desk.isEditable) this.desk.saving.decide(edits, { isQuiet: true });
  }
}

function isSeen(turn) {
  const { top, bottom } = turn.getBoundingClientRect();
  return bottom > 0 && top < innerHeight - 120;
}

