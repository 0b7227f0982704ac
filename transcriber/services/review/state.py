"""A recording as checking has made it: what is shown, what leaves, and how far people are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from transcriber.domain.errors import UsageError
from transcriber.domain.finding import PERSON_SOURCE
from transcriber.domain.fold import Fold
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.review import (
    FindingState,
    JudgedFinding,
    Note,
    Progress,
    ReviewTurn,
    Withheld,
)
from transcriber.domain.transcript import Quality, Transcript
from transcriber.pipeline import LABEL
from transcriber.pipeline.result import from_record
from transcriber.services.destroyed import require_words
from transcriber.services.erased_words import forget_erased
from transcriber.services.latest import Latest
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.stages.protocols import Record
from transcriber.storage.database.recording_states import RecordingRow, rows_of
from transcriber.storage.database.transcripts import StoredTranscript

WORDS_KEPT = 720_000
"""Of folded lists in memory, so that one decision folds none anew: 24 groups of three hours, or 80
hours of talk. 30,000 words take 20 MB."""

_CHECKED = frozenset({RecordingState.DRAFT, RecordingState.READY, RecordingState.SIGNED_OFF})
"""States in which everything was sought, also where nothing was found."""


@dataclass(frozen=True, slots=True)
class FoldKey:
    """Which list: of which transcript, and over which of its findings."""

    transcript_id: str
    found: str


# Events are read from the database each time, so that several processes and people see the same;
# what is kept is only what these events made of the transcript.
_FOLDS: Latest[FoldKey, Fold] = Latest(WORDS_KEPT, lambda fold: max(len(fold.raw.words), 1))


@dataclass(frozen=True, slots=True)
class ReviewedRecording:
    """Which recording is checked; its length in milliseconds, None where it was never read."""

    id: str
    study_id: str
    code: str
    kind: Kind
    duration_ms: int | None
    quality: Quality


@dataclass(frozen=True)
class Review:
    """The state of a recording's checking after `number` events.

    `searching` says that the machine has yet to look again at what was changed: until it did, more
    may be found, and nothing may be signed off.
    """

    recording: ReviewedRecording
    stored: StoredTranscript
    key: FoldKey
    fold: Fold
    searching: bool = False
    unseen: frozenset[tuple[str, str]] = frozenset()
    """First and last word of findings that whoever looks is not shown (`seeded.py`)."""

    @property
    def number(self) -> int:
        """How many events it holds."""
        return self.fold.number

    @property
    def transcript(self) -> Transcript:
        """The words with all edits applied."""
        return self.fold.transcript

    @property
    def turns(self) -> tuple[ReviewTurn, ...]:
        """The turns in order, one for each segment of the transcript."""
        return self.fold.turns

    @cached_property
    def findings(self) -> tuple[JudgedFinding, ...]:
        """All findings in order, also those that were rejected; without the unseen ones."""
        if not self.unseen:
            return self.fold.findings
        return tuple(judged for judged in self.fold.findings if not self._is_unseen(judged))

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The passages that do not leave."""
        return self.fold.withheld

    @property
    def notes(self) -> tuple[Note, ...]:
        """What people wrote for one another."""
        return self.fold.notes

    @cached_property
    def progress(self) -> Progress:
        """How far people are; what is unseen is nothing to decide."""
        told = self.fold.progress()
        unseen = [each for each in self.fold.findings if self._is_unseen(each)]
        open_ones = sum(each.state is FindingState.PROPOSED for each in unseen)
        return replace(
            told,
            findings=told.findings - len(unseen),
            undecided=max(told.undecided - open_ones, 0),
        )

    def _is_unseen(self, judged: JudgedFinding) -> bool:
        place = judged.finding.place
        if not self.unseen or place is None or judged.finding.source == PERSON_SOURCE:
            return False
        words = self.fold.transcript.words
        return (words[place.first_word].id, words[place.last_word].id) in self.unseen


def review_of(store: Store, study_id: str, recording_id: str) -> Review:
    """Return how far the checking of a recording is.

    Raises UsageError `not_found`, `not_ready` before there is anything to check, `words_destroyed`
    once there is nothing any more, StorageError.
    """
    with store.database.read() as connection:
        return review_in(store, connection, study_id, recording_id)


