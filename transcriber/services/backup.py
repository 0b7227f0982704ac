"""A backup of everything that is stored but the master key, made while the service goes on."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from transcriber import __version__
from transcriber.domain.audit import Action
from transcriber.domain.errors import StorageError
from transcriber.services.erase import finish_erasures
from transcriber.services.store import Store
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.backup_folder import SCHEMA, BackupFolder, Manifest, StoredFile, begin, end
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import all_blobs, get_blobs
from transcriber.storage.database.dump import lines, tables_in
from transcriber.storage.database.keyring import wrapped_under_master
from transcriber.storage.database.tombstones import tombstones
from transcriber.storage.database.upgrade import revision_of
from transcriber.storage.database.withdrawals import count_withdrawn
from transcriber.storage.erased_list import Entry

LOOKS_FOR_LOST, BETWEEN_LOOKS_S = 20, 0.5
"""How often it is asked whether a file that is not there has a row."""

Progress = Callable[[int, int], None]
"""Called with how many of how many files were copied."""


def back_up(store: Store, out: Path, progress: Progress) -> Manifest:
    """Write a backup into a new folder, and return what it holds.

    It is of one moment. What is erased while it is made is not in it: then it is begun anew, with
    the files that were copied. Raises UsageError for a place that will not do, and StorageError;
    nothing has the name of the folder then.
    """
    finish_erasures(store)
    finish_withdrawals(store)
    with store.database.write() as connection:
        store.audit.record(connection, AuditEvent(Action.BACKED_UP))
    folder = begin(out)
    copied: dict[str, StoredFile] = {}
    while True:
        with store.database.read() as connection:
            manifest, wanted = _rows(connection, folder)
            erased, withdrawn = _erased(connection), count_withdrawn(connection)
        folder.drop_blobs(copied.keys() - wanted)
        copied = {name: copied[name] for name in copied.keys() & wanted}
        if _copy_blobs(store, folder, sorted(wanted), copied, progress):
            with store.database.read() as connection:
                nothing_erased = _erased(connection) == erased
                nothing_erased &= count_withdrawn(connection) == withdrawn
            if nothing_erased:
                break
    folder.put_erased(erased | store.erased.entries())
    whole = folder.put_manifest(manifest, list(copied.values()))
    end(folder, out)
    return whole


def _rows(connection: Connection, folder: BackupFolder) -> tuple[Manifest, set[str]]:
    """Write all rows as one transaction sees them; return that and which files they name."""
    revision = revision_of(connection)
    assert revision is not None  # the store is open
    sha256s = {
        table.name: folder.put_table(table.name, lines(connection, table))
        for table in tables_in(connection)
    }
    manifest = Manifest(
        schema=SCHEMA,
        version=__version__,
        revision=revision,
        made_at_ms=round(time.time() * 1000),
        master_keys=tuple(sorted(wrapped_under_master(connection))),
        tables=sha256s,
        blobs="",
        files=0,
        size_bytes=0,
    )
    return manifest, {blob.id for blob in all_blobs(connection)}


def _copy_blobs(
    store: Store,
    folder: BackupFolder,
    wanted: list[str],
    copied: dict[str, StoredFile],
    progress: Progress,
) -> bool:
    """Copy the files that are not copied yet; return whether none went away meanwhile.

    Raises StorageError where one is lost: a backup without it would be none.
    """
    for number, name in enumerate(wanted, start=1):
        if name not in copied:
            try:
                copied[name] = folder.put_blob(store.blobs.place, name)
            except StorageError as error:
                if error.code != "blob_missing" or _stays_named(store, name):
                    raise
                return False
        progress(number, len(wanted))
    return True


def _stays_named(store: Store, name: str) -> bool:
    """Whether a file is lost: what is forgotten once a job is done loses its row a little later."""
    for _ in range(LOOKS_FOR_LOST):
        with store.database.read() as connection:
            if name not in get_blobs(connection, [name]):
                return False
        time.sleep(BETWEEN_LOOKS_S)
    return True


def _erased(connection: Connection) -> frozenset[Entry]:
    return frozenset((stone.kind, stone.id) for stone in tombstones(connection))
