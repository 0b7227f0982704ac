"""When each speaker talks, after people's corrections.

Turns come from the voices, corrections name words. A turn is cut where its words change hands, half
way between two words, and each piece goes to whoever has the words now.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from transcriber.domain.interval import Interval, joined
from transcriber.domain.transcript import SEVERAL_VOICES, Transcript, Turn


def speaking(
    turns: Sequence[Turn], heard: Transcript, current: Transcript
) -> dict[str, tuple[Interval, ...]]:
    """Return when each speaker of `current` talks, in order and without overlap of one with itself.

    `turns` are what the voices gave for `heard`, and `current` is a version of that. What nobody
    or several people said is nobody's.
    """
    stretches: defaultdict[str, list[Interval]] = defaultdict(list)
    words = _Words(heard, current)
    for turn in turns:
        for owner, stretch in words.pieces(turn):
            if owner is not None:
                stretches[owner].append(stretch)
    for owner, stretch in words.outside(turns):
        stretches[owner].append(stretch)
    listed = [speaker.id for speaker in current.speakers if speaker.id != SEVERAL_VOICES]
    return {speaker: tuple(joined(stretches.get(speaker, ()))) for speaker in listed}


def spoken_as_written(heard: Transcript) -> tuple[Turn, ...]:
    """Return turns by the words alone, for a transcript that was brought without its sound."""
    words = heard.words
    return tuple(
        Turn(one.speaker, Interval(words[one.first_word].start_ms, words[one.last_word].end_ms))
        for one in heard.segments
        if one.speaker is not None
    )


class _Words:
    """The words of each voice, with those who have them now."""

    def __init__(self, heard: Transcript, current: Transcript) -> None:
        self._of: defaultdict[str, list[tuple[Interval, str | None]]] = defaultdict(list)
        self._others: list[tuple[str | None, Interval, str | None]] = []
        moved: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
        for was, now in zip(heard.words, current.words, strict=True):
            if was.speaker is not None:
                self._of[was.speaker].append((was.interval, now.speaker))
                moved[was.speaker][now.speaker] += 1
            self._others.append((was.speaker, was.interval, now.speaker))
        for spoken in self._of.values():
            spoken.sort(key=lambda item: item[0])
        self._heir: Mapping[str, str | None] = {
            voice: owners.most_common(1)[0][0] for voice, owners in moved.items()
        }

    def pieces(self, turn: Turn) -> Iterator[tuple[str | None, Interval]]:
        """Yield the pieces of a turn with their owners; one without words goes with the voice."""
        spoken = self._within(turn)
        if not spoken:
            yield self._heir.get(turn.speaker, turn.speaker), turn.interval
            return
        borders = [turn.interval.start_ms]
        for (before, _), (after, _) in pairwise(spoken):
            middle_ms = (before.end_ms + after.start_ms) // 2
            borders.append(min(max(middle_ms, borders[-1]), turn.interval.end_ms))
        borders.append(turn.interval.end_ms)
        for (start_ms, end_ms), (_, owner) in zip(pairwise(borders), spoken, strict=True):
            yield owner, Interval(start_ms, end_ms)

    def outside(self, turns: Sequence[Turn]) -> Iterator[tuple[str, Interval]]:
        """Yield words that a person gave to somebody and that no turn of their voice holds."""
        of_voice: defaultdict[str, list[Interval]] = defaultdict(list)
        for turn in turns:
            of_voice[turn.speaker].append(turn.interval)
        held = {voice: joined(stretches) for voice, stretches in of_voice.items()}
        for voice, spoken, owner in self._others:
            if owner in (None, SEVERAL_VOICES) or owner == voice:
                continue
            if not _touches(held.get(voice or "", ()), spoken):
                yield str(owner), spoken

    def _within(self, turn: Turn) -> list[tuple[Interval, str | None]]:
        spoken = self._of[turn.speaker]
        first = bisect_left(spoken, turn.interval.start_ms, key=lambda item: item[0].end_ms)
        last = bisect_left(spoken, turn.interval.end_ms, key=lambda item: item[0].start_ms)
        return [item for item in spoken[first:last] if item[0].overlap_ms(turn.interval)]


def _touches(stretches: Sequence[Interval], spoken: Interval) -> bool:
    place = bisect_left(stretches, spoken.end_ms, key=lambda stretch: stretch.start_ms)
    return place > 0 and stretches[place - 1].end_ms > spoken.start_ms
