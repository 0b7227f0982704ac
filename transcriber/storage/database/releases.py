"""Releases: what was signed off and handed on, each a file that is never changed."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, select, true, tuple_

from transcriber.domain.errors import StorageError
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.hand_offs import queue_release
from transcriber.storage.database.tables import RECORDING, RELEASE, TRANSCRIPT
from transcriber.storage.database.webhook_queue import announce
from transcriber.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Release:
    """What was released of a transcript, by whom; `number` counts from 1."""

    id: str
    transcript_id: str
    number: int
    blob: Blob
    released_by: str | None
    withdrawn: bool = False
    text_tag: bytes | None = None


@dataclass(frozen=True, slots=True)
class StudyRelease:
    """A release with the recording that it is of; times are UTC in milliseconds.

    `withdrawn_at_ms` is None while it stands.
    """

    id: str
    recording_id: str
    number: int
    blob: Blob
    released_by: str | None
    created_at_ms: int
    withdrawn_at_ms: int | None = None
    withdrawn_by: str | None = None


def add_release(
    connection: Connection,
    transcript_id: str,
    blob: Blob,
    released_by: str | None,
    text_tag: bytes | None = None,
    *,
    words_are_gone: bool = False,
) -> Release:
    """Keep a release whose file is in `blob`, whose row is there.

    Raises StorageError where the words that it is of were destroyed meanwhile, unless it is known
    that `words_are_gone`.
    """
    has_words = TRANSCRIPT.c.words_destroyed_at_ms.is_(None)
    recording_id: str | None = connection.execute(
        select(TRANSCRIPT.c.recording_id)
        .where(TRANSCRIPT.c.id == transcript_id, true() if words_are_gone else has_words)
        .with_for_update(key_share=True)
    ).scalar_one_or_none()
    if recording_id is None:
        raise StorageError(
            "words_destroyed",
            "The words of this recording were destroyed while it was being signed off. Nothing "
            "was released.",
        )
    before: int = connection.execute(
        select(func.count()).where(RELEASE.c.transcript_id == transcript_id)
    ).scalar_one()
    release = Release(new_id(), transcript_id, before + 1, blob, released_by, text_tag=text_tag)
    connection.execute(
        insert(RELEASE).values(
            id=release.id,
            transcript_id=transcript_id,
            number=release.number,
            blob_id=blob.id,
            text_tag=text_tag,
            released_by=released_by,
            created_at_ms=now_ms(),
        )
    )
    announce(connection, WebhookEvent.RELEASE_MADE, recording_id, release.id)
    queue_release(connection, recording_id, release.id)
    return release


def releases_of(connection: Connection, transcript_id: str) -> tuple[Release, ...]:
    """Return the releases of a transcript, the first one first."""
    rows = connection.execute(
        select(RELEASE).where(RELEASE.c.transcript_id == transcript_id).order_by(RELEASE.c.number)
    ).all()
    blobs = get_blobs(connection, [row.blob_id for row in rows])
    return tuple(
        Release(
            row.id,
            row.transcript_id,
            row.number,
            blobs[row.blob_id],
            row.released_by,
            row.withdrawn_at_ms is not None,
            row.text_tag,
        )
        for row in rows
    )


def releases_of_recording(connection: Connection, recording_id: str) -> tuple[StudyRelease, ...]:
    """Return every release of a recording, the newest first."""
    return tuple(_found(connection, RECORDING.c.id == recording_id, true(), None))


def releases_in(
    connection: Connection, study_id: str, before: tuple[int, str] | None, limit: int
) -> list[StudyRelease]:
    """Return at most `limit` releases of a study, the newest first.

    `before` is the time and the id of the last one that was seen, None at the beginning.
    """
    later: ColumnElement[bool] = true()
    if before is not None:
        later = tuple_(RELEASE.c.created_at_ms, RELEASE.c.id) < tuple_(*before)
    return _of_study(connection, study_id, later, limit)


def all_releases(connection: Connection, study_id: str) -> list[StudyRelease]:
    """Return every release of a study, the withdrawn ones too, the newest first."""
    return _of_study(connection, study_id, true(), None)


def standing_releases(connection: Connection, study_id: str) -> list[StudyRelease]:
    """Return the latest release of each recording that was not withdrawn, the newest first."""
    latest: dict[str, StudyRelease] = {}
    for release in _of_study(connection, study_id, RELEASE.c.withdrawn_at_ms.is_(None), None):
        latest.setdefault(release.recording_id, release)
    return list(latest.values())


def release_before(connection: Connection, release: StudyRelease) -> StudyRelease | None:
    """Return the release of the same recording that was made before, None for the first one."""
    found = _found(
        connection,
        RECORDING.c.id == release.recording_id,
        tuple_(RELEASE.c.created_at_ms, RELEASE.c.id) < (release.created_at_ms, release.id),
        1,
    )
    return found[0] if found else None


def latest_release(connection: Connection, recording_id: str) -> StudyRelease | None:
    """Return the release of a recording that was made last, withdrawn or not."""
    found = _found(connection, RECORDING.c.id == recording_id, true(), 1)
    return found[0] if found else None


def release_in(
    connection: Connection, study_id: str, release_id: str, *, lock: bool = False
) -> StudyRelease | None:
    """Return a release of a study by its id; with `lock` nobody else changes it meanwhile."""
    if lock:
        connection.execute(select(RELEASE.c.id).where(RELEASE.c.id == release_id).with_for_update())
    found = _of_study(connection, study_id, RELEASE.c.id == release_id, 1)
    return found[0] if found else None


def _of_study(
    connection: Connection, study_id: str, which: ColumnElement[bool], limit: int | None
) -> list[StudyRelease]:
    return _found(connection, RECORDING.c.study_id == study_id, which, limit)


def _found(
    connection: Connection,
    whose: ColumnElement[bool],
    which: ColumnElement[bool],
    limit: int | None,
) -> list[StudyRelease]:
    rows = connection.execute(
        select(RELEASE, RECORDING.c.id.label("recording_id"))
        .join(TRANSCRIPT, TRANSCRIPT.c.id == RELEASE.c.transcript_id)
        .join(RECORDING, RECORDING.c.id == TRANSCRIPT.c.recording_id)
        .where(whose, which)
        .order_by(RELEASE.c.created_at_ms.desc(), RELEASE.c.id.desc())
        .limit(limit)
    ).all()
    blobs = get_blobs(connection, [row.blob_id for row in rows])
    return [
        StudyRelease(
            row.id,
            row.recording_id,
            row.number,
            blobs[row.blob_id],
            row.released_by,
            row.created_at_ms,
            row.withdrawn_at_ms,
            row.withdrawn_by,
        )
        for row in rows
    ]
