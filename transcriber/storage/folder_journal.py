"""A journal of finished stages as a folder of files, one for each stage."""

import json
import shutil
from pathlib import Path

from transcriber.stages.protocols import Record
from transcriber.storage.files import private_directory, write_whole


class FolderJournal:
    """Implements `Journal`. Holds raw words, so only its owner may enter the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_directory(folder)

    @property
    def workspace(self) -> Path:
        """The folder itself."""
        return self._folder

    def load(self, stage: str, fingerprint: str) -> Record | None:
        """Return what was recorded, or None when there is nothing for this fingerprint.

        A record whose files were deleted since, as the decoded sound is, holds no longer.
        """
        try:
            recorded = self._path(stage).read_bytes()
        except FileNotFoundError:
            return None
        first_line, _, result = recorded.partition(b"\n")
        head = json.loads(first_line)
        files = tuple(head.get("files", ()))
        if head["fingerprint"] != fingerprint:
            return None
        if not all((self._folder / name).is_file() for name in files):
            return None
        return Record(result, head["took_ms"], files)

    def record(self, stage: str, fingerprint: str, record: Record) -> None:
        """Write the record whole or not at all. Raises StorageError when the disk refuses."""
        head = {"fingerprint": fingerprint, "took_ms": record.took_ms, "files": record.files}
        write_whole(self._path(stage), json.dumps(head).encode() + b"\n" + record.result)

    def forget_samples(self) -> None:
        """Delete the decoded sound; records of words and turns stay for the next run."""
        for samples in self._folder.glob("*.s16"):
            samples.unlink()

    def forget(self, stage: str) -> None:
        """Delete the record of a stage, where there is one."""
        self._path(stage).unlink(missing_ok=True)

    def destroy(self) -> None:
        """Delete the folder with all records."""
        shutil.rmtree(self._folder)

    def _path(self, stage: str) -> Path:
        return self._folder / f"{stage}.json"
