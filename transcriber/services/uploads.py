"""Files on their way into the store: encrypted as they arrive, and never in the clear on a disk.

A file is an upload until a recording takes it over. It arrives in any number of requests; each may
break off at any byte, and whatever was told to have arrived is in the store by then.
"""

import io

from transcriber.domain.errors import InputError, StorageError, UsageError
from transcriber.engines.pyav.verdict import input_error
from transcriber.services.file_kinds import require_takeable
from transcriber.services.store import Store
from transcriber.services.upload_hashes import RunningHashes
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.database.uploads import Upload

PIECE_BYTES = 8 << 20
"""How much of a file is one blob: what a request holds in memory, and all that can be lost of it
when the server is killed."""


def begin_upload(
    store: Store, study_id: str, account_id: str, file_name: str, length_bytes: int | None
) -> Upload:
    """Begin an upload of a file; its length is None where only its end will tell.

    Raises InputError for a file that is empty, UsageError `too_large` or `quota_full`, and
    StorageError `disk_full`.
    """
    if length_bytes == 0:
        raise input_error("empty")
    with store.database.write() as connection:
        taken = store.uploads.stored_bytes(connection, study_id)
        require_room(store, length_bytes or 0, taken)
        return store.uploads.add(connection, study_id, account_id, file_name, length_bytes)


def require_room(store: Store, length_bytes: int, taken_bytes: int) -> None:
    """Refuse what is too long or has no room, in a study that has `taken_bytes` already."""
    limits = store.settings.uploads
    if length_bytes > limits.largest_bytes:
        raise UsageError(
            "too_large",
            f"This file is larger than {limits.largest_gib:g} GiB, which is the most that is taken "
            "here. Export it as MP3 or M4A, or cut it into parts.",
        )
    if limits.study_bytes is not None and taken_bytes + length_bytes > limits.study_bytes:
        raise UsageError(
            "quota_full",
            f"This study may hold {limits.study_gib:g} GiB, and with this file it would hold more. "
            "Erase what is no longer needed, or ask whoever runs this service for more room.",
        )
    free = store.blobs.place.free_bytes()
    if free is not None and free - length_bytes < limits.spare_bytes:
        raise StorageError(
            "disk_full",
            "The disk of this service has no room for this file. Nothing was stored. Tell whoever "
            "runs it, and try again later.",
        )


def upload_of(store: Store, study_id: str, account_id: str, upload_id: str) -> Upload:
    """Return an upload to whoever began it. Raises UsageError `not_found`."""
    with store.database.read() as connection:
        upload = store.uploads.get(connection, study_id, account_id, upload_id)
    if upload is None:
        raise UsageError(
            "not_found",
            "This upload is not there: it was finished, taken back, or nobody went on with it in "
            "time. Begin again.",
        )
    return upload


