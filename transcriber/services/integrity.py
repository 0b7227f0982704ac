"""Whether everything that is stored is there, whole, and known (after paperless's sanity checker).

missing      a row without its file: something was lost, restore it from a backup
unknown      a file without a row: left by an interrupted write, or by a database restored
             from a backup, which then has lost rows
damaged      a file, or a row, that does not decrypt
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transcriber.domain.errors import StorageError
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.blobs.place import Listed
from transcriber.storage.database.blob_rows import all_blobs
from transcriber.storage.database.sealed_rows import check_sealed_rows
from transcriber.storage.database.tombstones import tombstones
from transcriber.storage.database.uploads import upload_blobs
from transcriber.storage.keys.key import Key

IN_FLIGHT_MS = 24 * 60 * 60 * 1000
"""A younger file may belong to a step that is about to write its row."""

READ_BYTES = 1 << 20

Progress = Callable[[int, int], None]
"""Called with how many of how many files were read."""


@dataclass(frozen=True, slots=True)
class Integrity:
    """What a check found; `files` is how many there should be."""

    files: int
    missing: tuple[Blob, ...]
    unknown: tuple[Listed, ...]
    damaged: tuple[Blob, ...]
    damaged_rows: int
    erasures_open: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost, and nothing that was to be erased is left."""
        lost = (*self.missing, *self.damaged)
        return not (lost or self.damaged_rows or self.erasures_open)

    @property
    def unknown_bytes(self) -> int:
        """What the files that belong to nothing take."""
        return sum(file.size_bytes for file in self.unknown)


def check_store(store: Store, *, thorough: bool, progress: Progress) -> Integrity:
    """Compare rows with files; `thorough` decrypts all of both. Nothing is changed.

    Raises StorageError and KeyUnusable when the store cannot be read at all.
    """
    # Rows before files: a file is there before its row, so none looks lost that is just coming.
    with store.database.read() as connection:
        sealed = check_sealed_rows(connection, store.keyring, thorough=thorough)
        arriving, strays = upload_blobs(connection)
        rows = {blob.id: blob for blob in (*all_blobs(connection), *arriving)}
        erasures_open = sum(stone.finished_at_ms is None for stone in tombstones(connection))
    files = {file.name: file for file in store.blobs.place.listed()}
    known = [blob for blob in rows.values() if blob.recording_id in sealed.keys]
    present = [blob for blob in known if blob.id in files]
    damaged = []
    for number, blob in enumerate(present, start=1):
        key = sealed.keys[blob.recording_id]
        if files[blob.id].size_bytes != blob.stored_bytes or (
            thorough and not _opens(store, key, blob)
        ):
            damaged.append(blob)
        progress(number, len(present))
    return Integrity(
        files=len(known),
        missing=tuple(blob for blob in known if blob.id not in files),
        unknown=tuple(
            file for file in files.values() if file.name not in strays and _is_unknown(file, rows)
        ),
        damaged=tuple(damaged),
        damaged_rows=sealed.damaged,
        erasures_open=erasures_open,
    )


def remove_unknown(store: Store) -> int:
    """Delete files that belong to nothing and what interrupted writes left; return how many.

    Nobody can undo this. MUST NOT be done after a database was restored from a backup, before the
    rows that it lost are back.
    """
    before_ms = round(time.time() * 1000) - IN_FLIGHT_MS
    found = check_store(store, thorough=False, progress=lambda done, total: None)
    for file in found.unknown:
        store.blobs.delete(file.name)
    return len(found.unknown) + store.blobs.place.sweep(before_ms)


def _opens(store: Store, key: Key, blob: Blob) -> bool:
    try:
        with store.blobs.open(key, blob) as file:
            while file.read(READ_BYTES):
                pass
    except StorageError as error:
        if error.code != "blob_damaged":
            raise
        return False
    return True


def _is_unknown(file: Listed, rows: Mapping[str, Blob]) -> bool:
    age_ms = time.time() * 1000 - file.modified_ms
    return file.name not in rows and age_ms > IN_FLIGHT_MS
