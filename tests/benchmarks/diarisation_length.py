"""What telling voices apart costs by length: `python -m tests.benchmarks.diarisation_length`.

Groups of three to six synthetic voices (`generated_groups`), again and again in another order up
to each length, go through the speech detector and the diariser, each length in a process of its
own. Processor time is counted, because what else a machine does must not tell; loading the model
once is counted apart. Prints a Markdown table and, with `--plot FILE.svg`, draws it.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.benchmarks.generated_groups import Group, make
from transcriber.domain.interval import Interval
from transcriber.domain.recording import ANY_COUNT, SAMPLE_RATE_HZ, Audio
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser

GROUPS = [Group(people, 120, room, 300 + people) for people, room in ((3, "far"), (6, "close"))]
LENGTHS_MIN = (10, 60, 240)


@dataclass(frozen=True)
class Cost:
    """Of one length: processor seconds, of those for loading, peak memory, voices found."""

    minutes: int
    seconds: float
    loading_seconds: float
    peak_mb: int
    voices: int

    @property
    def per_hour(self) -> float:
        """Processor seconds for an hour of sound, without loading."""
        return self.seconds * 60 / self.minutes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, nargs="*", default=LENGTHS_MIN)
    parser.add_argument("--plot", type=Path, help="SVG to draw")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(*_measured(options.one))
        return
    print("| minutes | processor s | per hour | loading s | peak MB | voices |")
    print("|---|---|---|---|---|---|")
    costs = []
    with tempfile.TemporaryDirectory() as scratch:
        clips = _clips(Path(scratch))
        for minutes in options.minutes:
            path = Path(scratch) / "long.s16"
            _write(clips, minutes, path)
            command = [sys.executable, "-m", __spec__.name, "--one", str(path)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds, loading, peak, voices = said.split()
            cost = Cost(minutes, float(seconds), float(loading), int(peak), int(voices))
            costs.append(cost)
            print(
                f"| {minutes} | {cost.seconds:.0f} | {cost.per_hour:.1f} "
                f"| {cost.loading_seconds:.1f} | {cost.peak_mb} | {cost.voices} |",
                flush=True,
            )
    if options.plot:
        options.plot.write_text(_drawn(costs), encoding="utf-8")


def _clips(folder: Path) -> list[npt.NDArray[np.int16]]:
    clips = []
    for group in GROUPS:
        make(group, folder / "clip.s16")
        clips.append(np.fromfile(folder / "clip.s16", dtype="<i2"))
    return clips


def _write(clips: Sequence[npt.NDArray[np.int16]], minutes: int, path: Path) -> None:
    left = minutes * 60 * SAMPLE_RATE_HZ
    draw = random.Random(minutes)
    with path.open("wb") as file:
        while left:
            clip = draw.choice(clips)[:left]
            file.write(clip.tobytes())
            left -= len(clip)


def _measured(path: Path) -> tuple[float, float, int, int]:
    audio = Audio(path, path.stat().st_size // 2)
    detector, diariser = SileroDetector(), ResemblyzerDiariser()
    begun = time.process_time()
    first = Audio(path, SAMPLE_RATE_HZ * 5)
    detector.speech(first)
    diariser.diarise(first, [Interval(0, 5_000)], ANY_COUNT, lambda *_: None)
    loaded = time.process_time()
    found = diariser.diarise(audio, detector.speech(audio), ANY_COUNT, lambda *_: None)
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return ended - loaded, loaded - begun, peak, len(found.voices)


def _drawn(costs: Sequence[Cost]) -> str:
    """Draw processor seconds over minutes, both from zero, with a straight line to the longest."""
    width, height, edge = 560, 320, 56
    most_minutes, most_seconds = costs[-1].minutes, max(cost.seconds for cost in costs)

    def at(minutes: float, seconds: float) -> tuple[float, float]:
        return (
            edge + (width - 2 * edge) * minutes / most_minutes,
            height - edge - (height - 2 * edge) * seconds / most_seconds,
        )

    (left, bottom), (right, top) = at(0, 0), at(most_minutes, costs[-1].seconds)
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        f'<text x="{x + (10 if x < width / 2 else -10):.1f}" y="{y + 4:.1f}" '
        f'text-anchor="{"start" if x < width / 2 else "end"}">'
        f"{cost.minutes} min: {cost.seconds:.0f} s, {cost.peak_mb} MB</text>"
        for cost in costs
        for x, y in [at(cost.minutes, cost.seconds)]
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            f'<path d="M{left} {edge / 2}V{bottom}H{width - edge / 2}" fill="none" '
            'stroke="black"/>',
            f'<path d="M{left} {bottom}L{right:.1f} {top:.1f}" stroke="grey" '
            'stroke-dasharray="4"/>',
            *marks,
            f'<text x="{width / 2}" y="{height - 16}" text-anchor="middle">'
            "minutes of recording</text>",
            f'<text x="16" y="{edge / 2 - 8}">processor seconds</text>',
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    main()
