"""Private folders for sound in the clear while a step works on it, in memory and gone afterwards.

Engines read samples through a file. It lies in memory, where no disk keeps a trace of it, and a
folder that a killed process left is deleted by the next one that looks. Marks beside them tell what
a process is at, so that it is known what a killed one leaves undone.
"""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from transcriber.domain.errors import StorageError, disk_errors
from transcriber.storage.files import private_directory

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - in memory, and only its owner may enter ours
_MARK = "at."
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Scratch:
    """Gives each step a folder of its own below `root`, by default in memory."""

    def __init__(self, root: Path | None = None) -> None:
        """Take the folder that a setting names, None for memory. Raises StorageError."""
        self._is_in_memory = root is None
        if root is None and not IN_MEMORY.is_dir():
            raise _no_memory()
        self._root = private_directory((root or IN_MEMORY) / f"transcriber-{os.getuid()}")

    @contextlib.contextmanager
    def workspace(self, needed_bytes: int = 0) -> Iterator[Path]:
        """Give a folder with room for `needed_bytes` that is deleted at the end, whatever happens.

        Raises StorageError when there is no room; also when what is done in the folder finds none.
        """
        if shutil.disk_usage(self._root).free < needed_bytes:
            raise self._full()
        folder = private_directory(self._root / f"{_this_process()}-{uuid.uuid4().hex}")
        try:
            yield folder
        except StorageError as error:
            if error.code == "disk_full" and shutil.disk_usage(self._root).free < needed_bytes:
                raise self._full() from None
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def mark(self, what: str) -> Iterator[None]:
        """Show until the end that this process is at something, named by ids without a hyphen.

        Raises StorageError.
        """
        folder = private_directory(self._root / f"{_this_process()}-{_MARK}{what}")
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> tuple[str, ...]:
        """Delete the folders of processes that are gone; return what these were at.

        Raises StorageError.
        """
        left = []
        with disk_errors():
            for folder in self._root.iterdir():
                process, _, name = folder.name.rpartition("-")
                if not _is_alive(process):
                    shutil.rmtree(folder, ignore_errors=True)
                    if name.startswith(_MARK):
                        left.append(name.removeprefix(_MARK))
        return tuple(left)

    def _full(self) -> StorageError:
        if self._is_in_memory:
            return _no_memory()
        return StorageError(
            "scratch_full",
            "The folder for sound that is being worked on has no room left. Free some, or name "
            "another one as `scratch` in the configuration. The recording is not lost.",
        )


def _no_memory() -> StorageError:
    return StorageError(
        "scratch_full",
        "There is not enough memory in /dev/shm for the sound of this recording. Give it more (in "
        "a container: shm_size), or name a folder on an encrypted disk as `scratch` in the "
        "configuration. The recording is not lost.",
    )


def _this_process() -> str:
    return f"{_boot()}-{os.getpid()}-{_started(os.getpid())}"


def _is_alive(process: str) -> bool:
    boot, _, rest = process.partition("-")
    number, _, started = rest.partition("-")
    return boot == _boot() and number.isdigit() and _started(int(number)) == started


def _boot() -> str:
    """Tell one start of the machine from another: process numbers begin anew."""
    return _BOOT_ID.read_text().strip().replace("-", "")


def _started(process_id: int) -> str:
    """Return when a process began, in ticks since boot; empty when it has ended."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return ""
    # pid (name) state …: the name may hold spaces and brackets; the 22nd field is the start.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
