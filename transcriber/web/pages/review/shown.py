"""Turns as the page shows them: text cut into pieces, so that only marks are elements.

A word is found again by its place between spaces, so a blank inside a word is shown as one that
does not break. All offsets are code points of the transcript's text.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState, JudgedFinding, Note, ReviewTurn, Withheld
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER, Transcript, Word
from transcriber.services.review.state import Review

SPEAKER_COLOURS = 8
"""How many speakers the style sheet tells apart; names tell the rest."""

_BLANK = re.compile(r"\s")
_NO_BREAK = "\u00a0"
_COUNTED = re.compile(r"w(\d{6})")


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A finding as the page marks it.

    `first` and `last` are ids of words, `said` the words as heard and `out` what would leave in
    their place. `goes_on` says that it began in the turn before.
    """

    first: str
    last: str
    entity: str
    entity_type: EntityType
    state: FindingState
    said: str
    out: str
    by_sound: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a turn's text; `struck` holds of what the machine invented."""

    text: str
    mark: ShownMark | None = None
    struck: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn as the page shows it; `times` and `ids` are read by its script.

    `times` has the start of the first word, and then for each word its length and the gap behind
    it, in milliseconds. `ids` names the words where they are not simply counted on from `id`.
    """

    id: str
    label: str
    speaker: str
    colour: int | None
    start_ms: int
    times: str
    ids: str | None
    pieces: tuple[Piece, ...]
    seen: str
    notes: tuple[Note, ...]
    withheld: tuple[Withheld, ...]


def entity_key(entity_type: EntityType, entity: str) -> str:
    """Return what stands for an entity in the page: a digest, as its name may hold anything."""
    told = f"{entity_type.value}\0{entity}".encode()
    return hashlib.blake2b(told, digest_size=8).hexdigest()


def seen_as(turn: ReviewTurn) -> str:
    """Return how far a turn was checked, in one word for the style sheet and for readers."""
    if turn.stale:
        return "again"
    if turn.read:
        return "read"
    return "heard" if turn.heard else "unheard"


class TurnsShown:
    """Makes shown turns of one state of a review."""

    def __init__(self, review: Review) -> None:
        transcript: Transcript = review.transcript
        self._review = review
        self._transcript = transcript
        self._labels = {speaker.id: speaker.label for speaker in transcript.speakers}
        self._colours = {
            speaker.id: number % SPEAKER_COLOURS + 1
            for number, speaker in enumerate(transcript.speakers)
            if speaker.id != SEVERAL_VOICES
        }
        self._findings: Sequence[JudgedFinding] = review.findings
        self._starts = [judged.finding.start for judged in review.findings]
        self._longest = max(
            (judged.finding.end - judged.finding.start for judged in review.findings), default=0
        )
        self._text = _told_apart(transcript)

    def all(self, numbers: range) -> Iterator[ShownTurn]:
        """Yield the turns with these numbers."""
        for turn in self._review.turns[numbers.start : numbers.stop]:
            yield self.turn(turn)

    def turn(self, turn: ReviewTurn) -> ShownTurn:
        """Return one turn."""
        words = self._transcript.words[turn.first_word : turn.last_word + 1]
        ids = [word.id for word in words]
        return ShownTurn(
            id=ids[0],
            label=self._labels.get(turn.speaker or UNKNOWN_SPEAKER, UNKNOWN_SPEAKER),
            speaker=turn.speaker or UNKNOWN_SPEAKER,
            colour=self._colours.get(turn.speaker or ""),
            start_ms=words[0].start_ms,
            times=_times(words),
            ids=None if _counts_on(ids) else " ".join(ids),
            pieces=tuple(self._pieces(turn)),
            seen=seen_as(turn),
            notes=tuple(note for note in self._review.notes if _in(note, turn))
            if turn.noted
            else (),
            withheld=tuple(each for each in self._review.withheld if _in(each, turn))
            if turn.withheld
            else (),
        )

    def _pieces(self, turn: ReviewTurn) -> Iterator[Piece]:
        layout, words = self._transcript.layout, self._transcript.words
        start, end = layout.offsets(turn.first_word, turn.last_word)
        marks = [
            (max(judged.finding.start, start), min(judged.finding.end, end), judged)
            for judged in self._within(start, end)
        ]
        struck = [
            layout.offsets(number, number)
            for number, word in enumerate(
                words[turn.first_word : turn.last_word + 1], turn.first_word
            )
            if word.struck is not None
        ]
        withheld = [
            layout.offsets(
                max(each.first_word, turn.first_word), min(each.last_word, turn.last_word)
            )
            for each in (self._review.withheld if turn.withheld else ())
            if _in(each, turn)
        ]
        cuts = {start, end}
        stretches = [(first, last) for first, last, _ in marks]
        for stretch in (*stretches, *struck, *withheld):
            cuts.update(stretch)
        places = sorted(cuts)
        begun: set[int] = set()
        for here, there in pairwise(places):
            mark = next((m for m in marks if m[0] <= here and there <= m[1]), None)
            shown = None
            if mark is not None:
                goes_on = mark[2].finding.start < start or id(mark[2]) in begun
                begun.add(id(mark[2]))
                shown = self._mark(mark[2], self._text[here:there], goes_on=goes_on)
            yield Piece(
                self._text[here:there],
                shown,
                any(first <= here and there <= last for first, last in struck),
                any(first <= here and there <= last for first, last in withheld),
            )

    def _within(self, start: int, end: int) -> Iterator[JudgedFinding]:
        first = bisect_left(self._starts, start - self._longest)
        for number in range(first, len(self._findings)):
            judged = self._findings[number]
            if judged.finding.start >= end:
                return
            if judged.finding.end > start and judged.finding.end > judged.finding.start:
                yield judged

    def _mark(self, judged: JudgedFinding, said: str, *, goes_on: bool) -> ShownMark:
        finding = judged.finding
        assert finding.place is not None  # findings of recordings stand in words
        words = self._transcript.words
        out = said if judged.leaves or finding.replacement is None else finding.replacement
        if goes_on and not (judged.leaves or finding.replacement is None):
            out = ""
        return ShownMark(
            first=words[finding.place.first_word].id,
            last=words[finding.place.last_word].id,
            entity=entity_key(finding.entity_type, finding.entity),
            entity_type=finding.entity_type,
            state=judged.state,
            said=said,
            out=out,
            by_sound="sound" in finding.source,
            goes_on=goes_on,
        )


def _told_apart(transcript: Transcript) -> str:
    """Return the text with other blanks inside words than between them."""
    text, starts = transcript.text, transcript.layout.starts
    for number, word in enumerate(transcript.words):
        if _BLANK.search(word.text):
            start = starts[number]
            shown = _BLANK.sub(_NO_BREAK, word.text)
            text = text[:start] + shown + text[start + len(shown) :]
    return text


def _in(stretch: Note | Withheld, turn: ReviewTurn) -> bool:
    return stretch.first_word <= turn.last_word and turn.first_word <= stretch.last_word


def _counts_on(ids: Sequence[str]) -> bool:
    """Whether these ids are those that the machine gives, each one more than that before it."""
    first = _COUNTED.fullmatch(ids[0])
    return first is not None and all(
        told == f"w{number:06d}" for number, told in enumerate(ids, int(first[1]))
    )


def _times(words: Sequence[Word]) -> str:
    end_ms = words[0].start_ms
    told = [end_ms]
    for number, word in enumerate(words):
        if number:
            told.append(word.start_ms - end_ms)
        told.append(word.end_ms - word.start_ms)
        end_ms = word.end_ms
    return " ".join(map(str, told))
