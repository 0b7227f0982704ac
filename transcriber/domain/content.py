"""What the events that count make of a transcript: its words, speakers and findings.

It is a function of the raw transcript, the findings and those events alone; what was heard and read
is told by `fold.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from transcriber.domain.attribution import Attribution
from transcriber.domain.edit import (
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    FoundAgain,
    FoundHere,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    SpeakerRenamed,
    SpeakersMerged,
    TurnSplit,
    Verdict,
    WordCorrected,
    WordNumbers,
    WordsReassigned,
    WordsRestored,
    change_words,
)
from transcriber.domain.errors import EditError
from transcriber.domain.finding import PERSON_SOURCE, Action, EntityType
from transcriber.domain.mark import Mark, Marks, beside, edges
from transcriber.domain.review import Event, FindingState, Note, Withheld
from transcriber.domain.transcript import Speaker, Transcript, Word
from transcriber.domain.withdrawal import is_withdrawn

SOUND = "sound"
"""In the source of what only sounds like a name: no standing decision is made on it unseen."""

_UNDECIDED = FindingState.PROPOSED


@dataclass(slots=True)
class Touched:
    """Numbers of words that an event changed.

    `said` are those of which the text is another, so that they have to be heard again; `shown`
    those that leave in another way, so that they have to be read again. `hands` says that words
    changed their speaker.
    """

    said: set[int] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)
    hands: bool = False


class Content:
    """A version in the making."""

    def __init__(self, transcript: Transcript, marks: Marks, numbers: WordNumbers) -> None:
        self._numbers = numbers
        self._who = Attribution(list(transcript.words), list(transcript.speakers))
        self.marks = marks
        self.withheld: list[Withheld] = []
        self.notes: list[Note] = []
        self._standing: dict[tuple[EntityType, str], tuple[int, EntityDecided]] = {}

    @property
    def words(self) -> list[Word]:
        """The words as they are now."""
        return self._who.words

    @property
    def speakers(self) -> list[Speaker]:
        """The speakers as they are now."""
        return self._who.speakers

    def copy(self) -> "Content":
        """Return another one that can be changed without changing this."""
        other = object.__new__(Content)
        other._numbers = self._numbers
        other._who = Attribution(list(self._who.words), list(self._who.speakers))
        other.marks = self.marks.copy()
        other.withheld, other.notes = list(self.withheld), list(self.notes)
        other._standing = dict(self._standing)
        return other

    def apply(self, event: Event) -> Touched:
        """Apply one event that counts, and return what it changed.

        Raises EditError when it names a word or a speaker that is not there.
        """
        change = _CHANGES.get(type(event.edit))
        return change(self, event.edit, event) if change else Touched()

    def _rename(self, edit: SpeakerRenamed, event: Event) -> Touched:
        change_words(self._who, edit, self._numbers)
        return Touched(
            shown={n for n, word in enumerate(self.words) if word.speaker == edit.speaker}
        )

    def _withhold(self, edit: PassageWithheld, event: Event) -> Touched:
        span = self._span(edit)
        self.withheld.append(Withheld(event.number, span[0], span[-1], edit.reason))
        return Touched(shown=set(span))

    def _note(self, edit: Noted, event: Event) -> Touched:
        span, by = self._span(edit), event.decided_by
        note = Note(event.number, span[0], span[-1], edit.text, by, event.created_at_ms)
        self.notes.append(note)
        return Touched()

    def _span(self, edit: "_OfWords") -> range:
        return self._numbers.span(edit.first, edit.last)

    def _correct(self, edit: WordCorrected, event: Event) -> Touched:
        number = self._numbers.of(edit.word)
        self._require_said(range(number, number + 1))
        if self.words[number].text == edit.text:
            return Touched()
        change_words(self._who, edit, self._numbers)
        for mark in self.marks.touching(range(number, number + 1)):
            new = replace(
                mark,
                lead=0 if mark.first == number else mark.lead,
                trail=0 if mark.last == number else mark.trail,
            )
            if mark.state is not FindingState.ADDED:
                # It was decided on another word; until somebody looks again, it does not leave.
                new = replace(new, state=_UNDECIDED, event=None, for_all=False)
            self.marks.change(mark, new)
        return Touched({number}, {number})

    def _restore(self, edit: WordsRestored, event: Event) -> Touched:
        span = self._span(edit)
        struck = {number for number in span if self.words[number].struck is not None}
        change_words(self._who, edit, self._numbers)
        return Touched(struck, set(struck))

    def _give(self, edit: WordsReassigned | TurnSplit | SpeakersMerged, event: Event) -> Touched:
        moved = change_words(self._who, edit, self._numbers)
        return Touched(shown=moved, hands=bool(moved))

    def _mark(self, edit: IdentifierMarked, event: Event) -> Touched:
        span, number = self._span(edit), event.number
        self._require_said(span)
        there = self.marks.touching(span)
        shown = set(span)
        for mark in there:
            if mark.state is FindingState.REJECTED:
                self.marks.remove(mark)
            shown.update(mark.words)
        self.marks.cut_out(span)
        missed = all(mark.source == PERSON_SOURCE and mark.missed for mark in there)
        self.marks.add(replace(person_mark(self.words, span, edit), event=number, missed=missed))
        return Touched(shown=shown)

    def _meant(self, span: range) -> list[Mark]:
        """Return the marks that a decision on some words is about."""
        return self.marks.inside(span) or self.marks.touching(span)

    def _accept(self, edit: FindingAccepted, event: Event) -> Touched:
        touched = Touched()
        for mark in self._meant(self._span(edit)):
            if mark.state is not FindingState.ADDED:
                if mark.state is FindingState.REJECTED:
                    touched.shown.update(mark.words)
                self._judge(mark, FindingState.ACCEPTED, event.number)
        return touched

    def _reject(self, edit: FindingRejected, event: Event) -> Touched:
        touched = Touched()
        for mark in self._meant(self._span(edit)):
            if mark.state is not FindingState.REJECTED:
                touched.shown.update(mark.words)
            if mark.state is FindingState.ADDED and mark.missed:
                self.marks.remove(mark)
            else:
                self._judge(mark, FindingState.REJECTED, event.number)
        return touched

    def _judge(self, mark: Mark, state: FindingState, number: int) -> None:
        self.marks.change(mark, replace(mark, state=state, event=number, for_all=False))

    def _decide(self, edit: EntityDecided, event: Event) -> Touched:
        number = event.number
        self._standing[edit.entity_type, edit.entity] = (number, edit)
        touched = Touched()
        for mark in self.marks.of(edit.entity_type, edit.entity):
            new = _decided(mark, edit, number)
            if new is not mark:
                if new.told != mark.told:
                    touched.shown.update(mark.words)
                self.marks.change(mark, new)
        return touched

    def _found(self, edit: FoundAgain, event: Event) -> Touched:
        span = self._span(edit)
        before = [mark for mark in self.marks.inside(span) if mark.by_machine]
        for mark in before:
            self.marks.remove(mark)
        after = []
        for here in edit.found:
            for new in self._new(here):
                same = next((old for old in before if old.told == new.told), None)
                after.append(same or new)
                self.marks.add(after[-1])
        gone = {mark for mark in before if mark not in after}
        come = {mark for mark in after if mark not in before}
        return Touched(shown={n for mark in gone | come for n in mark.words})

    def _beside_withdrawn(self, mark: Mark) -> Iterator[Mark]:
        """Yield what of a mark stands in words that somebody said: nothing else is a name."""
        gone = [number for number in mark.words if is_withdrawn(self.words[number].text)]
        if not gone:
            yield mark
            return
        for piece in beside(mark, range(gone[0], gone[0] + 1)):
            yield from self._beside_withdrawn(piece)

    def _require_said(self, span: range) -> None:
        """Raise EditError where nobody's words are left to change or mark."""
        if any(is_withdrawn(self.words[number].text) for number in span):
            raise EditError(
                "withdrawn",
                "What stood here was withdrawn by whoever said it, so nothing can be changed or "
                "marked here.",
            )

    def _new(self, here: FoundHere) -> Iterable[Mark]:
        """Return the marks of what was found, beside what people decided and what is marked."""
        span = self._numbers.span(here.first, here.last)
        mark = Mark(
            span[0],
            span[-1],
            here.lead,
            here.trail,
            here.entity_type,
            here.entity,
            here.score,
            here.source,
            here.action,
            here.replacement,
        )
        pieces = list(self._beside_withdrawn(mark))
        for other in self.marks.touching(span):
            if other.by_machine and not _share_letters(mark, other):
                continue
            pieces = [
                part
                for piece in pieces
                for part in (beside(piece, other.words) if _meet(piece, other) else (piece,))
            ]
        for piece in pieces:
            standing = self._standing.get((piece.entity_type, piece.entity))
            if standing is not None and SOUND not in piece.source:
                yield _decided(piece, standing[1], standing[0])
            else:
                yield piece


