"""Where blobs lie: a folder on a disk, or a bucket that speaks S3."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from transcriber.domain.errors import StorageError
from transcriber.storage.blobs.framing import Seekable


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored file: its name, its length and when it was written, in UTC milliseconds."""

    name: str
    size_bytes: int
    modified_ms: int


class BlobPlace(Protocol):
    """Keeps files under names that are ids. Raises StorageError when it refuses."""

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write a file: it is there whole and for good after this returns, or not at all."""

    def open(self, name: str) -> tuple[Seekable, int]:
        """Open a file that can be sought, and return its length in bytes too.

        Raises StorageError with the code `blob_missing` when it is not there.
        """

    def delete(self, name: str) -> None:
        """Delete a file, or nothing where there is none."""

    def listed(self) -> Iterator[Listed]:
        """Yield every file, in no order. What is half-written is not listed."""

    def free_bytes(self) -> int | None:
        """Return how much more fits, None where there is no telling."""

    def sweep(self, before_ms: int) -> int:
        """Delete what interrupted writes left before a time; return how many there were."""


MISSING = "blob_missing"


def missing() -> StorageError:
    """Say that a stored file is not there."""
    return StorageError(
        MISSING,
        "A stored file is not there. Restore it from a backup, or erase the recording and add it "
        "again.",
    )
