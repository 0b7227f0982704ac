"""A folder that is watched: what appears in it is taken in once, as a recording each.

Nothing in the folder is moved, changed or deleted. What was taken is known by its content, in the
store, so a restart takes nothing twice.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import (
    Defect,
    InputError,
    StorageError,
    TranscriberError,
    disk_errors,
)
from transcriber.services.source import identify
from transcriber.services.store import Store
from transcriber.services.submit import Submission, Submitted
from transcriber.services.upload_hashes import RunningHashes
from transcriber.services.uploaded_recordings import AlreadyThere, recording_of_uploads
from transcriber.services.uploads import PIECE_BYTES, Receiver, begin_upload, take_back
from transcriber.storage.database.studies import Study

STEADY_S = 5.0
"""How long a file has to keep its length and its date before it is taken for complete."""

NOBODY = "0" * 32
"""Stands for an account: the folder's files were put there by somebody whom nobody knows."""

UNFINISHED = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart"})
"""Endings that browsers and programs give to what they are still writing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that became a recording with this code; `waits` as `Submitted` says."""

    path: Path
    code: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that cannot be taken, and why. It is told once, and again when it has changed."""

    path: Path
    error: TranscriberError


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a file looks from outside."""

    size_bytes: int
    modified_ns: int


class WatchedFolder:
    """Looks at a folder, as often as it is asked to."""

    def __init__(
        self,
        store: Store,
        study: Study,
        folder: Path,
        submission: Submission,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what is known of every recording in `submission`, which has no files.

        Raises InputError when the folder is none.
        """
        if not folder.is_dir():
            raise InputError("not_found", "There is no such folder. Check its path.")
        self._store, self._study, self._folder = store, study, folder
        self._submission, self._now_s = submission, now_s
        self._hashes = RunningHashes()
        self._seen: dict[Path, tuple[_Looks, float]] = {}
        self._done: dict[Path, _Looks] = {}

    def look(self) -> Iterator[Taken | NotTaken]:
        """Take what is complete by now, one file after the other, and say what became of each.

        Files that were taken before are passed over in silence. Raises StorageError where the store
        itself is away; what is not taken then is taken later.
        """
        there = dict(self._files())
        self._seen = {path: seen for path, seen in self._seen.items() if path in there}
        self._done = {path: looks for path, looks in self._done.items() if path in there}
        for path, looks in there.items():
            if self._done.get(path) == looks or not self._is_steady(path, looks):
                continue
            try:
                made = self._take(path)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - one file must not keep the others out
                self._done[path] = looks
                known = error if isinstance(error, TranscriberError) else Defect.of(error)
                yield NotTaken(path, known)
                continue
            self._done[path] = looks
            if made is not None:
                yield Taken(path, made.stored.recording.code, made.waits)

    def _files(self) -> Iterator[tuple[Path, _Looks]]:
        """Yield the files of the folder and of those in it, in the order of their paths.

        What is hidden or surely unfinished is left out, and links are not followed: they may lead
        anywhere.
        """
        with disk_errors():
            found = sorted(self._folder.rglob("*"))
        for path in found:
            inside = path.relative_to(self._folder).parts
            if any(part.startswith((".", "~$")) for part in inside) or path.suffix in UNFINISHED:
                continue
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                status = path.stat()
            except OSError:
                continue  # it went away meanwhile
            yield path, _Looks(status.st_size, status.st_mtime_ns)

    def _is_steady(self, path: Path, looks: _Looks) -> bool:
        """Whether a file has not changed for a while and nobody is known to write to it."""
        before = self._seen.get(path)
        if before is None or before[0] != looks:
            self._seen[path] = (looks, self._now_s())
            return False
        return self._now_s() - before[1] >= STEADY_S and not _is_being_written(path)

    def _take(self, path: Path) -> Submitted | None:
        """Make a recording of a file; None where the study has its content already."""
        store, study = self._store, self._study
        with store.database.read() as connection:
            if store.recordings.with_content(connection, study, (identify(path),)):
                return None
        upload = begin_upload(store, study.id, NOBODY, path.name, path.stat().st_size)
        try:
            receiver = Receiver(store, self._hashes, upload)
            with path.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    receiver.write(piece)
            receiver.end()
            made = recording_of_uploads(
                store, self._hashes, study, NOBODY, [upload.id], self._submission
            )
        except AlreadyThere:
            return None
        except BaseException:
            take_back(store, upload.id)
            raise
        return made


def _is_being_written(path: Path) -> bool:
    """Whether a process has a file open to write to it, where the system tells.

    A read lease is refused then (`man 2 fcntl`, F_SETLEASE). Network shares and files of others
    give no leases: there only the file's looks tell.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
