// The player and the talk: a word is played from, the spoken word is shown, what was played is told.
import { numberAt, rangeOf, wordsOf } from "./words.js";

const STILL_MS = 2_000;
const MOST_UNTOLD = 6; // the player tells every five seconds
const REST_MS = 3_000;

export class Sound {
  #player = null;
  #turn = null;
  #number = -1;
  #played = [];
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
  seekTo(ms) { this.#player?.seekTo(ms); }
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

  #heard(stretch) {
    this.#played.push(stretch);
    if (this.#played.length >= MOST_UNTOLD) this.#tell();
    else if (!this.isPlaying) this.#tellSoon();
  }

  #tellSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.isPlaying) this.#tell();
    }, STILL_MS);
  }

  // Which words were heard by that, the server says, here as for whoever only listens.
  #tell() {
    const stretches = this.#played.splice(0).map(({ startMs, endMs }) => ({ start_ms: startMs, end_ms: endMs }));
    if (stretches.length && this.desk.isEditable) this.desk.saving.send("heard", { stretches }, { isQuiet: true });
  }
}

function isSeen(turn) {
  const { top, bottom } = turn.getBoundingClientRect();
  return bottom > 0 && top < innerHeight - 120;
}

