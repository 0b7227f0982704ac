// Plays the copy for listening, draws it, and tells what was really heard.
//
//   const player = new Player();      // one for each #sound; a second `new` gives the same
//   player.play(12_000, 15_000);      // from there, to there or on and on
//   player.addEventListener("heard", ({ detail: { startMs, endMs } }) => …);
//
// Events: `time` (detail nowMs; each frame while it plays, and after a jump), `state` (detail
// isPlaying), `heard` (a stretch that was played with the sound on, at twice the speed at most; a
// stretch that goes on is told again with what is new), `seek` (somebody chose a place here),
// `lanes` (they are others, after `refresh`).
import { FASTEST, HeardLog } from "./heard.js";
import { SoundData } from "./sound_data.js";
import { wire } from "./sound_controls.js";
import { Waveform } from "./waveform.js";

const CONTEXT_MS = 1_000; // before and after what is played again and again
const TELL_MS = 5_000;
const GAP_MS = 1_500; // a shorter silence is not skipped
const LEAD_MS = 250; // left before and after what is skipped
const SLOWEST = 0.5;
const known = new WeakMap();

export class Player extends EventTarget {
  #audio;
  #data;
  #drawing;
  #log = new HeardLog();
  #until = null;
  #loop = null;
  #skips = false;
  #frame = null;
  #toldAt = 0;

