// What is drawn: the outline at the width of the whole and, in tiles, as fine as it is kept; who
// speaks when. Tiles are fetched when somebody gets near them.
const TILE_MS = 120_000;
const MOST_TILES = 60;
const ALL_PAIRS = 2_400;
const TILE_PAIRS = 8_000;
const NEAR_MS = 150; // by which a turn may be cut and was heard

export async function fetchJson(address) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function outline(found) {
  return {
    pairs: Int8Array.from(found.data),
    msPerPair: (found.samples_per_pixel / found.sample_rate) * 1000,
  };
}

// The last place in rows sorted by their first number that starts at or before a time; -1 for none.
export function lastAtOrBefore(rows, ms) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][0] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class SoundData {
  whole = null;
  lanes = { duration_ms: 0, voices: [], turns: [], ticks: [], speech: [], without_words: [] };
  #peaks;
  #lanesAt;
  #tiles = new Map();
  #changed;

  constructor(root, changed) {
    this.#peaks = root.dataset.peaks;
    this.#lanesAt = root.dataset.lanes;
    this.#changed = changed;
  }

  async load() {
    await Promise.all([this.loadLanes(), this.#loadWhole()]);
  }

  async loadLanes() {
    this.lanes = await fetchJson(this.#lanesAt);
    this.#changed();
  }

  async #loadWhole() {
    this.whole = outline(await fetchJson(`${this.#peaks}?pairs=${ALL_PAIRS}`));
    this.#changed();
  }

  // The fine outline around a time, or null until it is here.
  tile(ms) {
    const number = Math.max(0, Math.floor(ms / TILE_MS));
    if (!this.#tiles.has(number)) this.#fetchTile(number);
    return this.#tiles.get(number);
  }

  async #fetchTile(number) {
    this.#tiles.set(number, null);
    if (this.#tiles.size > MOST_TILES) this.#tiles.delete(this.#tiles.keys().next().value);
    const startMs = number * TILE_MS;
    const query = `start_ms=${startMs}&end_ms=${startMs + TILE_MS}&pairs=${TILE_PAIRS}`;
    try {
      const found = outline(await fetchJson(`${this.#peaks}?${query}`));
      // It begins with the pair that its start falls into.
      const firstMs = Math.floor(startMs / found.msPerPair) * found.msPerPair;
      this.#tiles.set(number, { ...found, firstMs });
      this.#changed();
    } catch {
      this.#tiles.delete(number); // asked for again when it is drawn again
    }
  }

  // Turns that were played whole are drawn so at once, before the server is asked again.
  markHeard({ startMs, endMs }) {
    const { turns } = this.lanes;
    for (let place = Math.max(0, lastAtOrBefore(turns, startMs)); place < turns.length; place += 1) {
      const [start, end] = turns[place];
      if (start > endMs) break;
      if (start >= startMs - NEAR_MS && end <= endMs + NEAR_MS) turns[place][3] = 1;
    }
  }

  // Who speaks at a time: a turn's row, or null.
  turnAt(ms) {
    const turns = this.lanes.turns;
    let place = lastAtOrBefore(turns, ms);
    for (let back = 0; place >= 0 && back < 8; place -= 1, back += 1) {
      if (ms < turns[place][1]) return turns[place];
    }
    return null;
  }

  labelOf(turn) {
    return turn && turn[2] >= 0 ? this.lanes.voices[turn[2]].label : null;
  }

  // Where talk goes on when nobody speaks at a time; null while somebody does, or nobody will.
  nextTalk(ms) {
    const { speech } = this.lanes;
    const place = lastAtOrBefore(speech, ms);
    if (place >= 0 && ms < speech[place][1]) return null;
    const from = place >= 0 ? speech[place][1] : 0;
    return place + 1 < speech.length ? { fromMs: from, toMs: speech[place + 1][0] } : null;
  }
}
