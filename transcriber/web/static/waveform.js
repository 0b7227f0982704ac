// Draws the sound: all of it in one line, and half a minute around now with a lane for each voice.
// Nothing is drawn that did not change, so that three hours cost no more than three minutes.
import { lastAtOrBefore } from "./sound_data.js";

const CLOSE_MS = 30_000;
const NOW_AT = 1 / 3; // of the close-up's width
const LANE_PX = 16;
const NAME_PX = 22; // a stretch narrower than this bears no name
const FONT = "600 11px system-ui, sans-serif";
const COLOURS = {
  ink: "--ink", quiet: "--quiet", line: "--line", sunk: "--sunk", paper: "--sheet",
  accent: "--accent", care: "--care", done: "--done", bad: "--bad", edge: "--edge",
};
const VOICES = 8;

// Canvas knows no CSS variables, and these hold light-dark(): an element resolves them.
function resolve(root) {
  const probe = document.createElement("span");
  probe.hidden = true;
  root.append(probe);
  const forced = matchMedia("(forced-colors: active)").matches;
  probe.style.forcedColorAdjust = "none";
  const of = (value) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const colours = {};
  for (const [name, variable] of Object.entries(COLOURS)) colours[name] = of(`var(${variable})`);
  colours.voices = Array.from({ length: VOICES }, (_, n) => of(`var(--speaker-${n + 1})`));
  if (forced) {
    const [text, back, mark] = ["CanvasText", "Canvas", "Highlight"].map(of);
    for (const name of Object.keys(COLOURS)) colours[name] = text;
    Object.assign(colours, { paper: back, sunk: back, accent: mark });
    colours.voices.fill(text);
  }
  probe.remove();
  return colours;
}

function fit(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const isNew = canvas.width !== w || canvas.height !== h;
  if (isNew) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return { context, width, height, scale, isNew };
}

// Recordings are mostly quiet: what is drawn fills the height, and a cough may be cut off.
function loudestOf(outline) {
  if (!outline || !outline.pairs.length) return 128;
  const levels = Int16Array.from(outline.pairs, Math.abs).sort();
  return Math.min(128, Math.max(16, levels[Math.floor(levels.length * 0.99)]));
}

// One bar a column, from the lowest to the highest value that falls into it.
function bars(context, outline, { fromMs, msPerPx, width, middle, half, loudest }) {
  const { pairs, msPerPair, firstMs = 0 } = outline;
  const count = pairs.length / 2;
  context.beginPath();
  for (let x = 0; x < width; x += 1) {
    const startMs = fromMs + x * msPerPx - firstMs;
    const first = Math.floor(startMs / msPerPair);
    const last = Math.max(first + 1, Math.ceil((startMs + msPerPx) / msPerPair));
    if (last <= 0 || first >= count) continue;
    let [low, high] = [127, -128];
    for (let pair = Math.max(0, first); pair < Math.min(last, count); pair += 1) {
      if (pairs[2 * pair] < low) low = pairs[2 * pair];
      if (pairs[2 * pair + 1] > high) high = pairs[2 * pair + 1];
    }
    const top = middle - (Math.max(high, 0) / loudest) * half;
    const bottom = middle - (Math.min(low, 0) / loudest) * half;
    context.rect(x, Math.max(middle - half, top), 1, Math.max(1, Math.min(2 * half, bottom - top)));
  }
  context.fill();
}

export class Waveform {
  #data;
  #close;
  #whole;
  #root;
  #colours = null;
  #still = document.createElement("canvas"); // the whole without what moves
  #isStale = true;
  #fromMs = 0;
  #loudest = 128;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #heard = () => [];

  constructor(root, data, heard) {
    this.#root = root;
    this.#data = data;
    this.#close = root.querySelector("[data-sound=close]");
    this.#whole = root.querySelector("[data-sound=whole] canvas");
    this.#heard = heard;
  }