  constructor(root = document.getElementById("sound")) {
    if (known.has(root)) return known.get(root);
    super();
    known.set(root, this);
    this.root = root;
    this.#audio = root.querySelector("audio");
    this.#audio.preservesPitch = true;
    this.#data = new SoundData(root, () => this.#redraw());
    this.#drawing = new Waveform(root, this.#data, () => this.#log.stretches);
    this.#listen();
    wire(this, this.#drawing, this.#data);
    this.ready = this.#data.load().catch(() => this.say("nodata"));
    if (this.#audio.error) this.say("broken"); // it was tried before this was here
    this.#redraw(true);
  }

  get nowMs() { return Math.round(this.#audio.currentTime * 1000); }
  get durationMs() {
    const { duration } = this.#audio;
    return Number.isFinite(duration) ? Math.round(duration * 1000) : this.#data.lanes.duration_ms;
  }
  get isPlaying() { return !this.#audio.paused && !this.#audio.ended; }
  get speed() { return this.#audio.playbackRate; }
  get isMuted() { return this.#audio.muted || this.#audio.volume === 0; }
  get loops() { return this.#loop && { ...this.#loop }; }
  get skipsSilence() { return this.#skips; }
  get lanes() { return this.#data.lanes; }
  // What was really played since the page was opened, merged.
  get heard() { return this.#log.stretches; }
  // The turn that is being heard: start, end, place of the voice, whether it was heard, first word.
  get turn() { return this.#data.turnAt(this.nowMs); }
  get speaker() { return this.#data.labelOf(this.turn); }

  play(fromMs = null, toMs = null) {
    this.#loop = null;
    this.#until = toMs;
    if (fromMs !== null) this.#jump(fromMs);
    return this.#start();
  }

  pause() {
    this.#audio.pause();
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    this.#until = null;
    return this.#start();
  }

  back(ms = 3_000) {
    this.seekTo(this.nowMs - ms);
  }

  seekTo(ms) {
    this.#until = null;
    if (this.#loop && (ms < this.#loop.startMs || ms > this.#loop.endMs)) this.#loop = null;
    this.#jump(ms);
    this.#tellState();
  }

  // Plays a stretch again and again with a second before and after; without one it ends that.
  loop(startMs = null, endMs = null) {
    if (startMs === null) {
      this.#loop = null;
      this.#tellState();
      return undefined;
    }
    this.#until = null;
    this.#loop = {
      startMs: Math.max(0, startMs - CONTEXT_MS),
      endMs: Math.min(this.durationMs || Infinity, endMs + CONTEXT_MS),
    };
    this.#jump(this.#loop.startMs);
    return this.#start();
  }

  setSpeed(rate) {
    this.#advance();
    const speed = Math.min(FASTEST, Math.max(SLOWEST, rate));
    // A new source begins at the default.
    Object.assign(this.#audio, { defaultPlaybackRate: speed, playbackRate: speed, preservesPitch: true });
    this.#tellState();
  }

  skipSilence(doesSkip) {
    this.#skips = doesSkip;
    this.#tellState();
  }

  mute(isMuted) {
    this.#advance();
    this.#audio.muted = isMuted;
    this.#tellState();
  }

  // Lanes, ticks and what was heard are others now.
  refresh() {
    return this.#data.loadLanes()
      .then(() => this.dispatchEvent(new Event("lanes")))
      .catch(() => this.say("nodata"));
  }

  // Says one of the sentences that the page holds for it.
  say(name) {
    this.root.querySelector("[data-sound=told]").textContent = this.root.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  }

  async #start() {
    this.say("nothing");
    try {
      await this.#audio.play();
    } catch (error) {
      if (error.name === "AbortError") return; // it was stopped before it began
      this.say(error.name === "NotAllowedError" ? "press" : "broken");
    }
  }

  #jump(ms) {
    this.#advance();
    this.#log.stop();
    const last = this.durationMs || Infinity;
    this.#audio.currentTime = Math.min(last, Math.max(0, ms)) / 1000;
    this.#tellHeard();
    this.#redraw();
    this.#tellTime();
  }

  #listen() {
    const audio = this.#audio;
    audio.addEventListener("play", () => {
      this.#log.stop();
      this.#advance();
      this.#tellState();
      this.#frame ??= requestAnimationFrame(() => this.#tick());
    });
    for (const name of ["pause", "ended"]) {
      audio.addEventListener(name, () => {
        this.#advance(true);
        this.#log.stop();
        this.#tellHeard();
        this.#tellState();
        this.#redraw();
      });
    }
    // A page that nobody sees gets no frames; time goes on in it, a little coarser.
    audio.addEventListener("timeupdate", () => {
      if (this.isPlaying) this.#step();
      else this.#tellTime();
    });
    audio.addEventListener("seeking", () => this.#redraw());
    audio.addEventListener("volumechange", () => {
      this.#advance();
      this.#tellState();
    });
    audio.addEventListener("error", () => this.say("broken"));
    audio.addEventListener("durationchange", () => this.#redraw());
    addEventListener("pagehide", () => {
      this.#advance();
      this.#tellHeard();
    });
    const redraw = () => this.#redraw(true);
    new ResizeObserver(() => this.#redraw()).observe(this.root);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", redraw);
    }
    const theme = { attributes: true, attributeFilter: ["data-theme"] };
    new MutationObserver(redraw).observe(document.documentElement, theme);
  }

  // `isOver`: it has just stopped, so what was played until now still counts.
  #advance(isOver = false) {
    const { paused, seeking, playbackRate } = this.#audio;
    const counts = (isOver || !paused) && !seeking && !this.isMuted && playbackRate <= FASTEST;
    this.#log.advance(this.#audio.currentTime * 1000, playbackRate, counts);
  }

  #tick() {
    this.#frame = null;
    if (!this.isPlaying) return;
    this.#step();
    this.#drawing.draw(this.nowMs, true);
    this.#frame = requestAnimationFrame(() => this.#tick());
  }

  #step() {
    this.#advance();
    const { nowMs } = this;
    if (this.#loop && nowMs >= this.#loop.endMs) return this.#jump(this.#loop.startMs);
    if (this.#until !== null && nowMs >= this.#until) {
      this.#until = null;
      return this.pause();
    }
    if (this.#skips && !this.#loop && this.#until === null) {
      const talk = this.#data.nextTalk(nowMs);
      const isWorth = talk && talk.toMs - talk.fromMs >= GAP_MS && nowMs >= talk.fromMs + LEAD_MS;
      if (isWorth && talk.toMs - nowMs > 2 * LEAD_MS) return this.#jump(talk.toMs - LEAD_MS);
    }
    if (performance.now() - this.#toldAt > TELL_MS) this.#tellHeard();
    return this.#tellTime();
  }

  #tellHeard() {
    this.#toldAt = performance.now();
    const detail = this.#log.news();
    if (!detail) return;
    for (const stretch of this.#log.stretches) this.#data.markHeard(stretch);
    this.#drawing.stale();
    this.dispatchEvent(new CustomEvent("heard", { detail }));
  }

  #tellTime() {
    this.dispatchEvent(new CustomEvent("time", { detail: this.nowMs }));
  }

  #tellState() {
    this.dispatchEvent(new CustomEvent("state", { detail: this.isPlaying }));
  }

  #redraw(withColours = false) {
    this.#drawing.stale(withColours);
    if (this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      this.#drawing.draw(this.nowMs, this.isPlaying);
      this.#tellTime();
      if (this.isPlaying) this.#frame = requestAnimationFrame(() => this.#tick());
    });
  }
}
