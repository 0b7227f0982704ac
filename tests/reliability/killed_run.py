"""A run that kills itself with SIGKILL at a chosen record, as a power cut would.

Usage: python -m tests.reliability.killed_run STAGE before|after ARGUMENTS-OF-TRANSCRIBER…

STAGE may be `next`: whichever is recorded first.
"""

import os
import signal
import sys

from transcriber.cli import main
from transcriber.stages.protocols import Record
from transcriber.storage import study_folder
from transcriber.storage.folder_journal import FolderJournal


class KilledJournal(FolderJournal):
    """Kills the process just before or just after one stage is recorded."""

    def record(self, stage: str, fingerprint: str, record: Record) -> None:
        wanted, moment = TARGET
        is_it = wanted in (stage, "next")
        if is_it and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        super().record(stage, fingerprint, record)
        if is_it and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    TARGET = (sys.argv[1], sys.argv[2])
    study_folder.FolderJournal = KilledJournal  # type: ignore[attr-defined]
    sys.exit(main(sys.argv[3:]))
