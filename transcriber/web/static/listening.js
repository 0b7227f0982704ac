// Leads through the sound until all of it was heard: from the first unheard turn on, over what was
// heard before, or the doubtful parts first.
import { Player } from "./player.js";
import { clock } from "./sound_controls.js";
import { fetchJson } from "./sound_data.js";

const JOIN_MS = 5_000; // unheard turns so close to one another are one stretch
const WORTH_MS = 3_000; // a heard part that is shorter is played again
const EDGE_MS = 300; // played before and after a stretch
const NEAR_MS = 150; // a turn may be cut by so much and was heard
const AGAIN_MS = 5_000;

// What is left of turns that were not heard yet, as stretches in order of time.
export function unheard(turns, heard) {
  const stretches = [];
  for (const [start, end, , isHeard] of turns) {
    if (isHeard || isWithin(start, end, heard)) continue;
    const last = stretches.at(-1);
    if (last && start - last.endMs <= JOIN_MS) last.endMs = Math.max(last.endMs, end);
    else stretches.push({ startMs: start, endMs: end });
  }
  return stretches;
}

function isWithin(start, end, heard) {
  return heard.some(({ startMs, endMs }) => startMs - NEAR_MS <= start && end <= endMs + NEAR_MS);
}

// Ids of the turns that were heard in this sitting: those of their first words.
export function heardTurns(turns, heard) {
  return turns.filter(([start, end]) => isWithin(start, end, heard)).map((turn) => turn[4]);
}

// Milliseconds of the turns that were heard, wholly or in part.
export function heardMs(turns, heard) {
  let [sum, place] = [0, 0];
  for (const [start, end, , isHeard] of turns) {
    if (isHeard) {
      sum += end - start;
      continue;
    }
    while (place < heard.length && heard[place].endMs <= start) place += 1;
    for (let n = place; n < heard.length && heard[n].startMs < end; n += 1) {
      sum += Math.max(0, Math.min(end, heard[n].endMs) - Math.max(start, heard[n].startMs));
    }
  }
  return sum;
}

const minutes = (ms) => (ms < 600_000 ? (ms / 60_000).toFixed(1) : Math.round(ms / 60_000).toLocaleString("en-GB"));

