"""Measure words under the wrong speaker, step by step: `python -m tests.benchmarks.word_speakers`.

Gold words with their times, so that only who says them is judged, on groups of three to eight
synthetic voices (needs Debian's `flite`) in a quiet room and over a noisy telephone line, and on
the meetings of the shared data that have word times. Turns are those of our diarisation, the number
of speakers given, and gold turns whose borders are moved at random, as other engines miss them.

The steps: one speaker for each stretch that a recogniser decodes at once; each word by the turns
that it lies in; units by turns, with what is uncertain by turns alone and by turns and voices.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.signal import butter, sosfilt

from tests.spoken.groups import TALK_RMS, group, written
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn, Voice, Word
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.comparer import ResemblyzerComparer
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser
from transcriber.evaluation.cp_word_errors import cp_word_errors
from transcriber.evaluation.normalise import as_written
from transcriber.evaluation.speech import Utterance
from transcriber.stages.regions import plan_regions
from transcriber.stages.word_speakers.decide import by_units
from transcriber.stages.word_speakers.likeness import likeness
from transcriber.stages.word_speakers.overlap import TurnsByTime, likeliest

PEOPLE = range(3, 9)
LENGTH_MS = 90_000
TELEPHONE_HZ = (300, 3_400)
TELEPHONE_NOISE_RMS = 0.005
BORDER_MS = 300
"""Standard deviation of moved borders."""

TURN_PAUSE_MS = 800
STEPS = ("a speaker a stretch", "word by word", "unit by unit", "checked by voices")


@dataclass(frozen=True)
class Talk:
    """A recording with gold words."""

    kind: str
    audio: Audio
    words: tuple[Word, ...]

    @property
    def speech(self) -> tuple[Interval, ...]:
        """What a speech detector hears."""
        return SileroDetector().speech(self.audio)


@dataclass
class Tally:
    """What a step got wrong; `repaired` and `broken` are against the step before it."""

    words: int = 0
    wrong: int = 0
    alone: int = 0
    wrong_alone: int = 0
    repaired: int = 0
    broken: int = 0
    errors: int = 0
    flagged: int = 0
    flagged_wrong: int = 0


@dataclass
class Tables:
    """Tallies by kind of talk, origin of the turns and step."""

    tallies: dict[tuple[str, str, str], Tally] = field(default_factory=dict)

    def add(self, talk: Talk, origin: str, turns: Diarisation) -> None:
        """Bring one recording through all steps."""
        gold = [word.speaker for word in talk.words]
        single = np.array([_alone(word, talk.words) for word in talk.words])
        before = np.zeros(len(gold), dtype=bool)
        for place, (step, words) in enumerate(_steps(talk, turns)):
            wrong = _wrong(gold, [word.speaker for word in words])
            tally = self.tallies.setdefault((talk.kind, origin, step), Tally())
            tally.words += len(gold)
            tally.wrong += int(wrong.sum())
            tally.alone += int(single.sum())
            tally.wrong_alone += int((wrong & single).sum())
            tally.repaired += int((before & ~wrong).sum()) if place else 0
            tally.broken += int((~before & wrong).sum()) if place else 0
            tally.errors += _cp_errors(talk.words, words)
            flags = np.array([word.speaker_uncertain for word in words])
            tally.flagged += int(flags.sum())
            tally.flagged_wrong += int((flags & wrong).sum())
            before = wrong


def _steps(talk: Talk, turns: Diarisation) -> Iterator[tuple[str, Sequence[Word]]]:
    words = [replace(word, speaker=None) for word in talk.words]
    by_time = TurnsByTime(turns.turns)
    by_word = [replace(word, speaker=likeliest(by_time.shares(word))) for word in words]
    yield STEPS[0], list(_by_stretch(by_word, plan_regions(talk.speech, talk.audio.duration_ms)))
    yield STEPS[1], by_word
    yield STEPS[2], by_units(words, turns, (None,) * len(words))
    alike = likeness(words, turns, talk.audio, ResemblyzerComparer(), lambda *_: None)
    yield STEPS[3], by_units(words, turns, alike)


def _by_stretch(by_word: Sequence[Word], regions: Sequence[Interval]) -> Iterator[Word]:
    """Give all words of a region the speaker of most of its talk."""
    places = [
        next((n for n, region in enumerate(regions) if word.start_ms < region.end_ms), -1)
        for word in by_word
    ]
    most = {
        place: Counter(
            word.speaker
            for word, at in zip(by_word, places, strict=True)
            if at == place
            for _ in range(word.interval.duration_ms)
        ).most_common(1)
        for place in set(places)
    }
    for word, place in zip(by_word, places, strict=True):
        yield replace(word, speaker=most[place][0][0] if most[place] else None)


def _wrong(gold: Sequence[str | None], found: Sequence[str | None]) -> np.ndarray:
    """Return which words are wrong when speakers are matched so that most are right."""
    pairs = Counter(zip(gold, found, strict=True))
    said, heard = sorted({g or "" for g in gold}), sorted({f or "" for f in found})
    table = np.array([[pairs[g, f or None] for f in heard] for g in said])
    matched = {heard[f]: said[g] for g, f in zip(*linear_sum_assignment(-table), strict=True)}
    return np.array([matched.get(f or "") != g for g, f in zip(gold, found, strict=True)])


def _cp_errors(gold: Sequence[Word], found: Sequence[Word]) -> int:
    said, heard = ([Utterance(word.speaker, word.text) for word in side] for side in (gold, found))
    errors = cp_word_errors(said, heard, as_written)
    return errors.substitutions + errors.deletions + errors.insertions


def _alone(word: Word, words: Sequence[Word]) -> bool:
    """Whether nobody else says anything at the same time."""
    return not any(
        other.speaker != word.speaker and other.interval.overlap_ms(word.interval)
        for other in words
    )


def _groups(folder: Path) -> Iterator[Talk]:
    for people in PEOPLE:
        quiet, noisy = group(people, 0, LENGTH_MS), group(people, 1, LENGTH_MS)
        yield Talk("groups", quiet.in_one_room(folder / "quiet.s16"), quiet.words)
        noise = np.random.default_rng(people).normal(0, TELEPHONE_NOISE_RMS, noisy.tracks.shape[1])
        band = butter(4, TELEPHONE_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
        line = sosfilt(band, noisy.tracks.sum(axis=0) + noise)
        line *= TALK_RMS / np.sqrt((line**2).mean())
        yield Talk("groups, telephone", written(line, folder / "noisy.s16"), noisy.words)


def _meetings(data: Path, folder: Path) -> Iterator[Talk]:
    for path in sorted(data.glob("*.ctm")):
        rows = [line.split() for line in path.read_text().splitlines()]
        timed = sorted(
            (round(float(r[2]) * 1000), round(float(r[3]) * 1000), r[1], r[4]) for r in rows
        )
        words = tuple(
            Word(f"w{number}", text, start_ms, start_ms + length_ms, speaker)
            for number, (start_ms, length_ms, speaker, text) in enumerate(timed)
        )
        decoded = PyAvDecoder().decode(
            path.with_suffix(".flac"), folder / "meeting.s16", lambda *_: None
        )
        yield Talk("AMI, 30 s", decoded.audio, words)


def _ours(talk: Talk) -> Diarisation:
    people = len({word.speaker for word in talk.words})
    return ResemblyzerDiariser().diarise(
        talk.audio, talk.speech, SpeakerCount(people, people), lambda *_: None
    )


def _moved(talk: Talk) -> Diarisation:
    """Return gold turns, one speaker at a time, whose borders are wrong."""
    drawn = Random(1)
    turns: list[Turn] = []
    for word in talk.words:
        assert word.speaker
        last = turns[-1] if turns else None
        if (
            last
            and last.speaker == word.speaker
            and word.start_ms - last.interval.end_ms < TURN_PAUSE_MS
        ):
            end_ms = max(last.interval.end_ms, word.end_ms)
            turns[-1] = Turn(word.speaker, Interval(last.interval.start_ms, end_ms))
        else:
            turns.append(Turn(word.speaker, word.interval))
    moved = []
    for turn in turns:
        start_ms = max(0, turn.interval.start_ms + round(drawn.gauss(0, BORDER_MS)))
        end_ms = turn.interval.end_ms + round(drawn.gauss(0, BORDER_MS))
        moved.append(Turn(turn.speaker, Interval(start_ms, max(end_ms, start_ms + 50))))
    moved.sort(key=lambda turn: turn.interval)
    return Diarisation(
        tuple(moved), tuple(Voice(s) for s in dict.fromkeys(t.speaker for t in moved))
    )


ORIGINS: dict[str, Callable[[Talk], Diarisation]] = {"ours": _ours, "gold, moved": _moved}


def main() -> int:
    """Print a Markdown table, one step a line; meetings only where the shared data is."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    data = Path(os.environ.get("TRANSCRIBER_DATA", beside)) / "diarisation"
    tables = Tables()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for talks in (_groups(folder), _meetings(data, folder)):
            for talk in talks:
                for origin, turns in ORIGINS.items():
                    tables.add(talk, origin, turns(talk))
    print(
        "| talk | turns | step | words | wrong | of words alone | repaired | broken | cpWER "
        "| uncertain | wrong among these |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for (kind, origin, step), tally in tables.tallies.items():
        print(
            f"| {kind} | {origin} | {step} | {tally.words} | {tally.wrong / tally.words:.3f} "
            f"| {tally.wrong_alone / tally.alone:.3f} | {tally.repaired} | {tally.broken} "
            f"| {tally.errors / tally.words:.3f} | {tally.flagged / tally.words:.3f} "
            f"| {tally.flagged_wrong / max(tally.flagged, 1):.2f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
