"""A journal of finished stages as a folder of files, one for each stage."""

import json
import shutil
from pathlib import Path

from transcriber.stages.protocols import Record
from transcriber.storage.files import private_directory, write_whole

SAMPLES = "samples.s16"


class FolderJournal:
    """Implements `Journal`. Holds raw words, so only its owner may enter the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_directory(folder)

    @property
    def workspace(self) -> Path:
        """The folder itself."""
        return self._folder

    def load(self, stage: str, fingerprint: str) -> Record | None:
        """Return what was recorded, or None when there is nothing for this fingerprint."""
        try:
            recorded = self._path(stage).read_bytes()
        except FileNotFoundError:
            return None
        first_line, _, result = recorded.partition(b"\n")
        head = json.loads(first_line)
        return Record(result, head["took_ms"]) if head["fingerprint"] == fingerprint else None

    def record(self, stage: str, fingerprint: str, record: Record) -> None:
        """Write the record whole or not at all. Raises StorageError when the disk refuses."""
        head = json.dumps({"fingerprint": fingerprint, "took_ms": record.took_ms})
        write_whole(self._path(stage), head.encode() + b"\n" + record.result)

    def forget_samples(self) -> None:
        """Delete the decoded sound; records of words and turns stay for the next run."""
        (self._folder / SAMPLES).unlink(missing_ok=True)

    def destroy(self) -> None:
        """Delete the folder with all records."""
        shutil.rmtree(self._folder)

    def _path(self, stage: str) -> Path:
        return self._folder / f"{stage}.json"
