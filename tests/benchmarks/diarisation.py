"""Measure diarisation with the count of speakers given and not given.

`python -m tests.benchmarks.diarisation` hears the shared recordings, with `--generated` the groups
of `generated_groups`, with `--others` 42 more, of two minutes and then of one, and with `--choice`
the 42 on which the count of speakers was chosen. Scored as
`transcriber evaluate diarisation` scores: talk at once included, 0.25 s left out on either side of
each gold border (NIST RT).
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from tests.benchmarks.generated_groups import (
    Group,
    choice_groups,
    groups,
    make,
    other_groups,
)
from transcriber.domain.interval import Interval
from transcriber.domain.recording import ANY_COUNT, Audio, SpeakerCount
from transcriber.domain.transcript import Turn
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser
from transcriber.evaluation.diarisation import (
    DiarisationScore,
    score_diarisation,
    total_diarisation,
)
from transcriber.services.evaluation_files import scored_stretches, turns

CALLS = ("MUL1423", "SNG0480", "SNG0072")
"""Phone calls of two people."""

Case = tuple[str, Audio, Sequence[Turn], Sequence[Interval]]
"""Name, sound, gold turns, and the stretches that are scored."""

Pair = tuple[DiarisationScore, DiarisationScore]
"""With the count of speakers given and not given."""


def score(case: Case, count: SpeakerCount) -> DiarisationScore:
    """Diarise one recording and compare."""
    _, audio, gold, scored = case
    speech = SileroDetector().speech(audio)
    found = ResemblyzerDiariser().diarise(audio, speech, count, lambda *_: None)
    return score_diarisation(gold, found.turns, scored)


def recorded(folder: Path, name: str, scratch: Path) -> Case:
    """Decode a recording of the shared data."""
    samples = scratch / f"{name}.s16"
    audio = PyAvDecoder().decode(folder / f"{name}.flac", samples, lambda *_: None).audio
    gold = folder / f"{name}.rttm"
    return name, audio, turns(gold), scored_stretches(gold)


def _generated(chosen: Sequence[Group], scratch: Path) -> Iterator[Case]:
    for group in chosen:
        audio, gold = make(group, scratch / "group.s16")
        yield group.name, audio, gold, [Interval(0, audio.duration_ms)]


def _shares(pair: Pair) -> list[float]:
    """Return error rate and confusion, with the count given and then not given."""
    found = [(score.error_rate, score.share(score.confusion_s)) for score in pair]
    return [share for shares in found for share in shares if share is not None]


def _line(name: str, shares: Sequence[float], *speakers: int) -> str:
    figures = (*(f"{share:.3f}" for share in shares), *map(str, speakers))
    return f"| {name} | {' | '.join(figures)} |"


def _print_summary(pairs: Sequence[Pair]) -> None:
    """Print totals (each second counts alike), means, and how often the count is right."""
    given, free = (total_diarisation([pair[side] for pair in pairs]) for side in (0, 1))
    people = free.gold_speakers, free.found_speakers
    print(_line("all, by seconds", _shares((given, free)), *people))
    print(
        _line("mean", [fmean(column) for column in zip(*map(_shares, pairs), strict=True)], *people)
    )
    off = [abs(free.found_speakers - free.gold_speakers) for _, free in pairs]
    print(f"\nSpeakers right in {off.count(0)} of {len(off)}, one off in {off.count(1)}.")


def main() -> int:
    """Print a Markdown table, one recording a line; exit status 1 when the data is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--generated", action="store_const", dest="made", const=groups)
    kinds.add_argument("--others", action="store_const", dest="made", const=other_groups)
    kinds.add_argument("--choice", action="store_const", dest="made", const=choice_groups)
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TRANSCRIBER_DATA", beside)) / "diarisation"
    made = parser.parse_args().made
    if not made and not folder.is_dir():
        print("The data is not here: name its folder in TRANSCRIBER_DATA.", file=sys.stderr)
        return 1
    print("| recording | DER given | confused | DER not given | confused | speakers | found |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        names = sorted(path.stem for path in folder.glob("*.rttm"))
        cases = (
            _generated(made(), Path(scratch))
            if made
            else (recorded(folder, name, Path(scratch)) for name in names)
        )
        pairs: list[Pair] = []
        for case in cases:
            people = len({turn.speaker for turn in case[2]})
            pair = score(case, SpeakerCount(people, people)), score(case, ANY_COUNT)
            pairs.append(pair)
            print(_line(case[0], _shares(pair), people, pair[1].found_speakers), flush=True)
    _print_summary(pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
