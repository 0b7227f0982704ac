"""From what a document says to a transcript: speakers by their names, words in their turns."""

import re
from collections.abc import Iterator, Mapping, Sequence

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.domain.written import WrittenTurn
from transcriber.stages.words import plain

_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
"""What meeting programs put behind a name: `(Guest)`, `(she/her)`, `[Host]`."""

NO_TIME = Interval(0, 0)
"""Of words in a document without times: their order is all that is known."""


def own_name(name: str) -> str:
    """Return a speaker's name without what programs put behind it."""
    return " ".join(_ASIDE.sub("", name).split())


def speaker_ids(turns: Sequence[WrittenTurn]) -> Mapping[str, str]:
    """Return an id for each speaker, `S1`, `S2`, … as they appear, by the plain form of the name.

    Spellings that differ in case and accents only are one speaker.
    """
    names = dict.fromkeys(plain(own_name(turn.name)) for turn in turns)
    return {name: f"S{number}" for number, name in enumerate(filter(None, names), start=1)}


def written_transcript(
    turns: Sequence[WrittenTurn], language: str, provenance: Mapping[str, object]
) -> Transcript:
    """Return the transcript; every turn is a segment, and who is not named is nobody.

    Words share the time of their turn by their length. Where there are no times, all of them are
    zero.
    """
    ids = speaker_ids(turns)
    words: list[Word] = []
    segments: list[Segment] = []
    for turn in turns:
        speaker = ids.get(plain(own_name(turn.name)))
        first = len(words)
        for text, interval in _timed(turn):
            number = len(words)
            words.append(Word(f"w{number:06d}", text, interval.start_ms, interval.end_ms, speaker))
        if len(words) > first:
            segments.append(Segment(speaker, first, len(words) - 1))
    return Transcript(
        language=language,
        quality=Quality.FULL,
        duration_ms=max((word.end_ms for word in words), default=0),
        speakers=tuple(Speaker(speaker, speaker) for speaker in ids.values()),
        words=tuple(words),
        segments=tuple(segments),
        coverage=Coverage(0),
        provenance=provenance,
    )


def _timed(turn: WrittenTurn) -> Iterator[tuple[str, Interval]]:
    texts = turn.text.split()
    if turn.interval is None:
        yield from ((text, NO_TIME) for text in texts)
        return
    letters, passed = sum(map(len, texts)), 0
    start_ms, length_ms = turn.interval.start_ms, turn.interval.duration_ms
    for text in texts:
        begin_ms = start_ms + length_ms * passed // letters
        passed += len(text)
        yield text, Interval(begin_ms, start_ms + length_ms * passed // letters)
