"""Everything that can go wrong, as one tree.

    TranscriberError
    ├── UsageError              the request itself is wrong (exit status 2)
    │   ├── RosterError
    │   ├── PolicyError
    │   ├── ConsentError
    │   └── EditError
    ├── InputError              this file cannot be used
    ├── StorageError            the disk, folder, database or bucket refused
    ├── KeyUnusable             the master key is missing or will not do
    ├── EngineMissing           a named engine is not installed
    ├── EngineFailed            an engine broke while it worked
    ├── RedactionRefused        redaction would be incomplete: nothing may leave
    └── Defect                  Transcriber itself is wrong

Each carries a stable `code` for scripts and one sentence for people. The sentence never holds
interview text, a person's name or a file name: it may end up in a log.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TranscriberError(Exception):
    """Anything that Transcriber reports to a person.

    `sentence` says what happened, what it means and what to do; `code` is stable across versions.
    """

    exit_status = 1

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["TranscriberError"], tuple[str, str]]:
        """Let the error cross a process border with both its arguments."""
        return type(self), (self.code, self.sentence)


class UsageError(TranscriberError):
    """The command, an option or a configuration file is wrong."""

    exit_status = 2


class RosterError(UsageError):
    """The roster file cannot be used."""


class PolicyError(UsageError):
    """The policy file cannot be used."""


class ConsentError(UsageError):
    """The study has not recorded the consent that this needs."""


class EditError(UsageError):
    """The list of edits does not fit the transcript."""


class InputError(TranscriberError):
    """An input file cannot be used; the other files of a batch are not affected."""


class StorageError(TranscriberError):
    """A result could not be written; what was there before is still there."""

    @classmethod
    def of(cls, number: int | None) -> "StorageError":
        """Return the error for what the operating system answered, by its `errno`."""
        if number in (errno.ENOSPC, errno.EDQUOT):
            return cls(
                "disk_full",
                "The disk is full. Nothing half-written was left behind. "
                "Free some space and run the same command again.",
            )
        if number == errno.EFBIG:
            return cls(
                "file_too_big",
                "A file that has to be written is larger than a file may be here. Nothing "
                "half-written was left behind. Cut the recording into parts, or ask IT to raise "
                "the limit.",
            )
        if number in (errno.EACCES, errno.EPERM, errno.EROFS):
            return cls(
                "not_writable",
                "The folder may not be written to. Choose another one, or ask for the right to "
                "write there.",
            )
        return cls(
            "storage_failed",
            f"The folder could not be used ({os.strerror(number or errno.EIO)}). "
            "Check the disk and the folder, then run the same command again.",
        )


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the disk says into a StorageError without a path in it."""
    try:
        yield
    except OSError as reason:
        raise StorageError.of(reason.errno) from None


class KeyUnusable(TranscriberError):
    """The master key is missing, open to others or no key: nothing stored can be read or added."""


class EngineMissing(TranscriberError):
    """An engine that was asked for is not installed."""


class EngineFailed(TranscriberError):
    """An engine broke while it worked."""


class RedactionRefused(TranscriberError):
    """Redaction would be incomplete or did not hold: fail closed, write nothing."""


class Defect(TranscriberError):
    """Something that should not have happened, told without what it happened to.

    The message of the original error may quote interview text, so only its type and the place in
    the code are kept.
    """

    @classmethod
    def of(cls, error: Exception) -> "Defect":
        """Describe an error that nobody foresaw."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        return cls(
            "defect",
            f"Transcriber itself went wrong ({type(error).__name__} at {place}). Nothing "
            "half-written was left behind. Please report this line; it holds nothing of yours.",
        )
