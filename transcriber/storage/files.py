"""Files that are there whole or not at all, and readable by their owner only where private."""

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from transcriber.domain.errors import StorageError

PRIVATE_DIRECTORY_MODE = 0o700
PRIVATE_FILE_MODE = 0o600
SHARED_FILE_MODE = 0o644


def private_directory(path: Path) -> Path:
    """Make a directory that only its owner may enter, also if it was there with other rights.

    Raises StorageError when it cannot be made.
    """
    with reported():
        path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY_MODE)
        path.chmod(PRIVATE_DIRECTORY_MODE)
    return path


def write_whole(path: Path, data: bytes, mode: int = PRIVATE_FILE_MODE) -> None:
    """Replace a file's content in one step, on the disk before this returns.

    Raises StorageError and leaves the old content when the disk refuses.
    """
    write_all({path: data}, mode)


def write_all(files: Mapping[Path, bytes], mode: int = PRIVATE_FILE_MODE) -> None:
    """Write several files that belong together: none is touched before all are on the disk.

    Raises StorageError and leaves the old contents when the disk refuses.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in files}
    with reported():
        try:
            for path, data in files.items():
                _write_durably(parts[path], data, mode)
            for path, part in parts.items():
                part.replace(path)
        except OSError:
            for part in parts.values():
                part.unlink(missing_ok=True)
            raise
        for folder in {path.parent for path in files}:
            _sync_directory(folder)


def _write_durably(path: Path, data: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)  # an old leftover could carry other rights
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    """Put a rename on the disk; a crash could otherwise undo it (`man 2 fsync`)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Turn what the disk says into a StorageError without a path in it."""
    try:
        yield
    except OSError as error:
        raise _storage_error(error) from None


def _storage_error(error: OSError) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(
            "disk_full",
            "The disk is full. Nothing half-written was left behind. "
            "Free some space and run the same command again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            "not_writable",
            "The output folder may not be written to. Choose another --out or ask for the right.",
        )
    return StorageError(
        "storage_failed",
        f"The output folder could not be used ({os.strerror(error.errno or 0)}). "
        "Check the disk and the folder, then run the same command again.",
    )
