"""Deciding, undoing and redoing in a recording: saved before anybody is told that it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FoundAgain,
    Heard,
    IdentifierMarked,
    Undone,
    WordCorrected,
)
from transcriber.domain.errors import EditError, UsageError
from transcriber.domain.fold import Fold
from transcriber.domain.review import Event, Origin
from transcriber.services.review.meanwhile import require_seen
from transcriber.services.review.override import require_checkable
from transcriber.services.review.replacements import with_replacements
from transcriber.services.review.state import Review, keep, review_in, review_of
from transcriber.services.review.steps import is_search_due, redoable, takeable, undoable, undoing
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.ids import new_id

MOST_AT_ONCE = 500
"""Events of one step."""

LONGEST_TEXT = 2_000
"""Characters of a note, a reason or a word."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is kept: the list has `number` events; the time is UTC in milliseconds."""

    number: int
    saved_at_ms: int
    review: Review


@dataclass(frozen=True, slots=True)
class Step:
    """A step of somebody in a recording; `batch` is its own id, which whoever sends it may choose.

    32 hexadecimal digits.
    """

    actor_id: str
    study_id: str
    recording_id: str
    batch: str = field(default_factory=new_id)
    origin: Origin = Origin.PERSON


def decide(
    store: Store,
    actor_id: str,
    study_id: str,
    recording_id: str,
    edits: Sequence[Edit],
    seen: int,
) -> Saved:
    """Add what somebody decided as one step, which one undo takes back.

    `seen` is the number of events that they had seen. Raises as `decide_once` does.
    """
    return decide_once(store, Step(actor_id, study_id, recording_id), edits, seen)


def decide_once(store: Store, step: Step, edits: Sequence[Edit], seen: int) -> Saved:
    """Add a step that is written once, however often it is sent with the same id.

    Raises UsageError where an edit does not fit, and DecidedMeanwhile where others decided on the
    same words.
    """
    _require_sendable(edits)
    complete = edits
    if any(isinstance(edit, IdentifierMarked | EntityDecided) for edit in edits):
        # Before the transaction: the study's register of replacements has its own.
        review = review_of(store, step.study_id, step.recording_id)
        try:
            complete = with_replacements(store, review, edits)
        except EditError as error:
            raise _unfit(error) from None
    return _write(store, step, lambda review: _checked(review, step.actor_id, complete, seen))


def undo(store: Store, actor_id: str, study_id: str, recording_id: str) -> Saved:
    """Take back the last step of this person in a recording that still counts.

    Raises UsageError `nothing_to_undo`, or that later steps need it.
    """
    return undo_once(store, Step(actor_id, study_id, recording_id))


def undo_once(store: Store, step: Step) -> Saved:
    """Do so once, however often it is sent with the same id of the step."""
    actor_id, step = step.actor_id, replace(step, origin=Origin.UNDO)
    return _write(store, step, lambda review: undoing(undoable(review.fold.events, actor_id)))


def take_back_once(store: Store, step: Step, batch: str) -> Saved:
    """Take back the step with an id, of whoever took it, and once.

    Raises UsageError `nothing_to_undo`, or that later steps need it.
    """
    step = replace(step, origin=Origin.UNDO)
    return _write(store, step, lambda review: undoing(takeable(review.fold.events, batch)))


def redo(store: Store, actor_id: str, study_id: str, recording_id: str) -> Saved:
    """Do the last undone step of this person again. Raises UsageError `nothing_to_redo`."""
    return redo_once(store, Step(actor_id, study_id, recording_id))


def redo_once(store: Store, step: Step) -> Saved:
    """Do so once, however often it is sent with the same id of the step."""
    actor_id, step = step.actor_id, replace(step, origin=Origin.REDO)
    return _write(store, step, lambda review: undoing(redoable(review.fold.events, actor_id)))


def _checked(review: Review, actor_id: str, edits: Sequence[Edit], seen: int) -> Sequence[Edit]:
    require_seen(review.fold, actor_id, edits, seen)
    return edits


