"""What was erased, written down outside the database and its backups: beside the master key.

A backup holds what was erased after it was made. Whoever puts one back finds it named here, and
until it is destroyed again nothing of the store can be opened (`transcriber.services.store`).

    recording 1f0c…            a recording, with all that was made of it
    sound 1f0c…                its sound alone
    contribution 77ab…         somebody withdrew from a recording; the id is that of its former key
    withdrawal 20c4…:5e1b…:9d… somebody withdrew from a study: the ids of the withdrawal and of the
                               study, and a keyed hash of something that the study held on them
"""

import os
import re
from collections.abc import Collection
from pathlib import Path

from transcriber.domain.errors import StorageError, disk_errors
from transcriber.storage.files import PRIVATE_FILE_MODE, alone, sync_directory

HEADER = (
    "# What Transcriber has erased: keep this file and its copies with the master key, apart from "
    "the recordings.\n"
)

Entry = tuple[str, str]
"""A kind of tombstone, and an id."""

_ID = "[0-9a-f]{32}"
_LINE = re.compile(
    rf"(study|recording|sound|transcript|pseudonyms|contribution) ({_ID})"
    rf"|(withdrawal) ({_ID}:{_ID}:{_ID})"
)


def withdrawal_entry(withdrawal_id: str, study_id: str, mark: bytes) -> Entry:
    """Return the entry of something that a study held on somebody who withdrew."""
    return "withdrawal", f"{withdrawal_id}:{study_id}:{mark.hex()}"


def withdrawal_in(entry: Entry) -> tuple[str, str, bytes]:
    """Return what `withdrawal_entry` was given."""
    withdrawal_id, study_id, mark = entry[1].split(":")
    return withdrawal_id, study_id, bytes.fromhex(mark)


class ErasedList:
    """A file of lines that is only ever added to; several processes may do so at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> frozenset[Entry]:
        """Return all entries; none where nothing was ever erased.

        A line that a crash cut off is left out: what it told of is not finished, so it is written
        again. Raises StorageError when the file cannot be read or is another one.
        """
        with disk_errors():
            if not self.path.exists():
                return frozenset()
            text = self.path.read_text(encoding="ascii", errors="replace")
        whole, _, _ = text.rpartition("\n")
        found = set()
        for line in whole.split("\n"):
            if not line or line.startswith("#"):
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                raise StorageError(
                    "erased_list_damaged",
                    "The list of what was erased was changed by something else than Transcriber. "
                    "Put its copy back; it lies beside the master key.",
                )
            found.add((match[1] or match[3], match[2] or match[4]))
        return frozenset(found)

    def add(self, entries: Collection[Entry]) -> None:
        """Write down what was erased; it is on the disk before this returns.

        Raises StorageError when the disk refuses.
        """
        if not entries:
            return
        with alone(self.path), disk_errors():
            known = self.entries()
            new = [entry for entry in sorted(entries) if entry not in known]
            if not new:
                return
            is_new = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE_MODE)
            with os.fdopen(descriptor, "r+b") as file:
                # What a crash cut off is written over.
                data = file.read()
                file.seek(data.rfind(b"\n") + 1)
                lines = "".join(f"{kind} {erased_id}\n" for kind, erased_id in new)
                file.write(((HEADER if is_new else "") + lines).encode())
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_directory(self.path.parent)