def person_mark(words: Sequence[Word], span: range, edit: IdentifierMarked) -> Mark:
    """Return what somebody marked in some words, as the list tells it."""
    first, last = span[0], span[-1]
    lead, trail = edges(words, first, last)
    text = " ".join(words[number].text for number in span)
    return Mark(
        first,
        last,
        lead,
        trail,
        edit.entity_type,
        edit.entity or text[lead : len(text) - trail].casefold(),
        1.0,
        PERSON_SOURCE,
        Action.REPLACE,
        edit.replacement,
        FindingState.ADDED,
    )


_OfWords = (
    WordsRestored
    | IdentifierMarked
    | FindingAccepted
    | FindingRejected
    | FoundAgain
    | PassageWithheld
    | Noted
)

_CHANGES: Mapping[type, Callable[[Content, Any, Event], Touched]] = {
    WordCorrected: Content._correct,
    WordsRestored: Content._restore,
    WordsReassigned: Content._give,
    TurnSplit: Content._give,
    SpeakersMerged: Content._give,
    SpeakerRenamed: Content._rename,
    IdentifierMarked: Content._mark,
    FindingAccepted: Content._accept,
    FindingRejected: Content._reject,
    EntityDecided: Content._decide,
    FoundAgain: Content._found,
    PassageWithheld: Content._withhold,
    Noted: Content._note,
}
"""What each kind of event changes; the others change no word."""


def _meet(one: Mark, other: Mark) -> bool:
    return one.first <= other.last and other.first <= one.last


def _share_letters(one: Mark, other: Mark) -> bool:
    """Whether two marks that share a word may share a letter of it: only two ends may not."""
    return not (
        (one.last == other.first and one.trail and other.lead)
        or (other.last == one.first and other.trail and one.lead)
    )


def _decided(mark: Mark, edit: EntityDecided, number: int) -> Mark:
    """Return a mark as a decision on all mentions of its entity leaves it."""
    if edit.verdict is Verdict.CHANGE:
        if mark.state is FindingState.REJECTED and not mark.for_all:
            return mark
        mark = replace(
            mark,
            entity_type=edit.new_type or mark.entity_type,
            replacement=edit.replacement or mark.replacement,
            action=Action.REPLACE if edit.replacement else mark.action,
        )
        if mark.state is FindingState.ADDED:
            return mark
        return replace(mark, state=FindingState.ACCEPTED, event=number, for_all=True)
    if not mark.by_machine:
        return mark
    accepted = edit.verdict is Verdict.ACCEPT
    state = FindingState.ACCEPTED if accepted else FindingState.REJECTED
    return replace(mark, state=state, event=number, for_all=True)
