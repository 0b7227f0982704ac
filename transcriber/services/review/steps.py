"""Which step of somebody's is undone or redone next, and after which the machine looks again."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from transcriber.domain.edit import (
    Edit,
    Heard,
    IdentifierMarked,
    Undone,
    WordCorrected,
    WordsRestored,
    effective_numbers,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.review import Event, Origin

_SEARCHED = (WordCorrected, WordsRestored, IdentifierMarked)
"""After these there may be names that were not there to be found before."""


def undoable(events: Sequence[Event], actor_id: str) -> Sequence[Event]:
    """Return the last step of a person of which anything counts.

    What was merely heard stays heard. Raises UsageError `nothing_to_undo`.
    """
    counting = _counting(events)
    for step in reversed(list(steps_of(events))):
        if step[0].decided_by != actor_id or step[0].origin is not Origin.PERSON:
            continue
        undone = [event for event in step if event.number in counting]
        if undone and not all(isinstance(event.edit, Heard) for event in undone):
            return undone
    raise UsageError("nothing_to_undo", "You have nothing to undo in this recording.")


def takeable(events: Sequence[Event], batch: str) -> Sequence[Event]:
    """Return what still counts of a step that a person took, however long ago.

    What was merely heard stays heard. Raises UsageError `nothing_to_undo`, also for a step of the
    machine, and for a decision for the study, which is taken back in all recordings at once.
    """
    counting = _counting(events)
    step = [
        event
        for event in events
        if event.batch == batch and event.origin is Origin.PERSON and event.number in counting
    ]
    if step and not is_only_heard(step):
        return step
    raise UsageError("nothing_to_undo", "This step is not there, or was taken back before.")


def redoable(events: Sequence[Event], actor_id: str) -> Sequence[Event]:
    """Return the last undoing of a person that was not done again.

    A new decision of theirs ends what can be done again. Raises UsageError `nothing_to_redo`.
    """
    counting = _counting(events)
    for step in reversed(list(steps_of(events))):
        if step[0].decided_by != actor_id:
            continue
        if step[0].origin is Origin.UNDO and any(event.number in counting for event in step):
            return step
        if step[0].origin is Origin.PERSON and not is_only_heard(step) and _still(step, counting):
            break
    raise UsageError("nothing_to_redo", "You have nothing to do again in this recording.")


def undoing(step: Iterable[Event]) -> tuple[Edit, ...]:
    """Return what takes the events of a step back, the last one first."""
    return tuple(Undone(event.number) for event in reversed(list(step)))


def is_search_due(events: Sequence[Event], edits: Sequence[Edit]) -> bool:
    """Whether new events, also by what they undo, may bring up names that nobody looked for."""
    return any(isinstance(target_of(events, edit), _SEARCHED) for edit in edits)


def target_of(events: Sequence[Event], edit: Edit) -> Edit:
    """Return what an edit is about: what it undoes or does again, else itself."""
    while isinstance(edit, Undone):
        edit = events[edit.event].edit
    return edit


def steps_of(events: Sequence[Event]) -> Iterable[Sequence[Event]]:
    """Yield the steps of a list in order: what was decided at once."""
    for _, step in groupby(events, lambda event: event.batch):
        yield list(step)


def _counting(events: Sequence[Event]) -> frozenset[int]:
    """Return the numbers of what counts, of undoings those that still undo."""
    edits = [event.edit for event in events]
    counting = set(effective_numbers(edits))
    undone: set[int] = set()
    for number in range(len(edits) - 1, -1, -1):
        edit = edits[number]
        if isinstance(edit, Undone) and number not in undone:
            counting.add(number)
            undone.add(edit.event)
    return frozenset(counting)


def is_only_heard(step: Sequence[Event]) -> bool:
    """Whether a step says no more than that somebody listened."""
    return all(isinstance(event.edit, Heard) for event in step)


def _still(step: Sequence[Event], counting: frozenset[int]) -> bool:
    return any(event.number in counting for event in step)