def _write(store: Store, step: Step, edits_of: Callable[[Review], Sequence[Edit]]) -> Saved:
    """Write a step whole or not at all, and once."""
    with store.database.write() as connection:
        review = held(store, connection, step.study_id, step.recording_id)
        if store.decisions.has_batch(connection, review.stored.id, step.batch):
            return Saved(review.number, _saved_at_ms(review.fold, step.batch), review)
        events, fold = _fitting(review.fold, step, edits_of(review))
        edits = [event.edit for event in events]
        if not all(isinstance(edit, Heard) for edit in edits):  # a draft may be listened to
            require_checkable(store, connection, review.stored)
        written = store.decisions.append(
            connection, review.stored, edits, step.batch, step.origin, step.actor_id
        )
        due = is_search_due(fold.events, edits)
        if due:
            store.decisions.search_due(connection, review.stored.id, review.number)
        if not all(isinstance(edit, Heard) for edit in edits):  # playing is written down as such
            event = AuditEvent(Action.CHANGED, step.actor_id, step.study_id, step.recording_id)
            store.audit.record(connection, event)
    saved = keep(review, review.fold.extended(written), review.searching or due)
    return Saved(saved.number, written[-1].created_at_ms, saved)


def held(store: Store, connection: Connection, study_id: str, recording_id: str) -> Review:
    """Return a recording's review, to which nobody else adds until the transaction ends."""
    stored = store.transcripts.latest(connection, recording_id)
    if stored is not None:
        store.decisions.hold(connection, stored)
    return review_in(store, connection, study_id, recording_id)


def _fitting(fold: Fold, step: Step, edits: Sequence[Edit]) -> tuple[Sequence[Event], Fold]:
    events = [
        Event(fold.number + place, edit, step.batch, step.origin, step.actor_id)
        for place, edit in enumerate(edits)
    ]
    try:
        return events, fold.extended(events)
    except EditError as error:
        if any(isinstance(edit, Undone) for edit in edits) and error.code != "unknown_event":
            raise UsageError(
                "later_steps", "Later changes rest on this step. Undo those first."
            ) from None
        raise _unfit(error) from None


def _unfit(error: EditError) -> UsageError:
    return UsageError(error.code, _SENTENCES.get(error.code, error.sentence))


_SENTENCES = {
    "unknown_word": "These words are not in this transcript any more. Open the page again.",
    "backwards": "The last word has to come after the first one.",
    "unknown_speaker": "There is no such speaker in this recording any more. Open the page again.",
    "same_speaker": "A speaker cannot be merged with themselves. Choose two speakers.",
    "bad_label": "A speaker's label starts with a capital letter and has capitals, digits and "
    "underscores only, 63 at most, such as P01.",
    "reserved_label": "UNK and SEVERAL say that it is not known who spoke. Merge the speaker into "
    "one of them instead.",
    "unknown_event": "What was to be undone is not there. Open the page again.",
}


def _saved_at_ms(fold: Fold, batch: str) -> int:
    return next((e.created_at_ms for e in fold.events if e.batch == batch), 0)


def _require_sendable(edits: Sequence[Edit]) -> None:
    """Refuse steps that are empty or too large, and what only the machine may write."""
    if not 0 < len(edits) <= MOST_AT_ONCE:
        raise UsageError(
            "bad_step", f"A step has 1 to {MOST_AT_ONCE} decisions. Send these in several steps."
        )
    for edit in edits:
        if isinstance(edit, FoundAgain):
            raise UsageError("bad_step", "Only detection itself can say what it found.")
        texts = (getattr(edit, name, None) for name in _TEXTS)
        if any(text is not None and not _is_text(text) for text in texts):
            raise UsageError(
                "bad_text",
                "A word, note, reason or replacement has to have something in it and at most "
                f"{LONGEST_TEXT} characters, in one line.",
            )
        if isinstance(edit, WordCorrected) and not edit.text.split():
            raise UsageError("bad_text", "A word cannot be empty. Withhold it instead.")


_TEXTS = ("text", "reason", "replacement")


def _is_text(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_TEXT and text.isprintable()
