"""The SHA-256 of uploads, counted while they arrive."""

import hashlib
from typing import Any

from transcriber.domain.errors import UsageError
from transcriber.services.store import Store
from transcriber.storage.database.uploads import Upload


class RunningHashes:
    """The SHA-256 of uploads as they arrive, for as long as this process sees all of one.

    A hash that was begun cannot be put down and taken up by another process: an upload that
    outlived the server is read again, once, when it is complete (docs/decisions/0014-uploads.md).
    """

    def __init__(self) -> None:
        self._running: dict[str, tuple[int, Any]] = {}

    def add(self, upload_id: str, offset_bytes: int, data: bytes) -> None:
        """Go on with what stands at an offset; what this process did not see is given up."""
        counted, running = self._running.pop(upload_id, (0, None))
        if counted == offset_bytes:
            running = running or hashlib.sha256()
            running.update(data)
            self._running[upload_id] = (offset_bytes + len(data), running)

    def of(self, store: Store, upload: Upload) -> str:
        """Return the SHA-256 of an upload that is complete, and forget it here."""
        counted, running = self._running.pop(upload.id, (0, None))
        if counted != upload.offset_bytes:
            running = hashlib.sha256()
            for piece in store.blobs.pieces(upload.key, upload.pieces):
                running.update(piece)
        return str(running.hexdigest())

    def forget(self, upload_id: str) -> None:
        """Let go of an upload that is taken back."""
        self._running.pop(upload_id, None)


def with_hash(store: Store, hashes: RunningHashes, upload: Upload) -> str:
    """Return the SHA-256 of an upload that is complete; it is counted once and kept.

    Raises UsageError when it is not complete.
    """
    if not upload.is_complete:
        raise UsageError(
            "upload_incomplete", "A file has not arrived in full yet. Wait until it has."
        )
    if upload.sha256 is not None:
        return upload.sha256
    sha256 = hashes.of(store, upload)
    with store.database.write() as connection:
        store.uploads.counted(connection, upload, sha256)
    return sha256
