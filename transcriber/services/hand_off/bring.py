"""Bringing what is due: written whole, read back, noted once; again where it was interrupted."""

import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from transcriber.domain.audit import Action
from transcriber.domain.errors import StorageError, TranscriberError, UsageError
from transcriber.domain.hand_off import Handed
from transcriber.exports.presets import PRESETS
from transcriber.exports.recall_notice import recall_notice
from transcriber.services.bundles import bundle_of
from transcriber.services.consent.book import consent_book
from transcriber.services.consent.doors import require_may_leave
from transcriber.services.hand_off.addresses import open_place
from transcriber.services.packaged_release import zip_of
from transcriber.services.releases import OpenedRelease, ReleaseFile, opened
from transcriber.services.rounds import send_in_round
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.destinations import Destination
from transcriber.storage.database.hand_offs import (
    WITHDRAWN,
    HandOff,
    brought_before,
    note_hand_off_failed,
    note_handed,
    take_hand_off,
)
from transcriber.storage.database.releases import release_in, standing_releases
from transcriber.storage.hand_off.place import HandOffPlace, SharedFolder

FINAL = frozenset({WITHDRAWN, "other_content", "bad_destination", "not_found", "no_consent"})
"""Failures that no later attempt mends by itself."""
NOTICE = ".RECALLED.txt"
"""What the name of a file is followed by in that of its notice."""

_AUDITED = {Handed.RELEASE: Action.HANDED_OFF, Handed.RECALL: Action.RECALL_HANDED_OFF}

_log = logging.getLogger(__name__)


def hand_off_due(store: Store) -> int:
    """Bring what is due, for a round; return how much arrived.

    What a killed process was bringing is brought again: the same bytes under the same name, so
    that nothing is there twice. Raises StorageError when the database is away.
    """
    return send_in_round(
        lambda: take_hand_off(store.database), lambda hand_off: _brought(store, hand_off)
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """A release that lies in a folder, and the SHA-256 of its file in hexadecimal."""

    release_id: str
    file_name: str
    sha256: str


def hand_off_now(store: Store, study_id: str, folder: Path, preset: str | None) -> list[Brought]:
    """Write the latest release of every recording to a folder that is there, for whoever runs it.

    What lies there already is left. Each is audited. Raises UsageError `nothing_released`,
    ConsentError where somebody in one of them did not agree to be quoted (nothing is written then),
    and StorageError where the folder is missing or one cannot be written.
    """
    with store.database.read() as connection:
        releases = standing_releases(connection, study_id)
    if not releases:
        raise UsageError(
            "nothing_released", "Nothing of this study is released. Sign a transcript off first."
        )
    place, brought = SharedFolder(folder.absolute()), []
    taken = [opened(store, each) for each in sorted(releases, key=lambda each: each.created_at_ms)]
    book = consent_book(store, study_id)
    for each in taken:  # before any of them lies there
        require_may_leave(book, each.release.recording_id, each.text())
    for each in taken:
        release, file = each.release, file_for(each, preset)
        brought.append(Brought(release.id, file.name, bring(place, file)))
        with store.database.write() as connection:
            event = AuditEvent(Action.EXPORTED, None, study_id, release.recording_id, release.id)
            store.audit.record(connection, event)
    return brought


def bring(place: HandOffPlace, file: ReleaseFile) -> str:
    """Write a file where it is not there yet, and return its SHA-256 in hexadecimal.

    Raises StorageError `other_content` where another one lies under its name, `not_as_written`
    where it cannot be read back.
    """
    lying = place.read(file.name)
    if lying is None:
        place.write(file.name, file.data)
        if place.read(file.name) != file.data:
            raise StorageError(
                "not_as_written", "The file that was written is another one when it is read."
            )
    elif lying != file.data:
        raise StorageError(
            "other_content",
            "A file of this name with another content lies at the destination. Move it away.",
        )
    return sha256(file.data).hexdigest()


def file_for(release: OpenedRelease, preset: str | None) -> ReleaseFile:
    """Return the file of a release for a tool, or its package, under a name of its own.

    The name ends with the beginning of the release's id: studies may share a folder.
    """
    made = zip_of(release) if preset is None else bundle_of(release, PRESETS[preset])
    stem = made.name.removesuffix(".zip")
    return ReleaseFile(made.data, f"{stem}-{release.release.id[:8]}.zip", made.media_type)


def _brought(store: Store, hand_off: HandOff) -> bool:
    try:
        with store.database.read() as connection:
            destination = store.destinations.get(connection, hand_off.destination_id)
            release = release_in(connection, destination.study_id, hand_off.release_id)
        if destination.address is None or release is None:
            raise StorageError("not_found", "The destination or the release is gone.")
        if hand_off.what is Handed.RELEASE and release.withdrawn_at_ms is not None:
            raise StorageError(WITHDRAWN, "The release was withdrawn.")
        place = open_place(destination.address, store.settings.hand_off)
        taken = opened(store, release)
        if hand_off.what is Handed.RELEASE:
            book = consent_book(store, destination.study_id)
            require_may_leave(book, release.recording_id, taken.text())
        file = file_for(taken, destination.preset)
        if hand_off.what is Handed.RECALL:
            file = _notice(store, hand_off, destination, place, file, release.withdrawn_at_ms or 0)
        digest = bring(place, file)
    except TranscriberError as error:
        final = error.code in FINAL
        note_hand_off_failed(store.database, hand_off, error.code, final=final)
        _log.warning("hand-off %s: %s, attempt %d", hand_off.id, error.code, hand_off.attempts)
        return False
    with store.database.write() as connection:
        note_handed(connection, hand_off, digest)
        event = AuditEvent(
            _AUDITED[hand_off.what],
            None,
            destination.study_id,
            hand_off.recording_id,
            hand_off.id,
        )
        store.audit.record(connection, event)
    return True


def _notice(  # the notice of one file in one place
    store: Store,
    hand_off: HandOff,
    destination: Destination,
    place: HandOffPlace,
    file: ReleaseFile,
    withdrawn_at_ms: int,
) -> ReleaseFile:
    """Return the notice for the file that lies there, or that did."""
    with store.database.read() as connection:
        before = brought_before(connection, hand_off)
        release = release_in(connection, destination.study_id, hand_off.release_id)
        code = store.recordings.codes(connection, destination.study_id, [hand_off.recording_id])
    lying = place.read(file.name)
    noted = before.sha256 if before else None
    digest = sha256(lying).hexdigest() if lying is not None else noted
    text = recall_notice(
        code=code[hand_off.recording_id],
        number=release.number if release else 0,
        file_name=file.name,
        sha256=digest,
        release_id=hand_off.release_id,
        at_ms=withdrawn_at_ms,
    )
    return ReleaseFile(text, f"{file.name}{NOTICE}", "text/plain; charset=utf-8")
