"""Findings by the words that they stand in, so that they keep their place when words change."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.edit import FoundHere
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.domain.transcript import Transcript, Word


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A finding in the words from `first` to `last`, both included.

    `lead` characters of the first word stand before it and `trail` of the last one behind it. It is
    itself and no other: two marks that say the same have the same `told`.
    """

    first: int
    last: int
    lead: int
    trail: int
    entity_type: EntityType
    entity: str
    score: float
    source: str
    action: Action | None
    replacement: str | None
    state: FindingState = FindingState.PROPOSED
    event: int | None = None
    for_all: bool = False
    missed: bool = False

    @property
    def told(self) -> tuple[object, ...]:
        """All that it says of what leaves."""
        return (
            self.first,
            self.last,
            self.lead,
            self.trail,
            self.entity_type,
            self.entity,
            self.action,
            self.replacement,
            self.state is FindingState.REJECTED,
        )

    @property
    def by_machine(self) -> bool:
        """Whether the machine proposed it and nobody has decided on it one by one."""
        return self.state is FindingState.PROPOSED or self.for_all

    @property
    def words(self) -> range:
        """The numbers of its words."""
        return range(self.first, self.last + 1)

    def judged(self, transcript: Transcript) -> JudgedFinding:
        """Return it with the offsets and times of a version."""
        first, last = transcript.words[self.first], transcript.words[self.last]
        start, end = transcript.layout.offsets(self.first, self.last)
        start, end = start + self.lead, end - self.trail
        spoken = transcript.words[self.first : self.last + 1]
        end_ms = last.end_ms if first is last else max(word.end_ms for word in spoken)
        finding = Finding(
            start=start,
            end=end,
            entity_type=self.entity_type,
            text=transcript.text[start:end],
            score=self.score,
            source=self.source,
            entity=self.entity,
            place=Place(self.first, self.last, first.start_ms, end_ms),
            action=self.action,
            replacement=self.replacement,
        )
        return JudgedFinding(finding, self.state, self.event, self.for_all, self.missed)


def mark_of(finding: Finding, transcript: Transcript) -> Mark:
    """Return the mark of a finding in the text of a transcript."""
    layout = transcript.layout
    if finding.place is not None:
        first, last = finding.place.first_word, finding.place.last_word
    else:
        first, last = layout.word_range(finding.start, finding.end)
    start, end = layout.offsets(first, last)
    return Mark(
        first,
        last,
        max(finding.start - start, 0),
        max(end - finding.end, 0),
        finding.entity_type,
        finding.entity or finding.text.casefold(),
        finding.score,
        finding.source,
        finding.action,
        finding.replacement,
    )


def found_here(finding: Finding, transcript: Transcript) -> FoundHere:
    """Return what an event tells of a finding in the text of a transcript."""
    return told_here(mark_of(finding, transcript), transcript)


def told_here(mark: Mark, transcript: Transcript) -> FoundHere:
    """Return what an event tells of a mark."""
    return FoundHere(
        transcript.words[mark.first].id,
        transcript.words[mark.last].id,
        mark.entity_type,
        mark.entity,
        mark.score,
        mark.source,
        mark.lead,
        mark.trail,
        mark.action,
        mark.replacement,
    )


def edges(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Return how many characters around some words belong to no name: signs, and a final `'s`."""
    opening, closing = words[first].text, words[last].text
    lead = next((n for n, sign in enumerate(opening) if sign.isalnum()), 0)
    trail = next((n for n, sign in enumerate(reversed(closing)) if sign.isalnum()), 0)
    stem = closing[: len(closing) - trail]
    if len(stem) > 3 and stem[-2:].casefold() in ("'s", "\u2019s"):
        trail += 2
    if first == last and lead + trail >= len(opening):
        return 0, 0
    return lead, trail


class Marks:
    """The marks of a version in order of their words; they may share a word, not a letter."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._all = sorted(marks, key=_place)
        self._longest = max((mark.last - mark.first for mark in self._all), default=0)

    def copy(self) -> "Marks":
        """Return another list of the same marks."""
        other = Marks(())
        other._all, other._longest = list(self._all), self._longest
        return other

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def touching(self, words: range) -> list[Mark]:
        """Return the marks that have any of these words."""
        start = bisect_left(self._all, (words.start - self._longest, 0, 0), key=_place)
        found = []
        for mark in self._all[start:]:
            if mark.first >= words.stop:
                break
            if mark.last >= words.start:
                found.append(mark)
        return found

    def inside(self, words: range) -> list[Mark]:
        """Return the marks that have these words only."""
        return [
            mark
            for mark in self.touching(words)
            if mark.first >= words.start and mark.last < words.stop
        ]

    def of(self, entity_type: EntityType, entity: str) -> list[Mark]:
        """Return the marks of an entity."""
        return [
            mark for mark in self._all if mark.entity == entity and mark.entity_type is entity_type
        ]

    def add(self, mark: Mark) -> None:
        """Add a mark."""
        insort(self._all, mark, key=_place)
        self._longest = max(self._longest, mark.last - mark.first)

    def remove(self, mark: Mark) -> None:
        """Remove a mark that is there."""
        number = bisect_left(self._all, _place(mark), key=_place)
        while self._all[number] is not mark:
            number += 1
        del self._all[number]

    def change(self, mark: Mark, new: Mark) -> None:
        """Put a mark in another one's place."""
        self.remove(mark)
        self.add(new)

    def cut_out(self, words: range) -> list[Mark]:
        """Let no mark have any of these words; what lies beside them stays marked.

        Return those that were there.
        """
        found = self.touching(words)
        for mark in found:
            self.remove(mark)
            for piece in beside(mark, words):
                self.add(piece)
        return found


def beside(mark: Mark, words: range) -> Iterator[Mark]:
    """Yield what of a mark lies before and behind some words that it touches."""
    if mark.first < words.start:
        yield replace(mark, last=words.start - 1, trail=0)
    if mark.last >= words.stop:
        yield replace(mark, first=words.stop, lead=0)


def _place(mark: Mark) -> tuple[int, int, int]:
    return mark.first, mark.last, mark.lead
