"""A transcript without what somebody took back: one word stands where a turn or a name stood."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Segment, Transcript, Word
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN, is_withdrawn


@dataclass(frozen=True)
class WithoutThem:
    """What is left of a transcript, and which of its words each former word became.

    `places` has the number of the new word for each former one; `gone` are the numbers of the
    former words that were taken out. `spoken` is when they spoke, `mentioned` when others named
    them. `words` counts the words that they had said.
    """

    transcript: Transcript
    places: tuple[int, ...]
    gone: frozenset[int]
    spoken: tuple[Interval, ...]
    mentioned: tuple[Interval, ...]
    words: int

    @property
    def is_same(self) -> bool:
        """Whether nothing of theirs was there."""
        return not (self.spoken or self.mentioned)


def without_them(
    transcript: Transcript, labels: Collection[str], mentions: Iterable[range]
) -> WithoutThem:
    """Take out all that is said under some labels, and where others mention whoever has them.

    Each run of words in a row becomes one word with the id of the first of them, from its start to
    the end of the last; all other words keep their ids and times. What was taken out before stays
    as it is.
    """
    voices = {speaker.id for speaker in transcript.speakers if speaker.label in labels}
    kinds = _kinds(transcript, voices, mentions)
    words: list[Word] = []
    places: list[int] = []
    gone: set[int] = set()
    spoken: list[Interval] = []
    mentioned: list[Interval] = []
    said = 0
    for kind, run in groupby(range(len(transcript.words)), key=kinds.__getitem__):
        numbers = list(run)
        if kind is None:
            places += range(len(words), len(words) + len(numbers))
            words += (transcript.words[number] for number in numbers)
            continue
        former = [transcript.words[number] for number in numbers]
        places += [len(words)] * len(numbers)
        words.append(_standing(former, kind[0]))
        stretch = Interval(words[-1].start_ms, words[-1].end_ms)
        if kind[0] is NAME_WITHDRAWN:
            mentioned.append(stretch)
            gone.update(numbers)
        elif any(not is_withdrawn(word.text) for word in former):
            spoken.append(stretch)
            said += sum(not is_withdrawn(word.text) for word in former)
            gone.update(numbers)
    left = replace(
        transcript, words=tuple(words), segments=tuple(_segments(transcript.segments, places))
    )
    return WithoutThem(left, tuple(places), frozenset(gone), tuple(spoken), tuple(mentioned), said)


_Kind = tuple[str, object] | None


def _kinds(
    transcript: Transcript, voices: Collection[str], mentions: Iterable[range]
) -> list[_Kind]:
    """Return for each word what stands in its place, None where it stays; runs differ in that."""
    kinds: list[_Kind] = [None] * len(transcript.words)
    segment_of = [
        number
        for number, segment in enumerate(transcript.segments)
        for _ in range(segment.first_word, segment.last_word + 1)
    ]
    for mention in sorted(mentions, key=lambda span: (span.start, span.stop)):
        open_words = [number for number in mention if kinds[number] is None]
        for number in open_words:
            kinds[number] = (NAME_WITHDRAWN, (mention.start, segment_of[number]))
    for number, word in enumerate(transcript.words):
        if word.speaker in voices:
            kinds[number] = (CONTRIBUTION_WITHDRAWN, word.speaker)
        elif is_withdrawn(word.text):
            kinds[number] = None
    return kinds


def _standing(former: Sequence[Word], text: str) -> Word:
    first = former[0]
    end_ms = max(word.end_ms for word in former)
    return Word(first.id, text, first.start_ms, max(end_ms, first.start_ms), first.speaker)


def _segments(former: Sequence[Segment], places: Sequence[int]) -> Iterator[Segment]:
    """Yield the segments of what is left; one that lay in a run which began before it is gone."""
    following = 0
    for segment in former:
        first, last = max(places[segment.first_word], following), places[segment.last_word]
        if first <= last:
            yield Segment(segment.speaker, first, last)
            following = last + 1
