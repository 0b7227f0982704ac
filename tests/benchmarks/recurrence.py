"""Whether it can be heard that a word was said twice: `python -m tests.benchmarks.recurrence`.

Words with times from real meetings; needs the shared data (TRANSCRIBER_DATA, else ../shared/data
beside the checkout). Gives the figures behind the threshold in `stages/invented_words/detect.py`.
"""

import os
import random
import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.stages.invented_words.recurrence import recurrence

BESIDE = Path(__file__).parents[3] / "shared" / "data"
DIFFERENT_PAIRS = 300
DRAWS = 2_000


def main() -> None:
    """Print, for loops of several rounds, how said and unsaid repeats recur in the sound."""
    folder = Path(os.environ.get("TRANSCRIBER_DATA", BESIDE)) / "diarisation"
    same: list[float] = []
    different: list[float] = []
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as workspace:
        for ctm in sorted(folder.glob("*.ctm")):
            sound = Path(workspace) / f"{ctm.stem}.s16"
            audio = PyAvDecoder().decode(ctm.with_suffix(".flac"), sound, lambda *_: None).audio
            pairs = list(combinations(_words(ctm), 2))
            same += [_recurs(audio, a, b) for (s, w, a), (t, v, b) in pairs if (s, w) == (t, v)]
            others = [(a, b) for (s, w, a), (t, v, b) in pairs if s == t and w != v]
            sample = rng.sample(others, min(len(others), DIFFERENT_PAIRS))
            different += [_recurs(audio, a, b) for a, b in sample]
    print(f"{len(same)} pairs of one word by one speaker, {len(different)} of two words\n")
    print("| rounds | said again: lowest 1 % | not said: share below that |")
    print("|---|---|---|")
    for rounds in (3, 4, 5, 7):
        said = _means(same, rounds - 1, rng)
        unsaid = _means(different, rounds - 1, rng)
        limit = float(np.percentile(said, 1))
        print(f"| {rounds} | {limit:.2f} | {np.mean(np.array(unsaid) < limit):.2f} |")


def _words(ctm: Path) -> list[tuple[str, str, Interval]]:
    rows = [line.split() for line in ctm.read_text().splitlines()]
    return [
        (speaker, word.lower(), Interval(start, start + length))
        for _, speaker, start, length, word in (
            (row[0], row[1], round(float(row[2]) * 1000), round(float(row[3]) * 1000), row[4])
            for row in rows
            if len(row) >= 5
        )
        if 150 <= length <= 1_000
    ]


def _recurs(audio: Audio, first: Interval, second: Interval) -> float:
    return recurrence(audio, sorted([first, second]))


def _means(values: list[float], count: int, rng: random.Random) -> list[float]:
    return [float(np.mean(rng.choices(values, k=count))) for _ in range(DRAWS)]


if __name__ == "__main__":
    main()
