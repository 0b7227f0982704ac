"""Measure diarisation against gold turns: `python -m tests.benchmarks.diarisation`.

The diarisation error rate is that of pyannote.metrics over the region of the `.uem` file, talk at
once included, with 0.25 s left out on either side of each gold border (NIST RT).
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, SpeakerCount
from transcriber.domain.transcript import Turn
from transcriber.engines.pyav import PyAvDecoder
from transcriber.engines.resemblyzer import ResemblyzerDiariser
from transcriber.engines.silero import SileroDetector

CALLS = ("MUL1423", "SNG0480", "SNG0072")
"""Phone calls of two people."""

COLLAR_S = 0.5
"""Both sides of a border together, as pyannote.metrics counts it."""


@dataclass(frozen=True)
class Score:
    """What one run got wrong, as shares of the gold talk, and how many voices it found."""

    error_rate: float
    missed: float
    false_alarm: float
    confusion: float
    speakers: int


class Bench:
    """A data folder and the engines, loaded once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diariser = ResemblyzerDiariser()
        self.detector = SileroDetector()

    def names(self) -> list[str]:
        """Recordings with gold turns, the calls first."""
        found = sorted(path.stem for path in self.folder.glob("*.rttm"))
        return sorted(found, key=lambda name: name not in CALLS)

    def gold(self, name: str) -> list[tuple[float, float, str]]:
        """Start and end in seconds and the speaker of each gold turn."""
        lines = (self.folder / f"{name}.rttm").read_text().splitlines()
        fields = [line.split() for line in lines]
        return [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields]

    def gold_speakers(self, name: str) -> int:
        """How many people speak."""
        return len({speaker for *_, speaker in self.gold(name)})

    def score(self, name: str, count: SpeakerCount) -> Score:
        """Diarise one recording and compare."""
        with tempfile.TemporaryDirectory() as scratch:
            audio, speech = self._hear(name, Path(scratch))
            turns = self.diariser.diarise(audio, speech, count, lambda *_: None)
        return _compare(self.gold(name), turns, self._scored(name))

    def _hear(self, name: str, scratch: Path) -> tuple[Audio, Sequence[Interval]]:
        source = self.folder / f"{name}.flac"
        audio = PyAvDecoder().decode(source, scratch / "samples.s16", lambda *_: None)
        return audio, self.detector.speech(audio)

    def _scored(self, name: str) -> tuple[float, float]:
        fields = (self.folder / f"{name}.uem").read_text().split()
        return float(fields[2]), float(fields[3])


def _compare(
    gold: Sequence[tuple[float, float, str]], turns: Sequence[Turn], scored: tuple[float, float]
) -> Score:
    with warnings.catch_warnings():
        # The packages that pyannote.metrics imports warn about themselves.
        warnings.simplefilter("ignore")
        from pyannote.core import Annotation, Segment, Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate

    reference, hypothesis = Annotation(), Annotation()
    for number, (start_s, end_s, speaker) in enumerate(gold):
        reference[Segment(start_s, end_s), number] = speaker
    for number, turn in enumerate(turns):
        place = Segment(turn.interval.start_ms / 1000, turn.interval.end_ms / 1000)
        hypothesis[place, number] = turn.speaker
    metric = DiarizationErrorRate(collar=COLLAR_S, skip_overlap=False)
    parts: Mapping[str, Any] = metric(
        reference, hypothesis, uem=Timeline([Segment(*scored)]), detailed=True
    )
    talk = float(parts["total"])
    return Score(
        float(parts["diarization error rate"]),
        float(parts["missed detection"]) / talk,
        float(parts["false alarm"]) / talk,
        float(parts["confusion"]) / talk,
        len({turn.speaker for turn in turns}),
    )


def main() -> int:
    """Print a Markdown table, one recording a line; exit status 1 when the data is missing."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TRANSCRIBER_DATA", beside)) / "diarisation"
    if not folder.is_dir():
        print("The data is not here: name its folder in TRANSCRIBER_DATA.", file=sys.stderr)
        return 1
    bench = Bench(folder)
    print(
        "| file | speakers | DER, count given | DER, count not given "
        "| missed | false alarm | confusion | count found |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in bench.names():
        speakers = bench.gold_speakers(name)
        given = bench.score(name, SpeakerCount(speakers, speakers))
        free = bench.score(name, SpeakerCount())
        print(
            f"| {name} | {speakers} | {given.error_rate:.3f} | {free.error_rate:.3f} "
            f"| {free.missed:.3f} | {free.false_alarm:.3f} | {free.confusion:.3f} "
            f"| {free.speakers} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
