// What was really played: merged stretches of time. Told to others by the player as `heard`.
const OVERLAP_MS = 5000; // what is told again, so that no word between two stretches is lost
const TOLERANCE_MS = 400; // by which time may run ahead of the clock before it counts as a jump

export const FASTEST = 2;

export class HeardLog {
  #stretches = []; // [start, end], in order, apart
  #lastMs = null;
  #lastWall = 0;
  #open = null; // the stretch that is being played
  #told = null;

  get stretches() {
    return this.#stretches.map(([startMs, endMs]) => ({ startMs, endMs }));
  }

  // Time moved on to `nowMs` by itself, or so it seems. `counts` says whether it could be heard.
  advance(nowMs, rate, counts, wall = performance.now()) {
    const last = this.#lastMs;
    const passed = (wall - this.#lastWall) * rate + TOLERANCE_MS;
    this.#lastMs = nowMs;
    this.#lastWall = wall;
    if (last === null || !counts) return;
    const moved = nowMs - last;
    if (moved <= 0 || moved > passed) {
      this.#open = null; // somebody jumped: only what lies before was heard
      return;
    }
    if (!this.#open || this.#open[1] !== last) this.#open = [last, last];
    this.#open[1] = nowMs;
    this.#add(last, nowMs);
  }

  // From here on time goes on from somewhere else, or not at all.
  stop() {
    this.#lastMs = null;
    this.#open = null;
  }

  // What is new since the last time, and a little before it; null when nothing is.
  news() {
    const latest = this.#latest;
    if (!latest) return null;
    const [startMs, endMs] = latest;
    if (this.#told && this.#told.endMs === endMs && this.#told.startMs === startMs) return null;
    const goesOn = this.#told && this.#told.startMs === startMs;
    const from = goesOn ? Math.max(startMs, this.#told.endMs - OVERLAP_MS) : startMs;
    this.#told = { startMs, endMs };
    return { startMs: Math.round(from), endMs: Math.round(endMs) };
  }

  #latest = null;

  #add(startMs, endMs) {
    const kept = [];
    let merged = [startMs, endMs];
    for (const stretch of this.#stretches) {
      if (stretch[1] < merged[0] || stretch[0] > merged[1]) kept.push(stretch);
      else merged = [Math.min(stretch[0], merged[0]), Math.max(stretch[1], merged[1])];
    }
    kept.push(merged);
    kept.sort((one, other) => one[0] - other[0]);
    this.#stretches = kept;
    this.#latest = merged;
  }
}
