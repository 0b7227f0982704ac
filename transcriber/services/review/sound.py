"""The sound of a recording for the person who checks it: the copy to listen to, and its outline."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import BinaryIO

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.peaks import Peaks
from transcriber.domain.recording import ReviewCopy
from transcriber.exports.peaks_json import write_peaks
from transcriber.pipeline import REVIEW_COPY
from transcriber.pipeline.result import from_record
from transcriber.services.destroyed import no_sound
from transcriber.services.latest import Latest
from transcriber.services.stages_done import result_id_of
from transcriber.services.store import Store
from transcriber.stages.peaks import coarser
from transcriber.stages.protocols import Record
from transcriber.storage.database.audit_events import AuditEvent, noted_within
from transcriber.storage.stage_results import ResultForgotten

MEDIA_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav"}
"""What a browser is told that a copy is, by the suffix of its file."""

SITTING_MS = 30 * 60 * 1000
"""Whoever asks for nothing for so long has got up; what is heard then is another use."""

OUTLINES_KEPT = 8
"""Half a megabyte each: reading one costs ten times what drawing from it does."""


@dataclass(frozen=True)
class ReviewSound:
    """A copy to listen to. `mark` is another one whenever its bytes are others.

    `open` gives it as a file that can be sought: what is not read is not decrypted.
    """

    media_type: str
    size_bytes: int
    mark: str
    open: Callable[[], BinaryIO]


def review_sound(store: Store, actor_id: str, study_id: str, recording_id: str) -> ReviewSound:
    """Return what somebody listens to. It is audited once a sitting, not for each part of it.

    Raises UsageError `no_sound_yet` or `sound_destroyed` where there is none, StorageError.
    """
    sound = copy_of(store, study_id, recording_id)
    _note_played(store, actor_id, study_id, recording_id)
    return sound


def has_sound(store: Store, study_id: str, recording_id: str) -> bool:
    """Whether there is a copy to listen to; a transcript that was brought alone has none.

    Raises UsageError where the study has no such recording.
    """
    result_id = result_id_of(store, study_id, recording_id, REVIEW_COPY.name)
    return result_id is not None and not store.results.is_forgotten(result_id)


def copy_of(store: Store, study_id: str, recording_id: str) -> ReviewSound:
    """Return the same for the service itself; nobody hears it by that.

    Raises UsageError `no_sound_yet` or `sound_destroyed` where there is none, StorageError.
    """
    result_id = result_id_of(store, study_id, recording_id, REVIEW_COPY.name)
    if result_id is None:
        raise _no_sound(store, recording_id)
    try:
        ((name, blob),) = store.results.files(result_id).items()
    except ResultForgotten:
        raise _no_sound(store, recording_id) from None
    suffix = PurePosixPath(name).suffix
    return ReviewSound(
        MEDIA_TYPES[suffix], blob.size_bytes, blob.id, lambda: store.results.open(blob)
    )


def outline_json(
    store: Store, study_id: str, recording_id: str, stretch: Interval, most_pairs: int
) -> bytes:
    """Return the outline of a stretch in at most `most_pairs` pairs, as `peaks.json` holds it.

    Raises UsageError `no_sound_yet` or `sound_destroyed`, StorageError.
    """
    result_id = result_id_of(store, study_id, recording_id, REVIEW_COPY.name)
    if result_id is None:
        raise _no_sound(store, recording_id)
    if store.results.is_forgotten(result_id):  # what is drawn is no longer to be kept in memory
        raise _no_sound(store, recording_id)
    outline = _OUTLINES.made(result_id, lambda: _outline(store, recording_id, result_id))
    return write_peaks(coarser(outline, stretch, most_pairs))


_OUTLINES: Latest[str, Peaks] = Latest(OUTLINES_KEPT)
"""Those that were drawn last; every one of them is asked for many times in a row."""


def _outline(store: Store, recording_id: str, result_id: str) -> Peaks:
    try:
        record = Record(store.results.result(result_id), 0, ())
    except ResultForgotten:
        raise _no_sound(store, recording_id) from None
    copy: ReviewCopy = from_record(REVIEW_COPY.result, record, Path())
    return copy.peaks


def _no_sound(store: Store, recording_id: str) -> UsageError:
    with store.database.read() as connection:
        return no_sound(connection, recording_id)


class _Sittings:
    """Who listens to what, and when this process heard of them last."""

    def __init__(self) -> None:
        self._last_s: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def goes_on(self, actor_id: str, recording_id: str) -> bool:
        """Whether this is the sitting that is known of; from now on it is."""
        now_s, who = time.monotonic(), (actor_id, recording_id)
        with self._lock:
            last_s = self._last_s.get(who)
            self._last_s[who] = now_s
            ended = [known for known, s in self._last_s.items() if s < now_s - SITTING_MS / 1000]
            for known in ended:
                del self._last_s[known]
        return last_s is not None and now_s - last_s <= SITTING_MS / 1000


_SITTINGS = _Sittings()


def _note_played(store: Store, actor_id: str, study_id: str, recording_id: str) -> None:
    if _SITTINGS.goes_on(actor_id, recording_id):
        return
    event = AuditEvent(Action.PLAYED, actor_id, study_id, recording_id)
    # Another process of the service, or this one before it was started anew, may have noted it.
    with store.database.read() as connection:
        if noted_within(connection, event, SITTING_MS):
            return
    with store.database.write() as connection:
        store.audit.record(connection, event)