  // Something else than the time changed: data, colours, what was heard.
  stale(withColours = false) {
    this.#isStale = true;
    if (withColours) this.#colours = null;
    const rows = Math.max(1, this.#data.lanes.voices.length);
    this.#close.style.setProperty("--lanes", `${rows * LANE_PX}px`);
  }

  get closeFromMs() {
    return this.#fromMs;
  }

  timeInClose(x) {
    return this.#fromMs + (x / this.#close.clientWidth) * CLOSE_MS;
  }

  timeInWhole(x) {
    return (x / this.#whole.clientWidth) * this.#data.lanes.duration_ms;
  }

  draw(nowMs, isMoving) {
    this.#colours ??= resolve(this.#root);
    this.#fromMs = this.#windowFrom(nowMs, isMoving);
    if (this.#isStale) this.#loudest = loudestOf(this.#data.whole);
    if (this.#close.clientWidth) this.#drawClose(nowMs);
    if (this.#whole.clientWidth) this.#drawWhole(nowMs);
    this.#isStale = false;
  }

  #drawWhole(nowMs) {
    const { context, width, height, scale, isNew } = fit(this.#whole);
    const durationMs = this.#data.lanes.duration_ms || 1;
    const px = width / durationMs;
    if (this.#isStale || isNew || !this.#still.width) this.#drawStill(width, height, scale, px);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#still, 0, 0, width, height);
    context.strokeStyle = this.#colours.edge;
    context.strokeRect(this.#fromMs * px + 0.5, 0.5, Math.max(2, CLOSE_MS * px), height - 1);
    context.fillStyle = this.#colours.accent;
    context.fillRect(Math.min(width - 2, nowMs * px), 0, 2, height);
  }

  #drawStill(width, height, scale, px) {
    const still = this.#still;
    Object.assign(still, { width: Math.max(1, width * scale), height: Math.max(1, height * scale) });
    const context = still.getContext("2d");
    context.scale(scale, scale);
    const colours = this.#colours;
    const { turns, ticks, without_words: without } = this.#data.lanes;
    if (this.#data.whole) {
      context.fillStyle = colours.quiet;
      const msPerPx = 1 / px;
      bars(context, this.#data.whole, { fromMs: 0, msPerPx, width, middle: height / 2, half: height / 2 - 5, loudest: this.#loudest });
    }
    // Below: a line where talk was heard, none where it was not.
    context.fillStyle = colours.done;
    for (const [start, end, , isHeard] of turns) {
      if (isHeard) context.fillRect(start * px, height - 3, Math.max(0.5, (end - start) * px), 3);
    }
    for (const { startMs, endMs } of this.#heard()) {
      context.fillRect(startMs * px, height - 3, Math.max(0.5, (endMs - startMs) * px), 3);
    }
    // Above: where something was found, and speech without words.
    context.fillStyle = colours.care;
    for (const [start, , state] of ticks) {
      if (state !== "rejected") context.fillRect(start * px, 0, 1, state === "proposed" ? 5 : 3);
    }
    context.fillStyle = colours.bad;
    for (const [start, end] of without) {
      context.fillRect(start * px, height / 2 - 1, Math.max(1, (end - start) * px), 2);
    }
  }

  #drawClose(nowMs) {
    const { context, width, height } = fit(this.#close);
    const px = width / CLOSE_MS;
    const [fromMs, toMs] = [this.#fromMs, this.#fromMs + CLOSE_MS];
    const laneTop = height - Math.max(1, this.#data.lanes.voices.length) * LANE_PX;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.#colours.quiet;
    const geometry = { fromMs, msPerPx: 1 / px, width, middle: laneTop / 2, half: laneTop / 2 - 6, loudest: this.#loudest };
    this.#closeOutline(context, geometry, toMs);
    this.#closeTurns(context, { px, fromMs, toMs, laneTop });
    this.#closeTicks(context, { px, fromMs, toMs, laneTop });
    context.fillStyle = this.#colours.accent;
    context.fillRect((nowMs - fromMs) * px - 1, 0, 2, height);
  }

  // While it plays, now stays at one place and the sound goes by; whoever wants no motion gets a
  // page at a time.
  #windowFrom(nowMs, isMoving) {
    const isInside = nowMs >= this.#fromMs && nowMs < this.#fromMs + CLOSE_MS;
    if (isInside && (this.#calm.matches || !isMoving)) return this.#fromMs;
    const last = Math.max(0, this.#data.lanes.duration_ms - CLOSE_MS);
    const before = this.#calm.matches ? 0.05 : NOW_AT;
    return Math.min(last, Math.max(0, nowMs - CLOSE_MS * before));
  }

  #closeOutline(context, geometry, toMs) {
    const tiles = new Set();
    for (const ms of [geometry.fromMs, toMs - 1, toMs + CLOSE_MS]) tiles.add(this.#data.tile(ms));
    for (const tile of tiles) if (tile) bars(context, tile, geometry);
  }

  #closeTurns(context, { px, fromMs, toMs, laneTop }) {
    const { turns, voices } = this.#data.lanes;
    const colours = this.#colours;
    context.fillStyle = colours.line;
    for (let lane = 0; lane <= voices.length; lane += 1) {
      context.fillRect(0, laneTop + lane * LANE_PX, (toMs - fromMs) * px, 0.5);
    }
    context.font = FONT;
    context.textBaseline = "middle";
    let place = Math.max(0, lastAtOrBefore(turns, fromMs) - 8);
    for (; place < turns.length && turns[place][0] < toMs; place += 1) {
      const [start, end, voice, isHeard] = turns[place];
      if (end <= fromMs) continue;
      const x = Math.max(0, (start - fromMs) * px);
      const stretch = Math.max(1, (Math.min(end, toMs) - fromMs) * px - x);
      const top = laneTop + Math.max(0, voice) * LANE_PX + 1;
      const colour = voice < 0 ? colours.quiet : colours.voices[voice % VOICES];
      context.fillStyle = colour;
      context.fillRect(x, top, stretch, LANE_PX - 2);
      if (!isHeard) { // hollow, so that it does not rest on colour alone
        context.fillStyle = colours.paper;
        context.fillRect(x + 1.5, top + 1.5, Math.max(0, stretch - 3), LANE_PX - 5);
      }
      const label = voice < 0 ? "UNK" : voices[voice].label;
      if (stretch < NAME_PX) continue;
      context.fillStyle = isHeard ? colours.paper : colour;
      context.fillText(label, x + 4, top + LANE_PX / 2 - 0.5, stretch - 6);
    }
  }

  #closeTicks(context, { px, fromMs, toMs, laneTop }) {
    const { ticks, without_words: without } = this.#data.lanes;
    context.fillStyle = this.#colours.care;
    let place = Math.max(0, lastAtOrBefore(ticks, fromMs) - 4);
    for (; place < ticks.length && ticks[place][0] < toMs; place += 1) {
      const [start, end, state] = ticks[place];
      if (end < fromMs || state === "rejected") continue;
      const width = Math.max(2, (end - start) * px);
      context.fillRect((start - fromMs) * px, 0, width, state === "proposed" ? 5 : 3);
    }
    context.fillStyle = this.#colours.bad;
    for (const [start, end] of without) {
      if (end < fromMs || start > toMs) continue;
      context.fillRect((start - fromMs) * px, laneTop - 3, Math.max(1, (end - start) * px), 2);
    }
  }
}
