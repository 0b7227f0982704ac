"""The folder that a study's results go to: `redacted/` to hand on, `private/` to lock away."""

import contextlib
import csv
import errno
import fcntl
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import InputError, StorageError, disk_errors
from transcriber.storage.files import (
    PRIVATE_FILE_MODE,
    SHARED_FILE_MODE,
    private_directory,
    write_all,
    write_whole,
)
from transcriber.storage.folder_journal import FolderJournal

COLUMNS = ("code", "sha256", "file_name")


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    sha256: str
    file_name: str


class StudyFolder:
    """Names recordings and writes their results; one process at a time.

    Codes are allotted once per content: the same recording keeps its code in every later run, also
    when its file was renamed. Raises StorageError when the folder cannot be used.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._private = private_directory(out / "private")
        with disk_errors():
            self.redacted().mkdir(exist_ok=True)

    @property
    def private(self) -> Path:
        """Raw words, findings and keys."""
        return self._private

    def redacted(self, profile: str = "") -> Path:
        """What may be handed on once a person has checked it; further profiles lie beside it."""
        return self._out / (f"redacted-{profile}" if profile else "redacted")

    @contextlib.contextmanager
    def only_one(self) -> Iterator[None]:
        """Hold the folder. Raises StorageError when another run is at work in it."""
        with disk_errors():
            lock = os.open(self._private / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StorageError(
                    "folder_in_use",
                    "Another run is at work in this output folder. Wait for it or choose another.",
                ) from None
            yield
        finally:
            os.close(lock)

    def code_for(self, sha256: str, file_name: str, prefix: str) -> str:
        """Return the code of this content, allotting the next free `PREFIX01` on first sight."""
        entries = self._entries()
        for entry in entries:
            if entry.sha256 == sha256:
                return entry.code
        taken = {entry.code for entry in entries}
        number = next(n for n in range(1, len(taken) + 2) if f"{prefix}{n:02d}" not in taken)
        self._add(_Entry(f"{prefix}{number:02d}", sha256, file_name))
        return f"{prefix}{number:02d}"

    def keep_name(self, stem: str, sha256: str, file_name: str) -> str:
        """Use the file's own stem as its code.

        Raises InputError when another recording already has it.
        """
        for entry in self._entries():
            if entry.code == stem:
                if entry.sha256 == sha256:
                    return stem
                raise InputError(
                    "name_taken",
                    "Another input has the same name, so its results would be overwritten. "
                    "Rename one of them, or leave out --names keep.",
                )
        self._add(_Entry(stem, sha256, file_name))
        return stem

    def journal(self, code: str) -> FolderJournal:
        """Return the record of finished stages of one recording."""
        return FolderJournal(private_directory(self._private / ".stages") / code)

    def write(
        self, redacted: dict[str, bytes], private: dict[str, bytes], profile: str = ""
    ) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Write a recording's results by file name, all or none of each folder.

        Private files come first: what leaves must never be there without its findings.
        """
        private_files = {self._private / name: data for name, data in private.items()}
        folder = self.redacted(profile)
        with disk_errors():
            folder.mkdir(exist_ok=True)
        redacted_files = {folder / name: data for name, data in redacted.items()}
        write_all(private_files)
        write_all(redacted_files, SHARED_FILE_MODE)
        return tuple(redacted_files), tuple(private_files)

    def place(self, made: Path, name: str) -> Path:
        """Show a large file in the private folder too, without a second copy on the same disk."""
        shown = self._private / name
        with disk_errors():
            part = shown.with_name(f".{name}.part")
            part.unlink(missing_ok=True)
            try:
                part.hardlink_to(made)
            except OSError as error:
                if error.errno != errno.EXDEV:  # on another disk, or in memory
                    raise
                shutil.copyfile(made, part)
                part.chmod(PRIVATE_FILE_MODE)
            part.replace(shown)
            part.unlink(missing_ok=True)  # a rename onto the same file leaves both names
        return shown

    def _entries(self) -> list[_Entry]:
        with disk_errors():
            try:
                text = (self._private / "recordings.csv").read_text("utf-8")
            except FileNotFoundError:
                return []
        return [
            _Entry(row["code"], row["sha256"], row["file_name"])
            for row in csv.DictReader(io.StringIO(text))
        ]

    def _add(self, entry: _Entry) -> None:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(COLUMNS)
        for known in [*self._entries(), entry]:
            writer.writerow((known.code, known.sha256, known.file_name))
        write_whole(self._private / "recordings.csv", buffer.getvalue().encode())
