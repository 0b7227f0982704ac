"""The releases of a study: lists, files in four formats, and what changed between two."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.docx_inline import write_docx
from transcriber.exports.release_json import read_release
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt
from transcriber.services.page import Page, cursor_of, place_of
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import (
    StudyRelease,
    release_before,
    release_in,
    releases_in,
)

STORED = "json"
"""The format in which a release is stored; its file is given as it is."""

FORMATS: Mapping[str, Callable[[RedactedTranscript], bytes]] = {
    "docx": write_docx,
    "txt": write_txt,
    "vtt": write_vtt,
}
"""What the others are written with; the same release gives the same bytes."""

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    STORED: "application/json",
}


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """A release in a list; `released_by` is an account, times are UTC in milliseconds.

    `withdrawn_at_ms` is None while it stands.
    """

    id: str
    recording_id: str
    code: str
    number: int
    size_bytes: int
    released_by: str | None
    created_at_ms: int
    withdrawn_at_ms: int | None


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release, and the name under which it is kept."""

    data: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ChangedTurn:
    """Turns of one release where another has other ones; either side may be empty.

    `number` counts the turns of the later release from 1.
    """

    number: int
    before: tuple[RedactedTurn, ...]
    after: tuple[RedactedTurn, ...]


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """A release with how it was checked, and why it was withdrawn, None where it stands.

    `changes` are those since the release before it, None where they are not told.
    """

    summary: ReleaseSummary
    manifest: Mapping[str, Any]
    why_withdrawn: str | None
    changes: tuple[ChangedTurn, ...] | None


def list_releases(
    store: Store, study_id: str, cursor: str | None = None, limit: int = 50
) -> Page[ReleaseSummary]:
    """Return a page of a study's releases, the newest first. Raises UsageError for a bad cursor."""
    with store.database.read() as connection:
        found = releases_in(connection, study_id, place_of(cursor), limit + 1)
        shown = found[:limit]
        ids = [release.recording_id for release in shown]
        codes = store.recordings.codes(connection, study_id, ids)
    last = shown[-1] if len(found) > limit else None
    return Page(
        tuple(
            _summary(release, codes[release.recording_id])
            for release in shown
            if release.recording_id in codes
        ),
        cursor_of(last.created_at_ms, last.id) if last else None,
    )


def release_file(
    store: Store, actor_id: str, study_id: str, release_id: str, kind: str = STORED
) -> ReleaseFile:
    """Return a release as a file of a kind of `MEDIA_TYPES`. It is audited.

    Raises UsageError `not_found`, `withdrawn` or `format_not_served`, StorageError.
    """
    if kind not in MEDIA_TYPES:
        raise UsageError(
            "format_not_served", f"Releases are written as {', '.join(sorted(MEDIA_TYPES))}."
        )
    with store.database.write() as connection:
        release = standing_release(connection, study_id, release_id)
        key = store.keyring.recording(connection, release.recording_id)
        event = AuditEvent(
            Action.EXPORTED, actor_id, study_id, release.recording_id, subject_id=release.id
        )
        store.audit.record(connection, event)
    data = store.blobs.read(key, release.blob)
    text, _ = read_release(data)
    written = data if kind == STORED else FORMATS[kind](text)
    return ReleaseFile(
        written, f"{file_stem(text.code)}-v{release.number}.{kind}", MEDIA_TYPES[kind]
    )


def show_release(
    store: Store, actor_id: str, study_id: str, release_id: str, *, with_withdrawn: bool
) -> ShownRelease:
    """Return a release and what changed since the one before. It is audited.

    Where either was withdrawn, the changes and the reason are told `with_withdrawn` only: they
    quote what others must not read any more.

    Raises UsageError `not_found`, StorageError.
    """
    with store.database.write() as connection:
        release = _known(connection, study_id, release_id)
        earlier = release_before(connection, release)
        codes = store.recordings.codes(connection, study_id, [release.recording_id])
        why = store.sign_offs.why_withdrawn(connection, release)
        key = store.keyring.recording(connection, release.recording_id)
        event = AuditEvent(
            Action.VIEWED, actor_id, study_id, release.recording_id, subject_id=release.id
        )
        store.audit.record(connection, event)
    text, manifest = read_release(store.blobs.read(key, release.blob))
    changes = None
    hidden = release.withdrawn_at_ms is not None or (
        earlier is not None and earlier.withdrawn_at_ms is not None
    )
    if earlier is not None and (with_withdrawn or not hidden):
        before, _ = read_release(store.blobs.read(key, earlier.blob))
        changes = changed_turns(before, text)
    return ShownRelease(
        _summary(release, codes[release.recording_id]),
        manifest,
        why if with_withdrawn else None,
        changes,
    )


def changed_turns(before: RedactedTranscript, after: RedactedTranscript) -> tuple[ChangedTurn, ...]:
    """Return the turns in which two texts of one recording differ, in order."""
    one = [(turn.label, turn.text) for turn in before.turns]
    other = [(turn.label, turn.text) for turn in after.turns]
    found = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return tuple(
        ChangedTurn(into + 1, before.turns[start:end], after.turns[into:until])
        for what, start, end, into, until in found
        if what != "equal"
    )


def _summary(release: StudyRelease, code: str) -> ReleaseSummary:
    return ReleaseSummary(
        id=release.id,
        recording_id=release.recording_id,
        code=code,
        number=release.number,
        size_bytes=release.blob.size_bytes,
        released_by=release.released_by,
        created_at_ms=release.created_at_ms,
        withdrawn_at_ms=release.withdrawn_at_ms,
    )


def standing_release(connection: Connection, study_id: str, release_id: str) -> StudyRelease:
    """Return a release whose files may be given. Raises UsageError `not_found` or `withdrawn`."""
    release = _known(connection, study_id, release_id)
    if release.withdrawn_at_ms is not None:
        raise UsageError(
            "withdrawn",
            "This release was withdrawn, so nobody gets its file any more. Look for a later one.",
        )
    return release


def _known(connection: Connection, study_id: str, release_id: str) -> StudyRelease:
    release = release_in(connection, study_id, release_id)
    if release is None:
        raise UsageError("not_found", "There is no such release in this study.")
    return release


def file_stem(code: str) -> str:
    """Return a code as a file name that every system and every header takes."""
    kept = re.sub("[^A-Za-z0-9_-]", "", code)
    return kept or "transcript"
