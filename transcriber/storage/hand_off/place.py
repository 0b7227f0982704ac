"""What a destination can do, whatever it is: read a file of a name, and write one whole."""

from pathlib import Path
from typing import Protocol

from transcriber.domain.errors import StorageError, disk_errors
from transcriber.storage.blobs.bucket import Bucket
from transcriber.storage.blobs.place import MISSING
from transcriber.storage.files import SHARED_FILE_MODE, write_whole


class HandOffPlace(Protocol):
    """Implemented by `SharedFolder` and `SharedBucket`."""

    def read(self, name: str) -> bytes | None:
        """Return a file, None where there is none of this name. Raises StorageError."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all, on the disk before this returns.

        Raises StorageError.
        """


class SharedFolder:
    """A folder, also on a network share: a temporary name in it, sync, rename; no lock, no link.

    A rename within one folder is atomic on file systems of networks too; what was interrupted
    leaves a hidden file whose name ends in `.part`, which the next attempt takes over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        """Return a file, None where there is none of this name. Raises StorageError."""
        self._require_folder()
        with disk_errors():
            try:
                return (self._path / name).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file that others may read, whole or not at all. Raises StorageError."""
        self._require_folder()
        write_whole(self._path / name, data, SHARED_FILE_MODE)

    def _require_folder(self) -> None:
        """Refuse a folder that is not there: a share that is not mounted must not be made here."""
        with disk_errors():
            there = self._path.is_dir()
        if not there:
            raise StorageError(
                "folder_missing",
                "The folder of the destination is not there. Connect its drive or make it.",
            )


class SharedBucket:
    """A prefix of a bucket that speaks S3; an object is there whole or not at all."""

    def __init__(self, path: str, endpoint: str | None) -> None:
        self._bucket = Bucket(path, endpoint)

    def read(self, name: str) -> bytes | None:
        """Return an object, None where there is none of this name. Raises StorageError."""
        try:
            file, size_bytes = self._bucket.open(name)
        except StorageError as error:
            if error.code == MISSING:
                return None
            raise
        try:
            return file.read(size_bytes)
        finally:
            file.close()

    def write(self, name: str, data: bytes) -> None:
        """Write an object. Raises StorageError."""
        self._bucket.write(name, iter((data,)))
