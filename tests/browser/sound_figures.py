"""Three hours in the player: how long a jump takes and what drawing costs.

python -m tests.browser.sound_figures
"""

import json
import statistics
import tempfile
import time
from pathlib import Path
from random import Random

import httpx
from playwright.sync_api import Page

from tests.browser.sounding import Sounding, sounding

THREE_HOURS_MS = 3 * 60 * 60 * 1000
JUMPS = 60
FRAMES_S = 8

_JUMP = """(ms) => new Promise((resolve) => {
  const audio = document.querySelector("audio");
  const begun = performance.now();
  audio.addEventListener("seeked", () => resolve(performance.now() - begun), { once: true });
  player.seekTo(ms);
})"""

_HEARD = """(ms) => new Promise((resolve) => {
  const begun = performance.now();
  const look = () => {
    const moved = player.nowMs - ms;
    if (player.isPlaying && moved > 20 && moved < 5000) {
      player.pause();
      resolve(performance.now() - begun - moved);
    } else requestAnimationFrame(look);
  };
  player.play(ms);
  requestAnimationFrame(look);
})"""

_FRAMES = """(seconds) => new Promise((resolve) => {
  let [begun, last] = [performance.now(), performance.now()];
  const gaps = [];
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "long-animation-frame" });
  player.play(60_000);
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    if (now - begun < seconds * 1000) requestAnimationFrame(frame);
    else {
      player.pause();
      resolve({ gaps, long });
    }
  };
  requestAnimationFrame(frame);
})"""


def p95(values: list[float]) -> float:
    """Return the value that one in twenty exceeds."""
    return statistics.quantiles(values, n=20)[18]


def figures(place: Sounding, page: Page) -> dict[str, object]:
    """Measure and return the figures, in milliseconds."""
    random = Random(3)
    jumps = [random.randrange(THREE_HOURS_MS - 60_000) for _ in range(JUMPS)]
    found: list[float] = [page.evaluate(_JUMP, ms) for ms in jumps]
    heard: list[float] = [page.evaluate(_HEARD, ms) for ms in jumps[:20]]
    page.evaluate("player.seekTo(60_000)")
    page.wait_for_timeout(2_000)
    frames = page.evaluate(_FRAMES, FRAMES_S)
    gaps: list[float] = frames["gaps"][2:]
    return {
        "copy_MB": round(len(place.heard.copy) / 1e6, 1),
        "jump_to_seeked_median": round(statistics.median(found)),
        "jump_to_seeked_p95": round(p95(found)),
        "jump_to_sound_median": round(statistics.median(heard)),
        "jump_to_sound_p95": round(p95(heard)),
        "frames_per_s": round(len(gaps) / FRAMES_S, 1),
        "frame_gap_p95": round(p95(gaps), 1),
        "frame_gap_longest": round(max(gaps), 1),
        "frames_over_50": sum(duration > 50 for duration in frames["long"]),
    }


def drawing(page: Page) -> dict[str, float]:
    """Return what drawing one frame costs, by the clock of the script, while time goes on."""
    page.evaluate("player.seekTo(3_600_000)")
    page.wait_for_timeout(1_500)
    spent: list[float] = page.evaluate(
        """async () => {
          const { src } = document.querySelector("script[src*='sound.js']");
          const { Waveform } = await import(src.replace("sound.js", "waveform.js"));
          const draw = Waveform.prototype.draw;
          const spent = [];
          Waveform.prototype.draw = function (...given) {
            const begun = performance.now();
            draw.apply(this, given);
            spent.push(performance.now() - begun);
          };
          await player.play(3_600_000);
          await new Promise((resolve) => setTimeout(resolve, 6000));
          player.pause();
          Waveform.prototype.draw = draw;
          return spent;
        }"""
    )
    return {
        "draw_median": round(statistics.median(spent), 2),
        "draw_p95": round(p95(spent), 2),
        "draw_longest": round(max(spent), 2),
        "draws": len(spent),
    }


def ranges(place: Sounding) -> dict[str, float]:
    """Return what a range of 64 KiB anywhere costs, asked for by a program."""
    random, took = Random(5), []
    with httpx.Client(base_url=place.server.url) as client:
        for _ in range(100):
            start = random.randrange(len(place.heard.copy) - 65_536)
            begun = time.perf_counter()
            answer = client.get(
                f"{place.heard.place}/audio", headers={"range": f"bytes={start}-{start + 65_535}"}
            )
            took.append((time.perf_counter() - begun) * 1000)
            assert answer.content == place.heard.copy[start : start + 65_536]
    return {
        "range_median": round(statistics.median(took), 1),
        "range_p95": round(p95(took), 1),
    }


def main() -> None:
    """Print the figures."""
    with (
        tempfile.TemporaryDirectory(prefix="sf") as folder,
        sounding(Path(folder), THREE_HOURS_MS) as place,
    ):
        begun = time.perf_counter()
        with place.page("/voices", viewport={"width": 1_400, "height": 900}) as page:
            ready = round((time.perf_counter() - begun) * 1000)
            found = {"page_and_picture": ready, **figures(place, page), **drawing(page)}
        print(json.dumps({**found, **ranges(place)}, indent=1))


if __name__ == "__main__":
    main()
