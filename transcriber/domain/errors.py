"""Everything that can go wrong, as one tree.

    TranscriberError
    ├── UsageError              the request itself is wrong (exit status 2)
    │   ├── RosterError
    │   ├── PolicyError
    │   └── EditError
    ├── InputError              this file cannot be used
    ├── StorageError            the disk or folder refused to take a result
    ├── EngineMissing           a named engine is not installed
    ├── EngineFailed            an engine broke while it worked
    ├── RedactionRefused        redaction would be incomplete: nothing may leave
    └── Defect                  Transcriber itself is wrong

Each carries a stable `code` for scripts and one sentence for people. The sentence never holds
interview text, a person's name or a file name: it may end up in a log.
"""

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


class EditError(UsageError):
    """The list of edits does not fit the transcript."""


class InputError(TranscriberError):
    """An input file cannot be used; the other files of a batch are not affected."""


class StorageError(TranscriberError):
    """A result could not be written; what was there before is still there."""


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
