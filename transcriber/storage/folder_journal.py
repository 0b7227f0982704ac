"""A journal of finished stages as a folder of files, one for each stage."""

import json
import shutil
from pathlib import Path

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

    def load(self, stage: str, fingerprint: str) -> bytes | None:
        """Return the recorded result, or None when there is none for this fingerprint."""
        try:
            recorded = self._path(stage).read_bytes()
        except FileNotFoundError:
            return None
        head, _, result = recorded.partition(b"\n")
        return result if head == _head(fingerprint) else None

    def record(self, stage: str, fingerprint: str, result: bytes) -> None:
        """Write the record whole or not at all. Raises StorageError when the disk refuses."""
        write_whole(self._path(stage), _head(fingerprint) + b"\n" + result)

    def forget_samples(self) -> None:
        """Delete the decoded sound; records of words and turns stay for the next run."""
        (self._folder / SAMPLES).unlink(missing_ok=True)

    def destroy(self) -> None:
        """Delete the folder with all records."""
        shutil.rmtree(self._folder)

    def _path(self, stage: str) -> Path:
        return self._folder / f"{stage}.json"


def _head(fingerprint: str) -> bytes:
    return json.dumps({"fingerprint": fingerprint}).encode()