class Listening {
  #stretch = null; // what is being listened to, null when somebody plays by themselves
  #now = null;
  #unsaved = [];
  #isSaving = false;
  #doubts = []; // rows of start, end and points

  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.part("start").addEventListener("click", () => this.listen(this.first()));
    this.part("next").addEventListener("click", () => this.listen(this.following()));
    this.part("risky").addEventListener("change", () => this.#onRisky());
    player.addEventListener("heard", ({ detail }) => this.#onHeard(detail));
    player.addEventListener("time", () => this.#onTime());
    player.addEventListener("seek", () => { this.#stretch = null; });
    player.addEventListener("lanes", () => this.show());
    player.addEventListener("state", ({ detail }) => this.#onState(detail));
    player.ready.then(() => {
      this.#list();
      this.show();
    });
  }

  part(name) {
    return this.root.querySelector(`[data-listen=${name}]`);
  }

  get isRisky() {
    return this.part("risky").checked;
  }

  left() {
    const stretches = unheard(this.player.lanes.turns, this.player.heard);
    if (!this.isRisky) return stretches;
    const doubts = this.#doubts;
    const doubt = ({ startMs, endMs }) =>
      Math.max(0, ...doubts.filter(([start, end]) => end > startMs && start < endMs).map((row) => row[2]));
    // What is unheard may be all of it: by its parts, so that the doubtful turn comes first.
    return cut(stretches, doubts)
      .map((part) => ({ ...part, doubt: doubt(part) }))
      .sort((one, other) => other.doubt - one.doubt || one.startMs - other.startMs);
  }

  async #onRisky() {
    if (!this.isRisky || this.#doubts.length) return;
    try {
      this.#doubts = (await fetchJson(this.root.dataset.doubts)).stretches;
    } catch {
      this.part("risky").checked = false;
      this.part("left").textContent = this.root.dataset.sayNodoubts;
    }
  }

  first() {
    return this.left()[0] ?? null;
  }

  // The next one after now, and after the last the first again; of doubtful ones the next in doubt.
  following() {
    const left = this.left();
    if (this.isRisky) {
      const here = left.findIndex(({ startMs, endMs }) => startMs <= this.player.nowMs && this.player.nowMs < endMs);
      return left[here + 1] ?? left[0] ?? null;
    }
    return left.find(({ startMs }) => startMs > this.player.nowMs) ?? left[0] ?? null;
  }

  listen(stretch) {
    this.#stretch = stretch;
    if (!stretch) return this.show();
    const from = Math.max(0, stretch.startMs - EDGE_MS);
    return this.isRisky ? this.player.play(from, stretch.endMs + EDGE_MS) : this.player.play(from);
  }

  show() {
    const { turns } = this.player.lanes;
    const all = turns.reduce((sum, [start, end]) => sum + end - start, 0);
    const done = heardMs(turns, this.player.heard);
    const isAll = this.left().length === 0;
    this.part("heard").textContent = minutes(isAll ? all : done);
    this.part("all").textContent = minutes(all);
    this.part("bar").value = all ? Math.round((100 * (isAll ? all : done)) / all) : 0;
    const { sayDone, sayLeft } = this.root.dataset;
    const told = isAll ? sayDone : sayLeft.replace("{left}", minutes(all - done));
    if (this.part("left").textContent !== told && this.#unsaved.length === 0) this.part("left").textContent = told;
    for (const name of ["start", "next"]) this.part(name).disabled = isAll;
  }

  #list() {
    const without = this.player.lanes.without_words;
    this.part("without").hidden = without.length === 0;
    this.part("count").textContent = String(without.length);
    for (const [start, end] of without) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button small", textContent: `${clock(start)}, ${Math.max(1, Math.round((end - start) / 1000))} s` });
      button.addEventListener("click", () => {
        this.#stretch = null;
        this.player.play(Math.max(0, start - 2 * EDGE_MS), end + 2 * EDGE_MS);
      });
      const item = document.createElement("li");
      item.append(button);
      this.part("stretches").append(item);
    }
  }

  #onHeard(detail) {
    const buttons = this.part("stretches").querySelectorAll("button");
    this.player.lanes.without_words.forEach(([start, end], n) => {
      if (isWithin(start, end, this.player.heard)) buttons[n].dataset.played = "true";
    });
    this.show();
    if (this.root.dataset.heard) {
      this.#unsaved.push(detail);
      this.#save();
    }
  }

  async #save() {
    if (this.#isSaving) return;
    this.#isSaving = true;
    while (this.#unsaved.length) {
      const sent = [...this.#unsaved];
      const stretches = sent.map(({ startMs, endMs }) => ({ start_ms: startMs, end_ms: endMs }));
      if (await this.#send({ stretches })) {
        this.#unsaved = this.#unsaved.slice(sent.length);
      } else {
        this.part("left").textContent = this.root.dataset.sayUnsaved;
        await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
      }
    }
    this.#isSaving = false;
    this.show();
  }

  async #send(body) {
    try {
      const answer = await fetch(this.root.dataset.heard, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        keepalive: document.visibilityState === "hidden", // the page may be on its way out
      });
      return answer.ok;
    } catch {
      return false;
    }
  }

  #onState(isPlaying) {
    const { player } = this;
    const stretch = this.#stretch;
    if (isPlaying || !stretch || !this.isRisky) return;
    if (player.nowMs >= stretch.endMs) this.listen(this.first()); // the next in doubt
  }

  #onTime() {
    const { player } = this;
    this.#passOver(player.nowMs);
    const turn = player.turn;
    const id = turn ? turn[4] : null;
    if (id === this.#now) return;
    this.#now = id;
    document.querySelector(".turn.now")?.classList.remove("now");
    const shown = id && document.getElementById(`turn-${id}`);
    if (!shown) return;
    shown.classList.add("now");
    if (player.isPlaying && this.part("follow").checked) follow(shown);
  }

  // Straight on, over what was heard before.
  #passOver(nowMs) {
    if (!this.#stretch || this.isRisky || !this.player.isPlaying || this.player.loops) return;
    if (nowMs < this.#stretch.endMs + EDGE_MS) return;
    const next = unheard(this.player.lanes.turns, this.player.heard).find(({ endMs }) => endMs > nowMs);
    if (!next) {
      this.#stretch = null;
      this.player.pause();
    } else if (next.startMs - nowMs > WORTH_MS) this.listen(next);
    else this.#stretch = next;
  }
}

// Cuts stretches where doubtful ones begin and end.
function cut(stretches, doubts) {
  return stretches.flatMap(({ startMs, endMs }) => {
    const inside = doubts.filter(([start, end]) => start < endMs && end > startMs);
    const borders = [startMs, ...inside.flatMap(([start, end]) => [start, end]), endMs]
      .filter((ms) => ms >= startMs && ms <= endMs)
      .sort((one, other) => one - other);
    const parts = [];
    for (let n = 1; n < borders.length; n += 1) {
      if (borders[n] > borders[n - 1]) parts.push({ startMs: borders[n - 1], endMs: borders[n] });
    }
    return parts;
  });
}

function follow(element) {
  const box = element.getBoundingClientRect();
  const isSeen = box.top > 80 && box.bottom < innerHeight - 240;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!isSeen) element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

const root = document.getElementById("listening");
export const listening = root ? new Listening(root, new Player()) : null;
