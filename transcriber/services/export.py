"""Signed releases into a folder for a coding tool, without a server."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import (
    InputError,
    StorageError,
    TranscriberError,
    UsageError,
    disk_errors,
)
from transcriber.exports.bundle import write_bundle
from transcriber.exports.presets import Preset
from transcriber.exports.release_json import ReleasedText
from transcriber.services.given_release import given_release
from transcriber.storage.files import SHARED_FILE_MODE, write_all


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which releases, for which tool or in which formats (by key), and where to."""

    releases: Sequence[Path]
    out: Path
    formats: tuple[str, ...] = ()
    preset: Preset | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was given and is not taken, and why."""

    path: Path
    error: TranscriberError


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made: codes of the releases, and files. With anything refused, nothing is."""

    codes: tuple[str, ...]
    files: tuple[Path, ...]
    refused: tuple[Refused, ...]


def export(request: ExportRequest) -> Exported:
    """Write all of it or nothing.

    A file that is there already with the same content is left; with another one nothing is written.
    Raises UsageError `no_format`, `two_releases`, `two_studies` or
    `would_overwrite`, StorageError.
    """
    formats = (*(request.preset.formats if request.preset else ()), *request.formats)
    if not formats:
        raise UsageError("no_format", "Say for which tool, with --preset, or give a --format.")
    read, refused = _read(request.releases)
    if refused:
        return Exported((), (), refused)
    _require_one_study(read)
    bundle = write_bundle(read, formats, request.preset)
    files = {request.out / path: data for path, data in bundle.items()}
    with disk_errors():
        missing = {path: data for path, data in files.items() if not _is_there(path, data)}
        for path in missing:
            path.parent.mkdir(parents=True, exist_ok=True)
    write_all(missing, SHARED_FILE_MODE)
    return Exported(tuple(each.transcript.code for each in read), tuple(sorted(files)), ())


def _require_one_study(texts: Sequence[ReleasedText]) -> None:
    """Raise UsageError where releases cannot lie side by side."""
    transcripts = [text.transcript for text in texts]
    if len({each.study for each in transcripts}) > 1:
        raise UsageError(
            "two_studies", "These releases are of different studies. Export each study by itself."
        )
    if len({each.code for each in transcripts}) < len(transcripts):
        raise UsageError(
            "two_releases",
            "Two of these are releases of the same recording. Give the later one only.",
        )


def _read(paths: Sequence[Path]) -> tuple[tuple[ReleasedText, ...], tuple[Refused, ...]]:
    read, refused = [], []
    for path in paths:
        try:
            read.append(given_release(path))
        except (InputError, StorageError) as error:
            refused.append(Refused(path, error))
    return tuple(read), tuple(refused)


def _is_there(path: Path, data: bytes) -> bool:
    if not path.exists():
        return False
    if path.read_bytes() != data:
        raise UsageError(
            "would_overwrite",
            "The folder holds other files of the same names, and none was touched. Choose an "
            "empty folder.",
        )
    return True
