"""Groups that talk as groups do: short and long turns, answers at once, talk at once, "mm hm".

Who speaks, what and when is drawn with a seed; the sentences are those of our own interviews.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from tests.interviews import interviews
from tests.spoken.flite import VOICES, SpokenText, speak
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Turn, Word
from transcriber.stages.pcm import SAMPLES_PER_MS

Sound = NDArray[np.float64]

BACKCHANNELS = ("Yeah.", "Right.", "Okay.", "Mm hm.", "No.", "Oh yes.")
TALK_RMS = 0.05
"""Level of one voice; -26 dBFS leaves room for three at once."""

ROOM_RMS = 0.0016
"""A room with a fan in it, 30 dB below the talk."""

TURN_PAUSE_MS = 300
"""Words of one speaker closer together than this are one turn."""

_LABEL = re.compile(r"^[^\n:]{1,40}:[ \t]*", re.MULTILINE)
_SENTENCE = re.compile(r"[A-Z][A-Za-z' ,-]{8,140}[.?!]")
_EDGE = 0.003
_TAIL_MS = 700


@dataclass(frozen=True)
class Group:
    """Each person's sound on one timeline (people, samples), and all words in order of start."""

    tracks: Sound
    words: tuple[Word, ...]

    @property
    def duration_ms(self) -> int:
        """Length of the recording."""
        return len(self.tracks[0]) // SAMPLES_PER_MS

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Who speaks when, by the times of the words."""
        people = sorted({word.speaker for word in self.words if word.speaker})
        found = [
            Turn(person, Interval(place.start_ms, place.end_ms - TURN_PAUSE_MS))
            for person in people
            for place in joined(
                Interval(word.start_ms, word.end_ms + TURN_PAUSE_MS)
                for word in self.words
                if word.speaker == person
            )
        ]
        return tuple(sorted(found, key=lambda turn: (turn.interval, turn.speaker)))

    def in_one_room(self, path: Path) -> Audio:
        """Write all voices over the noise of the room into one channel."""
        noise = np.random.default_rng(0).normal(0, ROOM_RMS, self.tracks.shape[1])
        return written(self.tracks.sum(axis=0) + noise, path)


def written(sound: Sound, path: Path) -> Audio:
    """Write samples from -1 to 1 as decoded sound."""
    path.write_bytes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
    return Audio(path, len(sound))


def group(people: int, seed: int, length_ms: int) -> Group:
    """Return `people` voices talking for about `length_ms`, the same for the same seed."""
    drawn = Random(1_000 * people + seed)
    placed: list[tuple[int, int, SpokenText]] = []
    now_ms, last = 300, people
    while now_ms < length_ms:
        person = drawn.choice([p for p in range(people) if p != last])
        start_ms = max(0, now_ms + _gap_ms(drawn, placed))
        begun_ms = start_ms
        for _ in range(drawn.choice((1, 1, 2, 3, 5))):
            said = _said(drawn.choice(interview_sentences()), person)
            placed.append((person, start_ms, said))
            start_ms += len(said.samples) // SAMPLES_PER_MS + drawn.randrange(80, 400)
        now_ms = start_ms
        if now_ms - begun_ms > 4_000 and drawn.random() < 0.4:
            other = drawn.choice([p for p in range(people) if p != person])
            at_ms = drawn.randrange(begun_ms + 1_000, now_ms - 1_500)
            placed.append((other, at_ms, _said(drawn.choice(BACKCHANNELS), other)))
        last = person
    gains = [10 ** (drawn.uniform(-3, 3) / 20) for _ in range(people)]
    return _together(placed, gains)


def _gap_ms(drawn: Random, placed: Sequence[tuple[int, int, SpokenText]]) -> int:
    """Return the pause before a turn; negative where it begins while another is still going on.

    A quarter begin in the last words of the one before, a third follow at once.
    """
    kind = drawn.random()
    if kind < 0.25 and placed:
        return -drawn.randrange(500, 1_300)
    return drawn.randrange(0, 150) if kind < 0.6 else drawn.randrange(200, 1_000)


def _together(placed: Sequence[tuple[int, int, SpokenText]], gains: Sequence[float]) -> Group:
    ends = [start_ms * SAMPLES_PER_MS + len(said.samples) for _, start_ms, said in placed]
    tracks = np.zeros((len(gains), max(ends) + _TAIL_MS * SAMPLES_PER_MS))
    words: list[tuple[Interval, str, str]] = []
    for person, start_ms, said in placed:
        first = start_ms * SAMPLES_PER_MS
        tracks[person, first : first + len(said.samples)] += gains[person] * said.samples
        words += [
            (Interval(start_ms + at.start_ms, start_ms + at.end_ms), text, f"P{person + 1}")
            for text, at in said.words
        ]
    return Group(
        tracks,
        tuple(
            Word(f"w{number:06d}", text, at.start_ms, at.end_ms, speaker)
            for number, (at, text, speaker) in enumerate(sorted(words), start=1)
        ),
    )


@cache
def _said(sentence: str, person: int) -> SpokenText:
    """Speak one sentence: silence trimmed, at the common level, its stop at the last word."""
    said = speak(sentence, VOICES[person])
    loud = np.flatnonzero(np.abs(said.samples) > _EDGE)
    first, last = int(loud[0]), int(loud[-1]) + 1
    samples = said.samples[first:last]
    cut_ms, length_ms = first // SAMPLES_PER_MS, len(samples) // SAMPLES_PER_MS
    words = list(_moved(said.words, cut_ms, length_ms))
    words[-1] = (words[-1][0] + sentence[-1], words[-1][1])
    return SpokenText(samples * TALK_RMS / np.sqrt((samples**2).mean()), tuple(words))


def _moved(
    words: Sequence[tuple[str, Interval]], cut_ms: int, length_ms: int
) -> Iterator[tuple[str, Interval]]:
    for text, at in words:
        start_ms = min(max(at.start_ms - cut_ms, 0), length_ms - 1)
        yield text, Interval(start_ms, min(max(at.end_ms - cut_ms, start_ms + 1), length_ms))


@cache
def interview_sentences() -> tuple[str, ...]:
    """Return the sentences of our own interviews that have capitals and stops."""
    cased = [_LABEL.sub("", interview.text) for interview in interviews() if interview.cased]
    return tuple(dict.fromkeys(s for text in cased for s in _SENTENCE.findall(text)))
