"""Stored files, encrypted on their way to their place and decrypted on their way back."""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from transcriber.domain.errors import StorageError, UsageError, disk_errors
from transcriber.storage.blobs.bucket import Bucket
from transcriber.storage.blobs.folder import Folder
from transcriber.storage.blobs.framing import Blob, DecryptedFile, Purpose, Readable, encrypted
from transcriber.storage.blobs.place import BlobPlace
from transcriber.storage.files import PRIVATE_FILE_MODE
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

COPY_BYTES = 1 << 20

IN_DOUBT = "database_unavailable"
"""Whether a transaction that ended so was committed is not known."""


class BlobStore:
    """Puts and opens blobs. Nothing that was put is ever changed."""

    def __init__(self, place: BlobPlace) -> None:
        self.place = place

    @contextmanager
    def staged(self) -> Iterator["Staged"]:
        """Put blobs whose rows are written before the block ends.

        Where it ends with an error, what was put is deleted: bytes come before rows, so nothing
        refers to them. Where the database went away in its commit, they stay for the integrity
        check, which can ask again.
        """
        staged = Staged(self.place)
        try:
            yield staged
        except BaseException as error:
            if not (isinstance(error, StorageError) and error.code == IN_DOUBT):
                staged.give_up()
            raise

    def open(self, key: Key, blob: Blob) -> BinaryIO:
        """Open a blob as a file that can be read and sought; no plain text touches a disk.

        Raises StorageError when it is missing or not as it was written.
        """
        stored, stored_bytes = self.place.open(blob.id)
        try:
            decrypted = DecryptedFile(key, blob, stored, stored_bytes)
        except BaseException:
            stored.close()
            raise
        return io.BufferedReader(decrypted)

    def read(self, key: Key, blob: Blob) -> bytes:
        """Return all of a blob. Raises StorageError like `open`."""
        with self.open(key, blob) as file:
            return file.read()

    def pieces(self, key: Key, blobs: Sequence[Blob]) -> Iterator[bytes]:
        """Yield the text of blobs one after the other, a stretch at a time. Raises like `open`."""
        for blob in blobs:
            with self.open(key, blob) as file:
                while piece := file.read(COPY_BYTES):
                    yield piece

    def copy_to(self, key: Key, blob: Blob, path: Path, further: Sequence[Blob] = ()) -> None:
        """Write a blob's plain text to a file in a scratch folder, only its owner's to read.

        That of `further` blobs, where it goes on in them, follows.

        The file has its name once it is whole. Raises StorageError like `open`, and when the
        folder refuses.
        """
        part = path.with_name(f".{path.name}.part")
        with disk_errors():
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE_MODE)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(self.pieces(key, (blob, *further)))
            part.replace(path)

    def delete(self, blob_id: str) -> None:
        """Delete a blob's file after its row. Raises StorageError when the place refuses."""
        self.place.delete(blob_id)


class Staged:
    """Blobs that were put and have no rows yet."""

    def __init__(self, place: BlobPlace) -> None:
        self._place = place
        self._put: list[str] = []

    def put(
        self,
        key: Key,
        recording_id: str,
        purpose: Purpose,
        source: Readable,
        blob_id: str | None = None,
    ) -> Blob:
        """Encrypt `source`, to its end, under a new id; it is there for good when this returns.

        Raises StorageError when the place refuses; nothing is left there then.
        """
        blob_id = blob_id or new_id()
        counted = _Counted(source)
        self._place.write(blob_id, encrypted(key, blob_id, recording_id, purpose, counted))
        self._put.append(blob_id)
        return Blob(blob_id, recording_id, purpose, counted.size_bytes)

    def put_bytes(self, key: Key, recording_id: str, purpose: Purpose, data: bytes) -> Blob:
        """Do the same with what is in memory."""
        return self.put(key, recording_id, purpose, io.BytesIO(data))

    def give_up(self) -> None:
        """Delete what was put, as far as the place lets us; the integrity check finds the rest."""
        for blob_id in self._put:
            try:
                self._place.delete(blob_id)
            except StorageError:
                return


class _Counted:
    """Counts what is read from a file."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.size_bytes = 0

    def read(self, size: int, /) -> bytes:
        data = self._file.read(size)
        self.size_bytes += len(data)
        return data


def open_blobs(url: str) -> BlobStore:
    """Return the store at a URL: `file:///folder`, or `s3://bucket/prefix?endpoint=URL`.

    Raises UsageError when the URL will not do.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return BlobStore(Folder(Path(unquote(parts.path))))
    if parts.scheme == "s3" and parts.netloc:
        endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
        return BlobStore(Bucket(f"{parts.netloc}{parts.path.rstrip('/')}", endpoint))
    raise UsageError(
        "bad_blob_url",
        "The URL of the stored files is not one that Transcriber can use. Write "
        "file:///path/to/folder or s3://bucket/prefix?endpoint=https://host.",
    )
