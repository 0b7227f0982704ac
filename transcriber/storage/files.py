"""Files that are there whole or not at all, and readable by their owner only where private."""

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from transcriber.domain.errors import disk_errors

PRIVATE_DIRECTORY_MODE = 0o700
PRIVATE_FILE_MODE = 0o600
SHARED_FILE_MODE = 0o644


def private_directory(path: Path) -> Path:
    """Make a directory that only its owner may enter, also if it was there with other rights.

    Raises StorageError when it cannot be made.
    """
    with disk_errors():
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
    parts = {path: _part(path) for path in files}
    with disk_errors():
        try:
            for path, data in files.items():
                _write_durably(parts[path], [data], mode)
            for path, part in parts.items():
                part.replace(path)
        except OSError:
            for part in parts.values():
                part.unlink(missing_ok=True)
            raise
        for folder in {path.parent for path in files}:
            sync_directory(folder)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Make a private file of what is too large for memory, whole or not at all.

    Its name until then ends in `.part`. Raises StorageError when the disk refuses.
    """
    part = _part(path)
    with disk_errors():
        try:
            _write_durably(part, pieces, PRIVATE_FILE_MODE)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _write_durably(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    path.unlink(missing_ok=True)  # an old leftover could carry other rights
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Put a rename on the disk; a crash could otherwise undo it (`man 2 fsync`).

    Some file systems of networks cannot do that for a folder and say EINVAL (`man 2 fsync`): there
    the server sees to it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as reason:
        if reason.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process makes or changes the file at `path`, and keep them waiting.

    The lock is a file of its own. Closing a second descriptor of a SQLite database would drop
    SQLite's locks on it (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    private_directory(path.parent)
    with disk_errors():
        lock = os.open(
            path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, PRIVATE_FILE_MODE
        )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
