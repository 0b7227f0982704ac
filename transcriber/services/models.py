"""Models on this machine: what is there, adding one from a stick, fetching one."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from transcriber.domain.errors import InputError, UsageError
from transcriber.domain.model import ModelKind, StoredModel
from transcriber.engines.model_contents import (
    english_only,
    files_of,
    openai_hash,
    openai_name,
    weights_of,
)
from transcriber.engines.model_download import download
from transcriber.storage.files import sha256_of
from transcriber.storage.model_folder import Candidate, ModelFolder

FOLDER_VARIABLE = "TRANSCRIBER_MODELS"

SUMS = "SHA256SUMS"
"""What `sha256sum * > SHA256SUMS` writes; a model on a stick may carry it."""

_SUM_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](?:\./)?(.+)")


def model_folder() -> ModelFolder:
    """Return where models are kept: TRANSCRIBER_MODELS, or the person's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get(FOLDER_VARIABLE)
    return ModelFolder(
        Path(named) if named else user_data_path("transcriber", appauthor=False) / "models"
    )


def add_model(folder: ModelFolder, source: Path, name: str | None = None) -> StoredModel:
    """Copy a model that somebody brought into the store.

    Its hashes are compared with those of OpenAI for a published name, and with the SHA256SUMS
    beside it; the result's `vouched_by` is None when there was nothing to compare with.
    Raises UsageError, InputError and StorageError; nothing is left behind then.
    """
    if not source.exists():
        raise UsageError("model_not_there", "There is no such file or folder to add.")
    kind, files = files_of(source)
    name = name or _name_of(kind, source, files)
    folder.free_name(kind, name)
    published, vouched_by = _published(kind, name, files, source)
    candidate = Candidate(
        kind=kind,
        name=name,
        files=files,
        weights=weights_of(kind, files),
        english_only=english_only(kind, name, files),
        published=published,
        vouched_by=vouched_by,
    )
    return folder.add(candidate, _today())


def pull_model(folder: ModelFolder, kind: ModelKind, name: str) -> StoredModel:
    """Fetch a published model into the store: the one thing that goes to the network.

    Raises UsageError, InputError and StorageError; nothing is left behind then.
    """
    folder.free_name(kind, name)
    with folder.workspace(f"{kind}-{name}") as workspace:
        fetched = download(kind, name, workspace)
        found, files = files_of(fetched.path)
        if found is not kind:
            raise InputError(
                "model_hash_differs",
                "What was fetched is not the model that was asked for. Nothing was kept. "
                "Try again, perhaps from another network.",
            )
        candidate = Candidate(
            kind=kind,
            name=name,
            files=files,
            weights=weights_of(kind, files),
            english_only=english_only(kind, name, files),
            published=fetched.published,
            vouched_by="publisher" if fetched.published else None,
        )
        return folder.add(candidate, _today())


def _name_of(kind: ModelKind, source: Path, files: Mapping[str, Path]) -> str:
    if kind is ModelKind.WHISPER:
        (checkpoint,) = files.values()
        return openai_name(sha256_of(checkpoint)) or checkpoint.stem
    # As its publishers call the folders: faster-whisper-small.en, speaker-diarization-community-1.
    name = source.resolve().name
    for prefix in ("faster-whisper-", "speaker-diarization-"):
        name = name.removeprefix(prefix)
    return name


def _published(
    kind: ModelKind, name: str, files: Mapping[str, Path], source: Path
) -> tuple[dict[str, str], str | None]:
    """Return the known hashes by file name, and whose they are."""
    official = openai_hash(name) if kind is ModelKind.WHISPER else None
    if official is not None:
        return dict.fromkeys(files, official), "publisher"
    sums = (source if source.is_dir() else source.parent) / SUMS
    if not sums.is_file():
        return {}, None
    listed = _read_sums(sums)
    origin = {key: path.name if kind is ModelKind.WHISPER else key for key, path in files.items()}
    published = {key: listed[origin[key]] for key in files if origin[key] in listed}
    unlisted = files.keys() - published.keys() - {SUMS}
    if unlisted and source.is_dir():
        raise InputError(
            "model_sums_incomplete",
            f"The {SUMS} beside this model does not list all of its files. "
            "Write it again where the model came from, or delete it.",
        )
    return published, SUMS if published else None


def _read_sums(path: Path) -> dict[str, str]:
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := _SUM_LINE.fullmatch(line):
            found[match[2]] = match[1]
    return found


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
