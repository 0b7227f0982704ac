// Buttons, the slider and the clock of the player.
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const SMALL = "(max-width: 30rem), (max-height: 44rem)"; // lanes would take the room of the talk
const KEYS = {
  ArrowLeft: -1_000, ArrowRight: 1_000, ArrowDown: -5_000, ArrowUp: 5_000,
  PageDown: -30_000, PageUp: 30_000,
};

export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const pad = (number) => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

export function wire(player, drawing) {
  const { root } = player;
  const part = (name) => root.querySelector(`[data-sound=${name}]`);
  const speed = part("speed");
  for (const rate of SPEEDS) speed.add(new Option(`${rate}×`, rate, rate === 1, rate === 1));

  part("toggle").addEventListener("click", () => player.toggle());
  part("back").addEventListener("click", () => player.back());
  part("mute").addEventListener("click", () => player.mute(!player.isMuted));
  part("loop").addEventListener("click", () => (player.loops ? player.loop() : loopHere(player)));
  part("skip").addEventListener("change", (event) => player.skipSilence(event.target.checked));
  speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));
  part("fold").addEventListener("click", () => fold(root, part, !root.classList.contains("folded")));
  const small = matchMedia(SMALL);
  const fit = () => fold(root, part, small.matches);
  small.addEventListener("change", fit);
  fit();

  const chosen = (ms) => {
    player.seekTo(ms);
    player.dispatchEvent(new CustomEvent("seek", { detail: player.nowMs }));
  };
  pick(part("close"), (x) => chosen(drawing.timeInClose(x)), false);
  pick(part("whole"), (x) => chosen(drawing.timeInWhole(x)), true);
  part("whole").addEventListener("keydown", (event) => onKey(event, player, chosen));

  const shown = new Clock(player, part);
  player.addEventListener("time", () => shown.time());
  player.addEventListener("state", () => shown.state());
  shown.state();
}

// Without a stretch of its own, the turn that is being heard, or the last five seconds.
function loopHere(player) {
  const now = player.nowMs;
  const turn = player.lanes.turns.findLast(([start, end]) => start <= now && now < end);
  const isShort = turn && turn[1] - turn[0] <= 20_000;
  player.loop(isShort ? turn[0] : Math.max(0, now - 4_000), isShort ? turn[1] : now);
}

function fold(root, part, isFolded) {
  root.classList.toggle("folded", isFolded);
  part("fold").setAttribute("aria-expanded", String(!isFolded));
  part("fold").textContent = isFolded ? "More" : "Less";
}

function pick(element, choose, drags) {
  const at = (event) => Math.max(0, event.clientX - element.getBoundingClientRect().left);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (drags) element.setPointerCapture(event.pointerId);
    choose(at(event));
  });
  if (!drags) return;
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) choose(at(event));
  });
}

function onKey(event, player, chosen) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key in KEYS) chosen(player.nowMs + KEYS[event.key] * (event.shiftKey ? 5 : 1));
  else if (event.key === "Home") chosen(0);
  else if (event.key === "End") chosen(player.durationMs);
  else if (event.key === " " || event.key === "Enter") player.toggle();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

class Clock {
  #second = -1;
  #speaker = null;

  constructor(player, part) {
    this.player = player;
    this.part = part;
  }

  // Sixty times a second: only what is seen to change is written.
  time() {
    const { nowMs, durationMs, speaker } = this.player;
    const second = Math.floor(nowMs / 1000);
    const slider = this.part("whole");
    if (slider.getAttribute("aria-valuemax") !== String(Math.round(durationMs / 1000))) {
      slider.setAttribute("aria-valuemax", Math.round(durationMs / 1000));
      this.#second = -1;
    }
    if (second === this.#second && speaker === this.#speaker) return;
    this.#second = second;
    this.#speaker = speaker;
    const where = `${clock(nowMs)} of ${clock(durationMs)}`;
    this.part("now").textContent = where;
    this.part("who").textContent = speaker ?? "";
    slider.setAttribute("aria-valuenow", second);
    slider.setAttribute("aria-valuetext", speaker ? `${where}, ${speaker} speaks` : where);
  }

  state() {
    const { isPlaying, isMuted, speed, loops, skipsSilence } = this.player;
    const toggle = this.part("toggle");
    toggle.dataset.playing = String(isPlaying);
    toggle.querySelector("span").textContent = isPlaying ? "Pause" : "Play";
    this.part("mute").setAttribute("aria-pressed", String(isMuted));
    this.part("loop").setAttribute("aria-pressed", String(Boolean(loops)));
    this.part("skip").checked = skipsSilence;
    const select = this.part("speed");
    if (Number(select.value) !== speed) select.value = String(speed);
    this.time();
  }
}
