"""Blobs in a folder: `ab/ab12…`, spread over 256 folders so that none grows too large."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import fsspec

from transcriber.domain.errors import disk_errors
from transcriber.storage.blobs.framing import Seekable
from transcriber.storage.blobs.place import Listed, missing
from transcriber.storage.files import private_directory, sync_directory, write_pieces

PART = ".part"


class Folder:
    """Implements `BlobPlace`: temporary name, sync, rename, sync of the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files = fsspec.filesystem("file")

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write a file whole or not at all. Raises StorageError when the disk refuses."""
        path = self._path(name)
        if not path.parent.is_dir():
            private_directory(path.parent)
            sync_directory(self._root)
        write_pieces(path, pieces)

    def open(self, name: str) -> tuple[Seekable, int]:
        """Open a file. Raises StorageError when it is not there or cannot be read."""
        path = self._path(name)
        with disk_errors():
            try:
                file = cast(Seekable, self._files.open(path, "rb"))
            except FileNotFoundError:
                raise missing() from None
            return file, path.stat().st_size

    def delete(self, name: str) -> None:
        """Delete a file, or nothing where there is none."""
        with disk_errors():
            self._path(name).unlink(missing_ok=True)

    def listed(self) -> Iterator[Listed]:
        """Yield every file that is whole."""
        for path, status in self._found():
            if path.suffix != PART:
                yield Listed(path.name, status.st_size, status.st_mtime_ns // 1_000_000)

    def free_bytes(self) -> int | None:
        """Return what the disk has left for this user."""
        with disk_errors():
            private_directory(self._root)
            return shutil.disk_usage(self._root).free

    def sweep(self, before_ms: int) -> int:
        """Delete files that were begun before a time and never got their name."""
        left = [
            path
            for path, status in self._found()
            if path.suffix == PART and status.st_mtime_ns // 1_000_000 < before_ms
        ]
        for path in left:
            with disk_errors():
                path.unlink(missing_ok=True)
        return len(left)

    def _found(self) -> Iterator[tuple[Path, os.stat_result]]:
        with disk_errors():
            paths = [*self._root.glob("??/*")]
        for path in paths:
            try:
                yield path, path.stat()
            except FileNotFoundError:
                continue  # deleted meanwhile

    def _path(self, name: str) -> Path:
        return self._root / name[:2] / name
