"""Measure who speaks when where everybody has a microphone: `python -m tests.benchmarks.tracks`.

Groups of synthetic voices, each microphone hearing the neighbours from 6 to 30 dB softer, up to 20
ms later, with noise, and set up to 8 dB too loud or too soft. Needs Debian's `flite`.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.spoken.groups import Group, group
from tests.spoken.microphones import Bleed, microphones, on_disk
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Turn, Word
from transcriber.engines.silero import SileroDetector
from transcriber.evaluation.diarisation import DiarisationScore, score_diarisation
from transcriber.stages.cross_talk import own_speech

PEOPLE = (2, 4, 6)
LENGTH_MS = 120_000
BLEEDS = (
    *(Bleed(level, level) for level in (-6.0, -9.0, -12.0, -18.0, -24.0, -30.0)),
    Bleed(-30.0, -6.0),
)


@dataclass(frozen=True)
class Score:
    """Turns against gold, and what recognition of each track would make of the words.

    `lost` are words outside their speaker's own speech, `twice` those that a neighbour's track
    would give as well.
    """

    turns: DiarisationScore
    words: int
    lost: int
    twice: int

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.turns + other.turns,
            self.words + other.words,
            self.lost + other.lost,
            self.twice + other.twice,
        )


def measured(talk: Group, audios: Sequence[Audio]) -> Score:
    """Find each track's own speech and compare it with who spoke."""
    detector = SileroDetector()
    own = own_speech(audios, [detector.speech(audio) for audio in audios])
    people = [f"P{number}" for number in range(1, len(own) + 1)]
    turns = [
        Turn(person, place) for person, speech in zip(people, own, strict=True) for place in speech
    ]
    heard = {
        (word.id, person)
        for person, speech in zip(people, own, strict=True)
        for word in talk.words
        if _mostly_in(word, speech)
    }
    silent = {
        (word.id, person)
        for person in people
        for word in talk.words
        if not _speaks(person, word.interval, talk.words)
    }
    return Score(
        score_diarisation(talk.turns, turns, ()),
        len(talk.words),
        sum((word.id, word.speaker) not in heard for word in talk.words),
        len({word for word, person in heard & silent}),
    )


def _mostly_in(word: Word, speech: Sequence[Interval]) -> bool:
    inside_ms = sum(place.overlap_ms(word.interval) for place in speech)
    return 2 * inside_ms >= word.interval.duration_ms


def _speaks(person: str, place: Interval, words: Sequence[Word]) -> bool:
    """Whether a person says anything within half a second of `place`."""
    near = Interval(max(place.start_ms - 500, 0), place.end_ms + 500)
    return any(word.speaker == person and word.interval.overlap_ms(near) for word in words)


def scores() -> Iterator[tuple[Bleed, Score]]:
    """Yield the score of each group at each loudness of the neighbours."""
    with tempfile.TemporaryDirectory() as scratch:
        for bleed in BLEEDS:
            for people in PEOPLE:
                talk = group(people, 0, LENGTH_MS)
                sounds = microphones(talk, bleed, seed=people)
                yield bleed, measured(talk, on_disk(sounds, Path(scratch)))


def main() -> int:
    """Print a Markdown table, one loudness a line."""
    print("| neighbours | DER | missed | false alarm | confused | words lost | words twice |")
    print("|---|---|---|---|---|---|---|")
    for bleed, group_scores in groupby(scores(), key=lambda pair: pair[0]):
        total = Score(DiarisationScore(), 0, 0, 0)
        for _, score in group_scores:
            total += score
        turns = total.turns
        parts = (turns.missed_s, turns.false_alarm_s, turns.confusion_s)
        shares = " | ".join(f"{turns.share(seconds):.3f}" for seconds in (sum(parts), *parts))
        level = f"{bleed.most_db:.0f}" if bleed.least_db == bleed.most_db else "-6 to -30"
        print(
            f"| {level} dB | {shares} | {total.lost / total.words:.3f} "
            f"| {total.twice / total.words:.3f} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
