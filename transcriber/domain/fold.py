"""The list of events, folded: what leaves, and which turns were heard and read after their change.

A turn counts as heard or read word by word, by the numbers of events: the last that changed a word
against the last in which somebody heard or read it. Undoing is a change too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import gt

from transcriber.domain.content import Content, Touched
from transcriber.domain.edit import Edit, Heard, TurnsRead, Undone, WordNumbers, effective_numbers
from transcriber.domain.finding import Finding
from transcriber.domain.mark import Mark, Marks, mark_of
from transcriber.domain.review import (
    Event,
    FindingState,
    JudgedFinding,
    Note,
    Progress,
    ReviewTurn,
    Withheld,
)
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Segment, Transcript

_NEVER = -1
_KEPT = 24
"""Steps before the last one of which the content is kept, so that undoing them is quick."""

_Past = tuple[list[int], Content]
"""The numbers of the events that counted once, and what they made."""


class Fold:
    """A version of a transcript with all that checking made of it. It is never changed.

    `transcript` has the edits applied; `number` is how many events it holds.
    """

    def __init__(self, transcript: Transcript, found: Iterable[Finding]) -> None:
        """Begin with the machine's words, and what was found in them."""
        count = len(transcript.words)
        self._raw = transcript
        self._found = Marks(mark_of(finding, transcript) for finding in found)
        self._numbers = WordNumbers(transcript)
        self._content = self._fresh()
        self._said_at = [_NEVER] * count
        self._shown_at = [_NEVER] * count
        self._heard_at = [_NEVER] * count
        self._read_at = [_NEVER] * count
        self._events: list[Event] = []
        self._hands_at = _NEVER
        self._counting: list[int] = []
        self._past: tuple[_Past, ...] = ()
        self.transcript = transcript
        self._turns: list[ReviewTurn] = []
        self._firsts = [segment.first_word for segment in transcript.segments]
        self._turns = [self._turn(segment) for segment in transcript.segments]
        self._judged: dict[Mark, JudgedFinding] = {}
        self._findings: tuple[JudgedFinding, ...] | None = None

    @property
    def number(self) -> int:
        """How many events it holds."""
        return len(self._events)

    @property
    def raw(self) -> Transcript:
        """The machine's words."""
        return self._raw

    @property
    def found(self) -> Marks:
        """What the machine had found before any event, not to be changed."""
        return self._found

    @property
    def events(self) -> Sequence[Event]:
        """The list of events, in order."""
        return tuple(self._events)

    @property
    def counting_numbers(self) -> tuple[int, ...]:
        """The places in the list of what counts: nothing that was undone, and no undoing."""
        return tuple(self._counting)

    @property
    def counting(self) -> tuple[Edit, ...]:
        """What counts of the list, in order."""
        return tuple(self._events[number].edit for number in self._counting)

    @property
    def turns(self) -> tuple[ReviewTurn, ...]:
        """The turns in order, one for each segment of the transcript."""
        return tuple(self._turns)

    @property
    def heard(self) -> tuple[int | None, ...]:
        """For each word the event in which somebody heard it as it is now, None for nobody."""
        return _seen_by(self._heard_at, self._said_at)

    @property
    def read(self) -> tuple[int | None, ...]:
        """For each word the event in which somebody read it as it leaves now, None for nobody."""
        return _seen_by(self._read_at, self._shown_at)

    @property
    def marks(self) -> Marks:
        """The findings by their words, not to be changed."""
        return self._content.marks

    @property
    def findings(self) -> tuple[JudgedFinding, ...]:
        """All findings in order of their words, also those that were rejected."""
        if self._findings is None:
            known = self._judged
            self._judged = {
                mark: known.get(mark) or mark.judged(self.transcript) for mark in self.marks
            }
            self._findings = tuple(self._judged.values())
        return self._findings

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The passages that do not leave, in order of their words."""
        return tuple(sorted(self._content.withheld, key=lambda passage: passage.first_word))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What people wrote for one another, in order of the words."""
        return tuple(sorted(self._content.notes, key=lambda note: note.first_word))

    def turns_of(self, words: range) -> range:
        """Return the numbers of the turns that have any of these words."""
        first = max(bisect_right(self._firsts, words.start) - 1, 0)
        return range(first, max(bisect_right(self._firsts, words.stop - 1), first + 1))

    def changed_since(self, number: int, words: range) -> bool:
        """Whether any of these words leaves in another way since an event of this number."""
        return max(self._shown_at[words.start : words.stop], default=_NEVER) >= number

    def turns_since(self, number: int) -> list[int]:
        """Return the numbers of the turns to which anything happened since an event."""
        at = (self._said_at, self._shown_at, self._heard_at, self._read_at)
        words = {word for each in at for word, last in enumerate(each) if last >= number}
        for note in self._content.notes:
            if note.event >= number:
                words.update(range(note.first_word, note.last_word + 1))
        return sorted({bisect_right(self._firsts, word) - 1 for word in words})

    def resegmented_since(self, number: int) -> bool:
        """Whether words changed hands since an event, so that turns are others."""
        return self._hands_at >= number

    def numbers_of(self, first: str, last: str) -> range:
        """Return the numbers of the words from `first` to `last`. Raises EditError."""
        return self._numbers.span(first, last)

    def progress(self) -> Progress:
        """Return how far checking is."""
        words = self.transcript.words
        speech_ms = heard_ms = read_ms = stale = 0
        for turn in self._turns:
            length_ms = max(words[turn.last_word].end_ms - words[turn.first_word].start_ms, 0)
            speech_ms += length_ms
            heard_ms += length_ms * turn.heard
            read_ms += length_ms * turn.read
            stale += turn.stale
        states = [mark.state for mark in self.marks]
        return Progress(
            speech_ms,
            heard_ms,
            read_ms,
            len(states),
            states.count(FindingState.PROPOSED),
            sum(mark.for_all and mark.state is FindingState.ACCEPTED for mark in self.marks),
            stale,
        )

    def extended(self, events: Sequence[Event]) -> "Fold":
        """Return what some more events make of it; their numbers go on where it ends.

        Raises EditError when one of them does not fit, also because what it needs was undone.
        """
        if not events:
            return self
        other = self._copied()
        touched: list[Touched] = []
        for undoing, run in groupby(events, _undoing):
            batch = list(run)
            if undoing is not None:
                touched.append(other._undo(batch))
            else:
                touched += [other._add(event) for event in batch]
        other._show(touched, self)
        return other

    def _fresh(self) -> Content:
        return Content(self._raw, self._found.copy(), self._numbers)

    def _copied(self) -> "Fold":
        other = object.__new__(Fold)
        other.__dict__.update(self.__dict__)
        other._content = self._content.copy()
        other._said_at, other._shown_at = list(self._said_at), list(self._shown_at)
        other._heard_at, other._read_at = list(self._heard_at), list(self._read_at)
        other._events, other._turns = list(self._events), list(self._turns)
        other._counting = list(self._counting)
        other._past = (*self._past, (self._counting, self._content))[-_KEPT:]
        other._findings = None
        return other

    def _add(self, event: Event) -> Touched:
        self._events.append(event)
        self._counting.append(event.number)
        touched = self._content.apply(event)
        self._touch(touched, event.number)
        seen = self._check(event)
        return Touched(touched.said, touched.shown | set(seen), touched.hands)

    def _check(self, event: Event) -> range:
        """Write down who heard or read words, and return these."""
        edit = event.edit
        if not isinstance(edit, Heard | TurnsRead):
            return range(0)
        span = self._numbers.span(edit.first, edit.last)
        at = self._heard_at if isinstance(edit, Heard) else self._read_at
        at[span.start : span.stop] = [event.number] * len(span)
        return span

    def _touch(self, touched: Touched, number: int) -> None:
        for word in touched.said:
            self._said_at[word] = number
        for word in touched.shown:
            self._shown_at[word] = number
        if touched.hands:
            self._hands_at = number

    def _undo(self, events: Sequence[Event]) -> Touched:
        """Make the content anew without what is undone; what differs was changed by that."""
        self._events += events
        before, checked = self._content, (self._heard_at, self._read_at)
        self._past = (*self._past, (self._counting, before))[-_KEPT:]
        self._counting = effective_numbers([event.edit for event in self._events])
        self._content = self._counted()
        count = len(self._raw.words)
        self._heard_at, self._read_at = [_NEVER] * count, [_NEVER] * count
        for number in self._counting:
            self._check(self._events[number])
        touched = _difference(before, self._content)
        self._touch(touched, events[-1].number)
        seen = {
            number
            for was, now in zip(checked, (self._heard_at, self._read_at), strict=True)
            if was != now
            for number in range(count)
            if was[number] != now[number]
        }
        return Touched(touched.said, touched.shown | seen, touched.hands)

    def _counted(self) -> Content:
        """Return what the events that count make, taken from before where it was that already."""
        for counting, content in reversed(self._past):
            if counting == self._counting:
                return content.copy()
        content = self._fresh()
        for number in self._counting:
            content.apply(self._events[number])
        return content

    def _show(self, touched: Sequence[Touched], before: "Fold") -> None:
        """Make turns and text as they are now."""
        hands = any(each.hands for each in touched)
        if hands or any(each.said for each in touched) or self._changed_labels(before):
            words = tuple(self._content.words)
            moved = any(
                was.speaker != now.speaker for was, now in zip(self._raw.words, words, strict=True)
            )
            cut = self.transcript.segments
            if hands:
                cut = tuple(segments(words)) if moved else self._raw.segments
            speakers = tuple(self._content.speakers)
            self.transcript = replace(self._raw, words=words, speakers=speakers, segments=cut)
            self._judged = {}
        if hands:
            self._cut_anew()
        shown = sorted({word for each in touched for word in each.shown | each.said})
        noted = (*self._content.notes, *before._content.notes)
        anew = {bisect_right(self._firsts, word) - 1 for word in shown}
        for note in noted:
            anew.update(self.turns_of(range(note.first_word, note.last_word + 1)))
        for number in anew:
            self._turns[number] = self._turn(self.transcript.segments[number])

    def _cut_anew(self) -> None:
        """Take over the turns that are the same; all others have words that were touched."""
        known = {(turn.first_word, turn.last_word, turn.speaker): turn for turn in self._turns}
        cut = self.transcript.segments
        self._firsts = [segment.first_word for segment in cut]
        self._turns = [
            known.get((segment.first_word, segment.last_word, segment.speaker))
            or self._turn(segment)
            for segment in cut
        ]

    def _changed_labels(self, before: "Fold") -> bool:
        return self._content.speakers != before._content.speakers

    def _turn(self, segment: Segment) -> ReviewTurn:
        first, end = segment.first_word, segment.last_word + 1
        said, shown = self._said_at[first:end], self._shown_at[first:end]
        heard, read = self._heard_at[first:end], self._read_at[first:end]
        return ReviewTurn(
            first,
            segment.last_word,
            segment.speaker,
            heard=all(map(gt, heard, said)),
            read=all(map(gt, read, shown)),
            stale=_stale(heard, said) or _stale(read, shown),
            noted=_meets(self._content.notes, first, end),
            withheld=_meets(self._content.withheld, first, end),
        )


