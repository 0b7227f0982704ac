"""Who decided what and when, and what others changed meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from transcriber.domain.finding import Finding
from transcriber.domain.fold import Fold
from transcriber.domain.review import Event, Origin
from transcriber.services.accounts import names_of
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.review.steps import is_only_heard, steps_of
from transcriber.services.store import Store
from transcriber.storage.database.transcripts import StoredTranscript


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event, who is behind it by name, and whether it still counts; None for the machine."""

    event: Event
    name: str | None
    counts: bool


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """What was decided at once, by whom by name (None: the machine), and whether any of it counts.

    `takes_back` says that it can be taken back by itself.
    """

    events: Sequence[Event]
    name: str | None
    counts: bool
    takes_back: bool

    @property
    def first(self) -> Event:
        """The event that it begins with."""
        return self.events[0]


def history_steps(
    store: Store, review: Review, before: int | None = None, limit: int = 50
) -> tuple[HistoryStep, ...]:
    """Return at most `limit` steps that began before an event, the latest first.

    What was merely heard is none of them: it changes nothing and is kept every few seconds.
    """
    events = review.fold.events[: None if before is None else max(before, 0)]
    decided = (step for step in reversed(list(steps_of(events))) if not is_only_heard(step))
    shown = list(islice(decided, limit))
    names = names_of(store, {step[0].decided_by for step in shown if step[0].decided_by})
    counting = set(review.fold.counting_numbers)
    told = []
    for step in shown:
        counts = any(event.number in counting for event in step)
        by_hand = step[0].origin is Origin.PERSON
        told.append(
            HistoryStep(step, names.get(step[0].decided_by or ""), counts, counts and by_hand)
        )
    return tuple(told)


def history(
    store: Store,
    study_id: str,
    recording_id: str,
    before: int | None = None,
    limit: int = 100,
) -> tuple[HistoryEntry, ...]:
    """Return at most `limit` events before a number, the latest first.

    Raises UsageError, as `review_of` does.
    """
    fold = review_of(store, study_id, recording_id).fold
    events, counting = fold.events, set(fold.counting_numbers)
    end = len(events) if before is None else max(min(before, len(events)), 0)
    shown = events[max(end - limit, 0) : end][::-1]
    names = names_of(store, (event.decided_by for event in shown if event.decided_by))
    return tuple(
        HistoryEntry(event, names.get(event.decided_by or ""), event.number in counting)
        for event in shown
    )


def changes_since(
    store: Store, study_id: str, recording_id: str, seen: int
) -> tuple[Review, tuple[HistoryEntry, ...]]:
    """Return the state as it is, and the events from number `seen` on with who is behind them."""
    review = as_shown(store, review_of(store, study_id, recording_id))
    missed = len(review.fold.events) - max(seen, 0)
    entries = history(store, study_id, recording_id, review.number, max(missed, 0))
    return review, entries[::-1]


def review_at(store: Store, review: Review, number: int) -> Review:
    """Return a review as it was after `number` events; nothing hidden is shown that is not now."""
    fold = version_at(store, review.recording.study_id, review.recording.id, number)
    return replace(review, fold=fold, searching=False)


def version_at(store: Store, study_id: str, recording_id: str, number: int) -> Fold:
    """Return the recording as it was after `number` events, to be compared with another version.

    Raises UsageError, as `review_of` does.
    """
    review = review_of(store, study_id, recording_id)
    begun = Fold(review.fold.raw, _found(store, review.stored))
    return begun.extended(review.fold.events[: max(number, 0)])


def _found(store: Store, stored: StoredTranscript) -> tuple[Finding, ...]:
    with store.database.read() as connection:
        return store.transcripts.findings(connection, stored)