class Receiver:
    """Takes the bytes of one request, in order, and lets them count piece by piece.

    Whoever sends last goes on; an earlier request of the same upload gets Overtaken, so that bytes
    of two are never mixed.
    """

    def __init__(self, store: Store, hashes: RunningHashes, upload: Upload) -> None:
        """Take over an upload, as it is by now."""
        self._store, self._hashes, self.upload_id = store, hashes, upload.id
        self._key, self._name, self._study_id = upload.key, upload.file_name, upload.study_id
        self._length_bytes = upload.length_bytes
        with store.database.write() as connection:
            self._token = store.uploads.take(connection, upload.id)
            now = next(
                u for u in store.uploads.all(connection, upload.study_id) if u.id == upload.id
            )
        self.offset_bytes = now.offset_bytes
        self._stored_bytes = now.offset_bytes
        self._pieces = list(now.pieces)
        delete_strays(store, upload.id)
        self._short: Blob | None = None
        self._buffer = bytearray()
        if self._pieces and self._pieces[-1].size_bytes < PIECE_BYTES:
            self._short = self._pieces.pop()
            self._buffer += store.blobs.read(self._key, self._short)

    def write(self, data: bytes) -> None:
        """Take bytes, and store what fills a piece.

        Raises UsageError `too_large` for more than was announced or may be, InputError when this
        is surely no recording and no transcript, Overtaken, StorageError.
        """
        self.offset_bytes += len(data)
        limits = self._store.settings.uploads
        if self._length_bytes is None and self.offset_bytes > limits.largest_bytes:
            require_room(self._store, self.offset_bytes, 0)
        if self._length_bytes is not None and self.offset_bytes > self._length_bytes:
            raise UsageError(
                "too_large",
                "More has arrived than this upload was said to hold. Begin again.",
            )
        self._buffer += data
        while len(self._buffer) >= PIECE_BYTES:
            self._put(bytes(self._buffer[:PIECE_BYTES]))
            del self._buffer[:PIECE_BYTES]

    def flush(self) -> None:
        """Store what is left, so that all that was taken counts. Raises Overtaken, StorageError."""
        if self.offset_bytes > self._stored_bytes:
            self._put(bytes(self._buffer))

    def end(self) -> None:
        """Say that this was all of it. Raises InputError when that is nothing."""
        self.flush()
        if not self.offset_bytes:
            raise input_error("empty")
        with self._store.database.write() as connection:
            self._store.uploads.end(connection, self.upload_id, self._token)

    def _put(self, text: bytes) -> None:
        """Store a piece in place of the short one that it begins with, if there is one."""
        uploads, number, short = self._store.uploads, len(self._pieces), self._short
        if not number:
            self._require_takeable(text)
        if self._length_bytes is None:
            with self._store.database.read() as connection:
                taken = uploads.stored_bytes(connection, self._study_id)
            require_room(self._store, len(text), taken)
        with self._store.database.write() as connection:
            blob_id = uploads.announce(connection, self.upload_id, self._token, number)
        with self._store.blobs.staged() as staged:
            source = io.BytesIO(text)
            piece = staged.put(self._key, self.upload_id, Purpose.SOURCE, source, blob_id)
            with self._store.database.write() as connection:
                uploads.keep(connection, self.upload_id, self._token, piece, short)
        new = text[short.size_bytes :] if short else text
        self._hashes.add(self.upload_id, self._stored_bytes, new)
        self._stored_bytes += len(new)
        self._pieces.append(piece)
        self._short = None
        if short is not None:
            delete_strays(self._store, self.upload_id)

    def _require_takeable(self, beginning: bytes) -> None:
        """Refuse, and delete, what by its beginning is surely nothing that can be taken."""
        try:
            require_takeable(beginning, self._name)
        except InputError:
            self._hashes.forget(self.upload_id)
            take_back(self._store, self.upload_id)
            raise


def delete_strays(store: Store, upload_id: str) -> None:
    """Delete what was written of an upload and does not count, by whatever was killed."""
    with store.database.read() as connection:
        strays = store.uploads.strays(connection, upload_id)
    for blob_id in strays:
        store.blobs.delete(blob_id)
    if strays:
        with store.database.write() as connection:
            store.uploads.strays_deleted(connection, strays)


def take_back(store: Store, upload_id: str) -> None:
    """Delete an upload with all that arrived of it. Raises StorageError; the sweep goes on then."""
    with store.database.write() as connection:
        store.uploads.give_up(connection, [upload_id])
    _delete(store, upload_id)


def sweep_uploads(store: Store) -> int:
    """Delete uploads that nobody went on with in time; return how many there were."""
    with store.database.read() as connection:
        late = store.uploads.expired(connection)
    for upload_id in late:
        take_back(store, upload_id)
    return len(late)


def delete_uploads_of(store: Store, study_id: str) -> None:
    """Delete what is on its way to a study that is being erased."""
    with store.database.read() as connection:
        mine = store.uploads.of_study(connection, study_id)
    for upload_id in mine:
        take_back(store, upload_id)


def _delete(store: Store, upload_id: str) -> None:
    """Delete the files of an upload that was given up, and then its rows.

    Not the other way round: a file without a row would stay.
    """
    with store.database.read() as connection:
        blob_ids = store.uploads.blob_ids(connection, upload_id)
    for blob_id in blob_ids:
        store.blobs.delete(blob_id)
    with store.database.write() as connection:
        store.uploads.remove(connection, [upload_id])
