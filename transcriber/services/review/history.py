"""Who decided what and when, and what others changed meanwhile."""

from dataclasses import dataclass

from transcriber.domain.finding import Finding
from transcriber.domain.fold import Fold
from transcriber.domain.review import Event
from transcriber.domain.transcript import Transcript
from transcriber.services.accounts import names_of
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.storage.database.transcripts import StoredTranscript


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event, who is behind it by name, and whether it still counts; None for the machine."""

    event: Event
    name: str | None
    counts: bool


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


def words_changed(one: Transcript, other: Transcript) -> tuple[int, ...]:
    """Return the numbers of the words that two versions have otherwise."""
    return tuple(
        number
        for number, (was, now) in enumerate(zip(one.words, other.words, strict=True))
        if (was.text, was.speaker, was.struck) != (now.text, now.speaker, now.struck)
    )
