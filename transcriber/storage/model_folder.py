"""The models on this machine: one folder each, whole or not there, with a list of its files.

ROOT/faster-whisper/NAME/    model.bin, config.json, tokenizer.json, …, manifest.json
ROOT/whisper/NAME/           model.pt, manifest.json
ROOT/pyannote/NAME/          config.yaml, embedding/…, segmentation/…, plda/…, manifest.json
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcriber.domain.errors import InputError, StorageError, UsageError
from transcriber.domain.model import Model, ModelKind, StoredModel
from transcriber.storage.files import sha256_of

MANIFEST = "manifest.json"
_SCHEMA = "transcriber-model/1"
_CHUNK_BYTES = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Files that are to become a model, with the hashes that somebody published for them.

    `files` maps the name of each file in the store to where it lies now; `weights` is the one
    whose hash names the model. `published` holds SHA-256 values by the name in the store, and
    `vouched_by` tells whose they are.
    """

    kind: ModelKind
    name: str
    files: Mapping[str, Path]
    weights: str
    english_only: bool = False
    published: Mapping[str, str] | None = None
    vouched_by: str | None = None


class ModelFolder:
    """The folder of models. Reading it never writes, and a half-copied model is never listed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stored(self, verify: bool = False) -> tuple[StoredModel, ...]:
        """Return what is there, by kind and name.

        Files are compared by size, or with `verify` by hash, which reads all of them.
        """
        return tuple(
            entry
            for kind in ModelKind
            for manifest in sorted((self.root / kind).glob(f"[!.]*/{MANIFEST}"))
            if (entry := _read(kind, manifest, verify)) is not None
        )

    def models(self) -> tuple[Model, ...]:
        """Return the models that are whole, judged by the sizes of their files."""
        return tuple(entry.model for entry in self.stored() if entry.intact)

    def add(self, candidate: Candidate, added: str) -> StoredModel:
        """Copy a model into the store, checking hashes on the way; `added` is the day, ISO 8601.

        Raises UsageError for a name that is no name or is taken, InputError when a hash differs
        from the published one, StorageError when the disk refuses. Nothing is left behind then.
        """
        place = self._place(candidate)
        part = place.with_name(f".{candidate.name}.part")
        try:
            with _reported():
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir(parents=True)
                entries = [
                    _copy(name, source, part, (candidate.published or {}).get(name))
                    for name, source in sorted(candidate.files.items())
                ]
                _write_manifest(part, candidate, entries, added)
                part.rename(place)
                _sync(place.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        stored = _read(candidate.kind, place / MANIFEST, verify=False)
        assert stored is not None
        return stored

    @contextlib.contextmanager
    def workspace(self, name: str) -> Iterator[Path]:
        """Give a folder on the store's disk that is gone afterwards, whatever happens."""
        folder = self.root / f".{name}.download"
        with _reported():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def free_name(self, kind: ModelKind, name: str) -> None:
        """Raise UsageError when a model cannot have this name or another one has it."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                "model_name",
                "A model's name holds letters, digits, dots and dashes only. Give one with --name.",
            )
        if (self.root / kind / name).exists():
            raise UsageError(
                "model_exists",
                f"A {kind} model of that name is already there. "
                "Choose another with --name, or delete its folder first.",
            )

    def _place(self, candidate: Candidate) -> Path:
        self.free_name(candidate.kind, candidate.name)
        return self.root / candidate.kind / candidate.name


def _copy(name: str, source: Path, part: Path, published: str | None) -> dict[str, Any]:
    """Copy one file durably and return its entry in the manifest."""
    target = part / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size_bytes = 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    _sync(target.parent)
    if published is not None and digest.hexdigest() != published.lower():
        raise InputError(
            "model_hash_differs",
            "This model is not the one that was published: its SHA-256 differs, so it is damaged "
            "or was changed. Nothing was added. Fetch it again from where it came.",
        )
    return {"name": name, "size": size_bytes, "sha256": digest.hexdigest()}


def _write_manifest(
    folder: Path, candidate: Candidate, entries: list[dict[str, Any]], added: str
) -> None:
    content = {
        "schema": _SCHEMA,
        "kind": candidate.kind,
        "name": candidate.name,
        "added": added,
        "weights": candidate.weights,
        "english_only": candidate.english_only,
        "vouched_by": candidate.vouched_by,
        "files": entries,
    }
    with (folder / MANIFEST).open("x", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)


def _read(kind: ModelKind, manifest: Path, verify: bool) -> StoredModel | None:
    """Return a model by its manifest; None for a folder that the store did not write."""
    folder = manifest.parent
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        if content["schema"] != _SCHEMA or content["kind"] != kind:
            return None
        files = {entry["name"]: entry for entry in content["files"]}
        model = Model(
            kind=kind,
            name=folder.name,
            path=folder,
            sha256=files[content["weights"]]["sha256"],
            size_bytes=sum(entry["size"] for entry in files.values()),
            english_only=bool(content["english_only"]),
        )
        intact = all(_matches(folder / name, entry, verify) for name, entry in files.items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return StoredModel(model, intact, content.get("vouched_by"))


def _matches(path: Path, entry: Mapping[str, Any], verify: bool) -> bool:
    try:
        if path.stat().st_size != entry["size"]:
            return False
        return not verify or sha256_of(path) == entry["sha256"]
    except OSError:
        return False


def _sync(folder: Path) -> None:
    """Put names in a folder on the disk; a crash could otherwise undo them (`man 2 fsync`)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            "models_folder",
            f"The model could not be copied ({os.strerror(error.errno or 0)}). Nothing "
            "half-copied was left behind. Check the disk, or name another folder in "
            "TRANSCRIBER_MODELS, and run the same command again.",
        ) from None
