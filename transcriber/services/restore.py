"""Putting a backup back into an empty store, without what was erased since it was made."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import KeyUnusable, UsageError
from transcriber.services.backup import Progress
from transcriber.services.erase import finish_erasures
from transcriber.services.retention.came_back import erase_what_came_back
from transcriber.services.settings import Settings
from transcriber.services.store import Store, key_source, open_as_it_is
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.backup_folder import BackupFolder, Manifest
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.database import Database
from transcriber.storage.database.dump import Row, insert_lines, is_empty, tables_in
from transcriber.storage.database.upgrade import make_at
from transcriber.storage.erased_list import Entry, ErasedList


def restore(
    settings: Settings, source: Path, progress: Progress, *, list_lost: bool = False
) -> Manifest:
    """Put a backup back and return what it holds; what was erased since is erased again.

    Keys of recordings and studies that were erased are never put back. With `list_lost` the list
    of what was erased is taken from the backup, which does not know what was erased after it.
    Interrupted anywhere, it can be done again, or `transcriber purge` ends it. Raises UsageError
    where the folder holds no backup, where something is stored already, or where the list is not
    as new as the backup; KeyUnusable for another master key; StorageError.
    """
    folder = BackupFolder(source)
    manifest = folder.manifest()
    _require_key(settings, manifest)
    _require_empty(settings)
    erased = _erased(settings, folder, list_lost=list_lost)
    _put_blobs(settings, folder, manifest, progress)
    database = make_at(settings.database, manifest.revision)
    with database.write() as connection:
        _put_rows(connection, folder, manifest, erased.entries())
    store = open_as_it_is(settings)  # which brings it up to date
    _erase_again(store)
    return manifest


def _erase_again(store: Store) -> None:
    erase_what_came_back(store)
    finish_erasures(store)
    finish_withdrawals(store)
    with store.database.write() as connection:
        store.audit.record(connection, AuditEvent(Action.RESTORED))
    store.database.overwrite_deleted()


def _require_key(settings: Settings, manifest: Manifest) -> None:
    keys = key_source(settings).read()
    if any(keys.named(key_id) is None for key_id in manifest.master_keys):
        raise KeyUnusable(
            "other_master_key",
            "This backup was made under another master key than the one that is here, and nobody "
            "can read it without that. Put the key of its time back, then restore.",
        )


def _require_empty(settings: Settings) -> None:
    database = Database(settings.database)
    if database.path is not None and not database.path.exists():
        return
    with database.read() as connection:
        if not is_empty(connection):
            raise UsageError(
                "restore_not_empty",
                "Something is stored here already, and a backup is put into an empty store only. "
                "Name an empty database and folder in the configuration, or move the data folder's "
                "database and files away.",
            )


def _erased(settings: Settings, folder: BackupFolder, *, list_lost: bool) -> ErasedList:
    here, there = ErasedList(settings.erased_list), folder.erased.entries()
    if list_lost:
        here.add(there)
    if not there <= here.entries():
        raise UsageError(
            "erased_list_missing",
            "The list of what was erased is not here, or is older than the backup, so the backup "
            "could bring back what somebody had erased. Put the newest copy of erased.list beside "
            "the master key. Where every copy is lost, restore with --erased-list-lost.",
        )
    return here


def _put_blobs(
    settings: Settings, folder: BackupFolder, manifest: Manifest, progress: Progress
) -> None:
    """Put the encrypted files in their place, but for those that an earlier attempt put there."""
    place = open_blobs(settings.blobs).place
    present = {file.name: file.size_bytes for file in place.listed()}
    files = folder.blobs(manifest)
    for number, file in enumerate(files, start=1):
        if present.get(file.name) != file.size_bytes:
            place.write(file.name, folder.blob(file))
        progress(number, len(files))


def _put_rows(
    connection: Connection, folder: BackupFolder, manifest: Manifest, erased: Collection[Entry]
) -> None:
    """Put all rows back in one transaction, without the keys of what was erased as a whole."""
    gone = {erased_id for kind, erased_id in erased if kind in ("recording", "study")}
    keyless = _without_keys(gone)
    for table in tables_in(connection):
        if table.name in manifest.tables:
            keep = keyless if table.name == "wrapped_key" else _all
            insert_lines(connection, table, folder.table(manifest, table.name), keep)


def _without_keys(gone: set[str]) -> Callable[[Row], bool]:
    def keep(row: Row) -> bool:
        owner: Any = row["recording_id"] or row["study_id"]
        return owner not in gone

    return keep


def _all(row: Row) -> bool:
    return True
