"""A file beside the database to which the end of the audit is added now and then, a line each time.

A line is an anchor, a space and the time in UTC. Lines are only ever added: with `O_APPEND`, in one
write, so that several workers and a network share do not cut one another's lines.
"""

import os
from pathlib import Path

from transcriber.domain.audit import Anchor
from transcriber.domain.errors import StorageError, UsageError, disk_errors
from transcriber.storage.files import PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE


def add_anchor(path: Path, anchor: Anchor, at: str) -> None:
    """Add a line, on the disk before this returns. Raises StorageError where the disk refuses."""
    with disk_errors():
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY_MODE)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_FILE_MODE)
        try:
            os.write(descriptor, f"{anchor} {at}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Return what is noted in a file, none where there is no file yet.

    Raises StorageError where a line is not an anchor: somebody or something wrote over it.
    """
    if not path.exists():
        return ()
    with disk_errors():
        lines = path.read_bytes().decode("ascii", "replace").splitlines()
    try:
        return tuple(Anchor.parse(line.split(" ")[0]) for line in lines if line.strip())
    except UsageError:
        raise StorageError(
            "anchors_damaged",
            "The file in which the end of the audit is noted has a line that Transcriber did not "
            "write. Keep the file as evidence, and compare with a copy of it.",
        ) from None
