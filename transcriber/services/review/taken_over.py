"""What a worker or a study decides comes into the lists of recordings that people are checking."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from transcriber.domain.edit import FoundAgain, WordCorrected
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Finding
from transcriber.domain.fold import Fold
from transcriber.domain.mark import mark_of, told_here
from transcriber.domain.review import Origin
from transcriber.services.review.state import review_in
from transcriber.services.store import Store
from transcriber.storage.database.decisions import Addition
from transcriber.storage.database.study_decisions import StudyDecision
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.ids import new_id


def take_over(
    store: Store,
    connection: Connection,
    study_id: str,
    stored: StoredTranscript,
    found: Sequence[Finding],
) -> bool:
    """Add what a worker found anew to a list that people have begun; return whether they have.

    What lies under the list stays as it was, so that every change that it brings is an event, after
    which the turns that it concerns are checked again.
    """
    if not store.decisions.hold(connection, stored):
        return False
    try:
        review = review_in(store, connection, study_id, stored.recording_id)
    except UsageError:
        return False  # nothing was found in it before: there is nothing that people have seen
    event = _as_event(review.fold, found)
    if event is not None:
        store.decisions.append(connection, stored, [event], new_id(), Origin.MACHINE)
    return True


def write_decisions(
    store: Store,
    connection: Connection,
    stored: StoredTranscript,
    decisions: Sequence[StudyDecision],
) -> None:
    """Write what was decided for the study into a recording's list, unless it is there already."""
    store.decisions.hold(connection, stored)
    there = store.decisions.batches(connection, stored.id)
    new = [decision for decision in decisions if decision.id not in there]
    store.decisions.append_all(connection, [addition(stored, decision) for decision in new])


def addition(stored: StoredTranscript, decision: StudyDecision) -> Addition:
    """Return a decision for the study as a step of a recording's list."""
    return Addition(stored, [decision.edit], decision.id, Origin.STUDY, decision.decided_by)


def _as_event(fold: Fold, found: Sequence[Finding]) -> FoundAgain | None:
    """Return what was found in the machine's words as an event on the words as they are now.

    The worker did not know the words that people corrected: of these the list knows better.
    """
    if not fold.raw.words:
        return None
    corrected = {
        number
        for event in fold.events
        if isinstance(event.edit, WordCorrected)
        for number in fold.numbers_of(event.edit.word, event.edit.word)
    }
    now = fold.transcript
    marks = [mark for mark in fold.marks if mark.by_machine]
    kept = [mark for mark in marks if corrected.intersection(mark.words)]
    new = [
        mark
        for mark in (mark_of(finding, fold.raw) for finding in found)
        if not corrected.intersection(mark.words)
    ]
    # What was found only after a name was marked by hand is not in the worker's list either.
    held = {number for mark in (*kept, *new) for number in mark.words}
    later = [mark for mark in marks if mark not in kept and not held.intersection(mark.words)]
    after = [*kept, *new, *(replace(mark) for mark in later)]
    decided = {number for mark in fold.marks if not mark.by_machine for number in mark.words}
    told = {mark.told for mark in after if not decided.issuperset(mark.words)}
    if told == {mark.told for mark in marks}:
        return None
    return FoundAgain(
        now.words[0].id,
        now.words[-1].id,
        tuple(told_here(mark, now) for mark in sorted(after, key=lambda m: (m.first, m.lead))),
    )