def review_if_any(store: Store, study_id: str, recording_id: str) -> Review | None:
    """Return it, None where there is nothing to check. Raises UsageError `not_found`."""
    try:
        return review_of(store, study_id, recording_id)
    except UsageError as error:
        if error.code in ("not_ready", "words_destroyed"):
            return None
        raise


def review_in(store: Store, connection: Connection, study_id: str, recording_id: str) -> Review:
    """Return it as a transaction sees it. Raises as `review_of` does."""
    rows = _rows(connection, study_id, [recording_id])
    if not rows:
        raise not_in_study()
    found = _reviews(store, connection, study_id, rows)
    stored = store.transcripts.latest(connection, recording_id) if not found else None
    if stored is not None:
        require_words(stored)
    if not found:
        raise UsageError(
            "not_ready", "There is nothing to check yet. Look again when the recording is done."
        )
    return found[0]


def reviews_in(
    store: Store, connection: Connection, study_id: str, recording_ids: Collection[str]
) -> tuple[Review, ...]:
    """Return those recordings of a study in which there is something to check, the oldest first."""
    return _reviews(store, connection, study_id, _rows(connection, study_id, recording_ids))


def _reviews(
    store: Store, connection: Connection, study_id: str, rows: Sequence[RecordingRow]
) -> tuple[Review, ...]:
    """Read for all recordings at once whatever does not depend on what is new in each."""
    forget_erased(store, connection)
    latest = store.transcripts.latest_of(connection, [row.id for row in rows])
    ids = [stored.id for stored in latest.values()]
    stamps = store.transcripts.found_stamps(connection, ids)
    codes = store.recordings.codes(connection, study_id, list(latest))
    lengths = store.decisions.counts(connection, ids)
    due = {recording_id for _, recording_id, _ in store.decisions.searches_due(connection, ids)}
    reviews = []
    for row in rows:
        stored = latest.get(row.id)
        # What is being erased has no code any more.
        if stored is None or stored.destroyed or row.id not in codes:
            continue
        key = FoldKey(stored.id, stamps.get(stored.id, ""))
        if not (key.found or row.state in _CHECKED):
            continue
        fold = _folded(store, connection, stored, key, lengths.get(stored.id, 0))
        recording = ReviewedRecording(
            row.id, study_id, codes[row.id], Kind(row.kind), row.duration_ms, stored.quality
        )
        reviews.append(Review(recording, stored, key, fold, searching=row.id in due))
    return tuple(reviews)


def _rows(
    connection: Connection, study_id: str, recording_ids: Collection[str]
) -> list[RecordingRow]:
    return [row for row in rows_of(connection, recording_ids) if row.study_id == study_id]


def _folded(
    store: Store, connection: Connection, stored: StoredTranscript, key: FoldKey, length: int
) -> Fold:
    """Return the fold of a list that has so many events, or of more where others have read on."""
    fold = _FOLDS.made(key, lambda: _begun(store, connection, stored))
    if fold.number >= length:
        return fold
    return _kept(key, fold.extended(store.decisions.events(connection, stored, fold.number)))


def keep(review: Review, fold: Fold, searching: bool) -> Review:
    """Return a review that holds what a transaction, which is over, has written."""
    return replace(review, fold=_kept(review.key, fold), searching=searching)


def _kept(key: FoldKey, fold: Fold) -> Fold:
    """Keep a fold, unless one that holds more is kept already; return the one given."""
    known = _FOLDS.get(key)
    return _FOLDS.put(key, fold) if known is None or known.number <= fold.number else fold


def _begun(store: Store, connection: Connection, stored: StoredTranscript) -> Fold:
    key = store.keyring.recording(connection, stored.recording_id)
    record = Record(store.blobs.read(key, stored.blob), 0, ())
    words: Transcript = from_record(LABEL.result, record, Path())
    return Fold(words, store.transcripts.findings(connection, stored))


def list_state(store: Store, study_id: str, recording_id: str) -> tuple[int, bool]:
    """Return how many events a recording's list has, and whether detection has yet to look again.

    Raises UsageError, as `review_of` does.
    """
    with store.database.read() as connection:
        if not any(row.study_id == study_id for row in rows_of(connection, [recording_id])):
            raise not_in_study()
        stored = store.transcripts.latest(connection, recording_id)
        if stored is None:
            return 0, False
        due = store.decisions.searches_due(connection, [stored.id])
        return store.decisions.count(connection, stored.id), bool(due)
