"""A second reviewer who sees no marks marks random stretches, and both are compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.estimate import Agreement, most_left, rule_of_three
from transcriber.domain.finding import Action as PolicyAction
from transcriber.domain.review import JudgedFinding
from transcriber.domain.sample_kind import SampleKind
from transcriber.services.review.state import Review
from transcriber.services.review.stretches import (
    Asked,
    Stretch,
    answered_in,
    answered_of,
    stretches_of,
)
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent


@dataclass(frozen=True, slots=True)
class BlindMark:
    """Words, by number and both included, that the second reviewer holds for an identifier."""

    first_word: int
    last_word: int


_MARKS = TypeAdapter(tuple[BlindMark, ...])


@dataclass(frozen=True, slots=True)
class BlindResult:
    """What the second look came to in a study.

    `alike` compares words; `both`, `only_first` and `only_second` count marks: of both, those that
    only the released mark-up has, and those that only the second reviewer made. `clean` stretches
    are those without any of the last; `all_stretches` are those of all recordings.
    """

    stretches: int
    clean: int
    all_stretches: int
    alike: Agreement
    both: int
    only_first: int
    only_second: int

    @property
    def most_leaking(self) -> int:
        """How many of all stretches may still leak (95 %)."""
        return most_left(self.stretches, self.all_stretches, self.stretches - self.clean)

    @property
    def sentence(self) -> str:
        """What was seen, and what it proves."""
        if not self.stretches:
            return "Nobody has looked a second time yet."
        looked = f"{self.stretches:,} of {self.all_stretches:,} stretches were looked at again."
        if self.clean < self.stretches:
            leaky = self.stretches - self.clean
            return (
                f"{looked} In {leaky:,} of them something was missed. Up to "
                f"{self.most_leaking:,} of all stretches may hold something that identifies "
                "somebody (95 %)."
            )
        rough = rule_of_three(self.stretches, self.all_stretches)
        return (
            f"{looked} Nothing was missed in any. That does not prove that nothing is left: up to "
            f"{self.most_leaking:,} of all stretches may still hold something that identifies "
            f"somebody (95 %; the rule of three says about {rough:,})."
        )


def keep_marks(store: Store, study_id: str, asked: Asked, marks: Sequence[BlindMark]) -> None:
    """Keep what somebody marked in a stretch. It is audited.

    Raises UsageError for marks outside it and for a stretch that was answered: who could mark again
    might have looked at the marks meanwhile.
    """
    if asked.answer is not None:
        raise UsageError("answered", "You have marked this stretch already. Go on to the next one.")
    first, last = asked.stretch.first_word, asked.stretch.last_word
    if any(not first <= mark.first_word <= mark.last_word <= last for mark in marks):
        raise UsageError("outside", "A mark lies outside the stretch. Mark its words again.")
    with store.database.write() as connection:
        store.samples.answer(connection, asked.sample, _MARKS.dump_json(tuple(marks)))
        event = AuditEvent(
            Action.CHANGED,
            asked.sample.account_id,
            study_id,
            asked.sample.recording_id,
            asked.sample.id,
        )
        store.audit.record(connection, event)


def blind_result(store: Store, study_id: str) -> BlindResult:
    """Compare all blind marks of a study with what would leave now. Raises StorageError."""
    return _summed(answered_in(store, study_id, SampleKind.BLIND))


def blind_result_of(store: Store, review: Review) -> BlindResult:
    """Do the same for one recording. Raises StorageError."""
    return _summed([(review, answered_of(store, review, SampleKind.BLIND))])


def _summed(answered: Iterable[tuple[Review, Sequence[Asked]]]) -> BlindResult:
    stretches = clean = every = both = only_first = only_second = 0
    alike = Agreement()
    for review, done in answered:
        every += len(stretches_of(review.fold.raw))
        if not done:
            continue
        redacted = redacted_words(review.findings)
        for one in done:
            marks = _MARKS.validate_json(one.answer or b"[]")
            seen = compare(one.stretch, redacted, marks)
            stretches += 1
            clean += not seen.only_second
            alike += seen.words
            both, only_first = both + seen.both, only_first + seen.only_first
            only_second += seen.only_second
    return BlindResult(stretches, clean, every, alike, both, only_first, only_second)


@dataclass(frozen=True, slots=True)
class Compared:
    """One stretch: its words as two people marked them, and their marks."""

    words: Agreement
    both: int
    only_first: int
    only_second: int


def redacted_words(findings: Iterable[JudgedFinding]) -> tuple[range, ...]:
    """Return the words of findings that do not leave as they were said, one range for each."""
    return tuple(
        range(judged.finding.place.first_word, judged.finding.place.last_word + 1)
        for judged in findings
        if judged.finding.place is not None
        and not judged.leaves
        and judged.finding.action not in (PolicyAction.KEEP, PolicyAction.FLAG)
    )


def compare(stretch: Stretch, redacted: Sequence[range], marks: Sequence[BlindMark]) -> Compared:
    """Compare what is redacted in a stretch with what the second reviewer marked in it."""
    inside = range(stretch.first_word, stretch.last_word + 1)
    first = [one for one in redacted if one.start < inside.stop and one.stop > inside.start]
    second = [range(mark.first_word, mark.last_word + 1) for mark in marks]
    by_first = {number for one in first for number in one if number in inside}
    by_second = {number for one in second for number in one}
    agreed = len(by_first & by_second)
    words = Agreement(
        both=agreed,
        one=len(by_first) - agreed,
        other=len(by_second) - agreed,
        neither=len(inside) - len(by_first | by_second),
    )
    missed = [one for one in second if by_first.isdisjoint(one)]
    return Compared(
        words,
        both=len(second) - len(missed),
        only_first=sum(by_second.isdisjoint(one) for one in first),
        only_second=len(missed),
    )
