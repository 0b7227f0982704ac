"""Two people at once: what one decides must not quietly overrule what the other has not shown."""

from collections.abc import Sequence

from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    Heard,
    Noted,
    SpeakerRenamed,
    SpeakersMerged,
    TurnSplit,
    TurnsRead,
    WordCorrected,
)
from transcriber.domain.errors import EditError, UsageError
from transcriber.domain.fold import Fold
from transcriber.domain.review import Origin
from transcriber.services.review.steps import target_of

_ADDS_ONLY = (Heard, Noted)
"""These overrule nothing."""


class DecidedMeanwhile(UsageError):
    """Somebody else decided on the same words since they were shown."""

    def __init__(self) -> None:
        super().__init__(
            "changed_meanwhile",
            "Somebody else has changed the same words since you saw them. Look at them as they are "
            "now, and decide once more.",
        )

    def __reduce__(self) -> tuple[type["DecidedMeanwhile"], tuple[()]]:  # type: ignore[override]
        """Let the error cross a process border."""
        return type(self), ()


def require_seen(fold: Fold, actor_id: str, edits: Sequence[Edit], seen: int) -> None:
    """Raise DecidedMeanwhile where edits meet what their author has not seen.

    What others did elsewhere is no hindrance, nor is the same decision made twice. Somebody's own
    decisions are always seen. Reading is confirmed only of what was shown.
    """
    unseen = [event for event in fold.events[max(seen, 0) :] if event.decided_by != actor_id]
    if not unseen:
        return
    others = [
        target_of(fold.events, event.edit) for event in unseen if event.origin is not Origin.MACHINE
    ]
    for edit in edits:
        if isinstance(edit, TurnsRead):
            if fold.changed_since(seen, _words(fold, edit)):
                raise DecidedMeanwhile
        elif not isinstance(edit, _ADDS_ONLY) and any(
            _contradict(fold, edit, other) for other in others
        ):
            raise DecidedMeanwhile


def _contradict(fold: Fold, edit: Edit, other: Edit) -> bool:
    if edit == other or isinstance(other, (*_ADDS_ONLY, TurnsRead)):
        return False
    if isinstance(edit, EntityDecided) or isinstance(other, EntityDecided):
        return (
            isinstance(edit, EntityDecided)
            and isinstance(other, EntityDecided)
            and (edit.entity_type, edit.entity) == (other.entity_type, other.entity)
        )
    ours, theirs = _speakers(edit), _speakers(other)
    if ours or theirs:
        return bool(ours & theirs)
    one, two = _words(fold, edit), _words(fold, other)
    return one.start < two.stop and two.start < one.stop


def _speakers(edit: Edit) -> set[str]:
    match edit:
        case SpeakerRenamed(speaker):
            return {speaker}
        case SpeakersMerged(speaker, into):
            return {speaker, into}
    return set()


def _words(fold: Fold, edit: Edit) -> range:
    """Return the words that an edit names, none where it names none that are there."""
    if isinstance(edit, WordCorrected | TurnSplit):
        first = last = edit.word
    else:
        first, last = getattr(edit, "first", ""), getattr(edit, "last", "")
    try:
        return fold.numbers_of(first, last)
    except EditError:
        return range(0)