def _undoing(event: Event) -> str | None:
    """Return the batch of what undoes, which is looked at as one change."""
    return event.batch if isinstance(event.edit, Undone) else None


def _seen_by(seen: Sequence[int], changed: Sequence[int]) -> tuple[int | None, ...]:
    return tuple(at if at > change else None for at, change in zip(seen, changed, strict=True))


def _stale(seen: Sequence[int], changed: Sequence[int]) -> bool:
    return max(seen) > _NEVER and any(
        _NEVER < at < change for at, change in zip(seen, changed, strict=True)
    )


def _meets(stretches: Sequence[Note] | Sequence[Withheld], first: int, end: int) -> bool:
    return any(each.first_word < end and each.last_word >= first for each in stretches)


def _difference(before: Content, after: Content) -> Touched:
    """Return the words that another version shows in another way."""
    said, shown, hands = set(), set(), False
    for number, (was, now) in enumerate(zip(before.words, after.words, strict=True)):
        if was is now or was == now:
            continue
        shown.add(number)
        hands = hands or was.speaker != now.speaker
        if (was.text, was.struck) != (now.text, now.struck):
            said.add(number)
    labels = {speaker.id: speaker.label for speaker in before.speakers}
    renamed = {each.id for each in after.speakers if labels.get(each.id) != each.label}
    if renamed:
        shown.update(n for n, word in enumerate(after.words) if word.speaker in renamed)
    old = {mark.told: mark for mark in before.marks}
    new = {mark.told: mark for mark in after.marks}
    for told in old.keys() ^ new.keys():
        shown.update((old.get(told) or new[told]).words)
    for passage in set(before.withheld) ^ set(after.withheld):
        shown.update(range(passage.first_word, passage.last_word + 1))
    return Touched(said, shown, hands)
