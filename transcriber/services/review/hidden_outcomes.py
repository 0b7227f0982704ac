"""What became of findings that were hidden from the reviewer (`seeded.py`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingRejected,
    FoundAgain,
    IdentifierMarked,
    PassageWithheld,
    Verdict,
    WordCorrected,
)
from transcriber.domain.finding import EntityType
from transcriber.domain.fold import Fold
from transcriber.services.review.state import Review


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words, named by their permanent ids and both included, of a finding that is not shown."""

    first: str
    last: str
    entity_type: EntityType
    entity: str


class Outcome(StrEnum):
    """What became of a hidden finding.

    It is `open` until sign-off and tells nothing (`void`) where a correction or a decision for the
    whole study changed it before anybody could see it.
    """

    OPEN = "open"
    CAUGHT = "caught"
    MISSED = "missed"
    VOID = "void"


def outcomes_of(review: Review, hidden: Sequence[Hidden]) -> list[Outcome]:
    """Return what the list of events made of each hidden finding so far.

    It is caught when somebody marked or withheld any of its words. Where its words were corrected,
    or the finding was rejected with others of its kind, it tells nothing.
    """
    telling = [edit for edit in review.fold.counting if _may_tell(edit)]
    return [_outcome(one, review.fold, telling) for one in hidden]


def _may_tell(edit: Edit) -> bool:
    """Whether an event may concern hidden findings: most that are in a list never do."""
    if isinstance(edit, EntityDecided):
        return edit.verdict is Verdict.REJECT
    return isinstance(
        edit, IdentifierMarked | PassageWithheld | FindingRejected | FoundAgain | WordCorrected
    )


def _outcome(hidden: Hidden, fold: Fold, telling: Sequence[Edit]) -> Outcome:
    mine = fold.numbers_of(hidden.first, hidden.last)

    def has(first: str, last: str) -> bool:
        span = fold.numbers_of(first, last)
        return span.start < mine.stop and span.stop > mine.start

    for edit in telling:
        if isinstance(edit, IdentifierMarked | PassageWithheld) and has(edit.first, edit.last):
            return Outcome.CAUGHT
    return Outcome.VOID if any(_spoils(edit, hidden, has) for edit in telling) else Outcome.OPEN


def _spoils(edit: Edit, hidden: Hidden, has: Callable[[str, str], bool]) -> bool:
    """Whether an event changed a hidden finding without its having been seen."""
    match edit:
        case FindingRejected(first, last):
            return has(first, last)
        case FoundAgain(first, last, found):
            return has(first, last) and not any(has(one.first, one.last) for one in found)
        case WordCorrected(word):
            return has(word, word)
        case EntityDecided(entity_type, entity):
            return (entity_type, entity) == (hidden.entity_type, hidden.entity)
        case _:
            return False
