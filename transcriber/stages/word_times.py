"""Times that a recogniser left out or stretched, mended before anybody relies on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import RecognisedWord

LONGEST_WORD_MS = 2_000
"""No word lasts longer. Attention-based recognisers give the word before a pause the pause as well
(reported of whisperX: "a word before a silence gets 4 s")."""

_MS_PER_CHARACTER = 80
"""Of a word without time: conversation runs at about 12 characters a second."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word whose time is known."""

    text: str
    interval: Interval
    confidence: float | None = None


def timed(
    words: Sequence[RecognisedWord], region: Interval, speech: Sequence[Interval]
) -> list[TimedWord]:
    """Give every word of a region a time inside it, in order and no longer than two seconds.

    A word without time is put where somebody speaks between its neighbours. A word that is too
    long keeps the longest stretch of speech in it.
    """
    result: list[TimedWord] = []
    position_ms = region.start_ms
    for number, word in enumerate(words):
        if word.start_ms is None or word.end_ms is None:
            next_ms = _next_start(words, number, region)
            room = Interval(position_ms, max(position_ms, next_ms))
            interval = _guessed(word, room, speech)
        else:
            start_ms = min(max(word.start_ms, position_ms), region.end_ms)
            end_ms = min(max(word.end_ms, start_ms), region.end_ms)
            interval = _shortened(Interval(start_ms, end_ms), speech)
        result.append(TimedWord(word.text, interval, word.confidence))
        position_ms = interval.end_ms
    return result


def _next_start(words: Sequence[RecognisedWord], number: int, region: Interval) -> int:
    """Return when the next word with a time begins, not before the region does."""
    known = (word.start_ms for word in words[number + 1 :] if word.start_ms is not None)
    return min(max(next(known, region.end_ms), region.start_ms), region.end_ms)


def _guessed(word: RecognisedWord, room: Interval, speech: Sequence[Interval]) -> Interval:
    spoken = [stretch for stretch in speech if stretch.overlap_ms(room)]
    start_ms = max(room.start_ms, spoken[0].start_ms) if spoken else room.start_ms
    usual_ms = min(len(word.text) * _MS_PER_CHARACTER, LONGEST_WORD_MS)
    return Interval(start_ms, min(start_ms + usual_ms, room.end_ms))


def _shortened(interval: Interval, speech: Sequence[Interval]) -> Interval:
    if interval.duration_ms <= LONGEST_WORD_MS:
        return interval
    within = [
        Interval(max(s.start_ms, interval.start_ms), min(s.end_ms, interval.end_ms))
        for s in speech
        if s.overlap_ms(interval)
    ]
    kept = max(within, key=lambda stretch: stretch.duration_ms, default=interval)
    return Interval(kept.start_ms, min(kept.end_ms, kept.start_ms + LONGEST_WORD_MS))
