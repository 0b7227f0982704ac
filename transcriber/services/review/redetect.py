"""Detection again: after people changed words or marked a name, before anything is signed off.

It is written down with the decision itself that this is due, and taken off the list in the
transaction that adds what was found; so a process that is killed leaves it to the next one.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Event as Signal
from threading import Lock, Thread

from transcriber.domain.edit import FoundAgain
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import Finding
from transcriber.domain.known_name import KnownName
from transcriber.domain.policy import NerModel
from transcriber.domain.review import Origin
from transcriber.services.review.decide import held
from transcriber.services.review.looking_again import (
    Means,
    around,
    as_event,
    changed_words,
    found_again,
    marked_names,
    mentions,
    revealed,
)
from transcriber.services.review.replacements import applied
from transcriber.services.review.state import Review, review_of
from transcriber.services.stage_rows import known_names
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.stages.protocols import Detector
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.ids import new_id

Detectors = Callable[[Sequence[NerModel]], Sequence[Detector]]
"""Gives what finds identifiers, with the models that a policy adds; kept once it was made."""

TRIES = 5
"""How often a search begins anew because somebody decided meanwhile; then it is left for later."""

_log = logging.getLogger(__name__)


def search_all_due(store: Store, detectors: Detectors) -> int:
    """Look again wherever that is due. Return in how many recordings it was.

    Raises TranscriberError where that is not possible; it stays due then.
    """
    done = 0
    with store.database.read() as connection:
        due = store.decisions.searches_due(connection)
    for recording_id in dict.fromkeys(recording for _, recording, _ in due):
        search_recording(store, detectors, recording_id)
        done += 1
    return done


def search_recording(store: Store, detectors: Detectors, recording_id: str) -> None:
    """Look again at what is due in a recording, and for its new names in the study's others."""
    with store.database.read() as connection:
        rows = rows_of(connection, [recording_id])
    if not rows:
        return
    study = show_study(store, rows[0].study_id)
    policy = study.agreed.policies[0]
    means = Means(policy, study.agreed.roster, detectors(policy.models))
    for _ in range(TRIES):
        review = review_of(store, study.id, recording_id)
        with store.database.read() as connection:
            due = store.decisions.searches_due(connection, [review.stored.id])
            known = known_names(store, connection, study.id)
        if not due:
            return
        begins = min(number for _, _, number in due)
        edits, names = _looked(store, review, begins, means, known)
        _search_others(store, review, names, means)
        if _append(store, review, edits, [search_id for search_id, _, _ in due]):
            return


def _looked(
    store: Store, review: Review, begins: int, means: Means, known: Sequence[KnownName]
) -> tuple[list[FoundAgain], tuple[KnownName, ...]]:
    """Return what is found around the changed words and elsewhere, and the names that are new."""
    fold = review.fold
    changed = changed_words(fold, begins)
    events: list[FoundAgain | None] = []
    found: list[Finding] = []
    for words in around(fold, changed):
        all_here = found_again(fold, words, changed, means, known)
        new = [finding for finding in all_here if finding.action is None]
        here = [finding for finding in all_here if finding.action is not None]
        here += applied(store, review, new) if new else ()
        found += here
        events.append(as_event(fold, words, here))
    names = tuple(dict.fromkeys((*marked_names(fold, begins), *revealed(fold, found, changed))))
    taken = [(finding.start, finding.end) for finding in found]
    elsewhere = [
        mention
        for mention in mentions(fold, names, means)
        if not any(start < mention.end and mention.start < end for start, end in taken)
    ]
    events += _each(review, applied(store, review, elsewhere))
    return [event for event in events if event is not None], names


def _each(review: Review, found: Sequence[Finding]) -> list[FoundAgain | None]:
    """Return an event for each finding, of its own words only."""
    layout = review.transcript.layout
    events = []
    for finding in found:
        first, last = layout.word_range(finding.start, finding.end)
        events.append(as_event(review.fold, range(first, last + 1), [finding]))
    return events


def _search_others(store: Store, review: Review, names: Sequence[KnownName], means: Means) -> None:
    """Add where the names are said in the study's other recordings, to be checked there."""
    study_id = review.recording.study_id
    with store.database.read() as connection:
        ids = store.transcripts.with_words(connection, study_id) if names else ()
    for other_id in ids:
        if other_id == review.recording.id:
            continue
        for _ in range(TRIES):
            try:
                other = review_of(store, study_id, other_id)
            except TranscriberError as error:
                if error.code not in ("not_ready", "not_found"):
                    raise
                break  # what is not searched yet is searched for all names of the study later
            found = mentions(other.fold, names, means)
            if not found:
                break
            new = _each(other, applied(store, other, found))
            events = [event for event in new if event is not None]
            if not events or _append(store, other, events, None):
                break


def propose(
    store: Store,
    study_id: str,
    recording_id: str,
    found_in: Callable[[Review], Sequence[Finding]],
) -> None:
    """Put findings before a person as the machine's, unless they are there.

    `found_in` says what they are in a version, whose list of events may grow meanwhile. Raises
    UsageError `not_found` or `not_ready`, StorageError.
    """
    for _ in range(TRIES):
        review = review_of(store, study_id, recording_id)
        events = _each(review, applied(store, review, found_in(review)))
        edits = [event for event in events if event is not None]
        if not edits or _append(store, review, edits, None):
            return


def _append(
    store: Store, review: Review, edits: Sequence[FoundAgain], due: Sequence[str] | None
) -> bool:
    """Add what was found unless the list has grown meanwhile; return whether that is settled.

    `due` are the searches that this ends.
    """
    with store.database.write() as connection:
        now = held(store, connection, review.recording.study_id, review.recording.id)
        if now.number != review.number or now.stored != review.stored:
            return False
        if due is not None:
            gone = [store.decisions.search_done(connection, search_id) for search_id in due]
            if not any(gone):
                return True  # another process was faster
        if edits:
            store.decisions.append(connection, now.stored, edits, new_id(), Origin.MACHINE)
    return True


class Searcher:
    """Looks again in a thread of its own whenever it is woken, until nothing is due any more."""

    def __init__(self, store: Store, detectors: Detectors) -> None:
        self._store = store
        self._detectors = detectors
        self._lock = Lock()
        self._woken = Signal()
        self._thread: Thread | None = None

    def wake(self) -> None:
        """Say that something may be due."""
        with self._lock:
            self._woken.set()
            if self._thread is None:
                self._thread = Thread(target=self._work, name="searcher", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._woken.clear()
            try:
                search_all_due(self._store, self._detectors)
            except TranscriberError as error:
                _log.warning("searching again: %s", error.code)  # it stays due
            except Exception as error:  # noqa: BLE001 - its text could quote an interview
                _log.warning("searching again: %s", type(error).__name__)
            with self._lock:
                if not self._woken.is_set():
                    self._thread = None
                    return
