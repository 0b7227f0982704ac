"""What kind of model a folder or file holds, judged by its content, and what its publisher says.

Nothing here runs code from a model: weights are opened with torch's `weights_only`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from transcriber.domain.errors import InputError
from transcriber.domain.model import ENGLISH_ONLY, LOCAL_PIPELINES, ModelKind
from transcriber.engines.faster_whisper import NEEDED_FILES
from transcriber.engines.openai_whisper import WEIGHTS

CTRANSLATE2_FILES = (*NEEDED_FILES, "vocabulary.json", "vocabulary.txt", "preprocessor_config.json")
"""All that faster-whisper reads; the same list as its own download takes."""

PYANNOTE_CONFIG = "config.yaml"

_INSIDE = "$model/"
"""How a pyannote pipeline names what lies beside its config (since pyannote.audio 4)."""

_FIRST_MULTILINGUAL_VOCABULARY = 51_865
_ENGLISH_END_OF_TEXT = 50_256
"""Number of `<|endoftext|>` in the English vocabulary; one more in the multilingual one."""


def openai_hash(name: str) -> str | None:
    """Return the SHA-256 that OpenAI published for a model of this name; its address holds it."""
    import whisper

    address: str | None = whisper._MODELS.get(name)
    return address.split("/")[-2] if address else None


def openai_name(sha256: str) -> str | None:
    """Return the name under which OpenAI published weights with this hash."""
    import whisper

    return next((name for name in whisper._MODELS if openai_hash(name) == sha256), None)


def files_of(path: Path) -> tuple[ModelKind, dict[str, Path]]:
    """Return what kind of model `path` holds and the files that belong to it, by name.

    Raises InputError when it holds none that is known, or not all of one.
    """
    if path.is_file():
        return ModelKind.WHISPER, {WEIGHTS: path}
    checkpoints = sorted(path.glob("*.pt"))
    if (path / PYANNOTE_CONFIG).is_file():
        return ModelKind.PYANNOTE, _pyannote_files(path)
    if (path / "model.bin").is_file():
        return ModelKind.FASTER_WHISPER, _ctranslate2_files(path)
    if len(checkpoints) == 1:
        return ModelKind.WHISPER, {WEIGHTS: checkpoints[0]}
    raise _unknown()


def english_only(kind: ModelKind, name: str, files: Mapping[str, Path]) -> bool:
    """Tell whether a model of speech knows English only. Raises InputError when it is unreadable.

    This opens the weights of an openai-whisper checkpoint, so it is also the proof that the file
    is one.
    """
    if kind is ModelKind.WHISPER:
        return _vocabulary_size(files[WEIGHTS]) < _FIRST_MULTILINGUAL_VOCABULARY
    if kind is ModelKind.FASTER_WHISPER:
        return name in ENGLISH_ONLY or _end_of_text(files["tokenizer.json"]) == _ENGLISH_END_OF_TEXT
    return False


def weights_of(kind: ModelKind, files: Mapping[str, Path]) -> str:
    """Return the name of the file whose hash stands for the model."""
    if kind is ModelKind.PYANNOTE:
        # The voice embeddings decide who is who; the rest is small.
        return next((name for name in sorted(files) if name.endswith(".bin")), PYANNOTE_CONFIG)
    return WEIGHTS if kind is ModelKind.WHISPER else "model.bin"


def _ctranslate2_files(folder: Path) -> dict[str, Path]:
    files = {name: folder / name for name in CTRANSLATE2_FILES if (folder / name).is_file()}
    for name in NEEDED_FILES:
        if name not in files:
            raise _incomplete(name)
    if not files.keys() & {"vocabulary.json", "vocabulary.txt"}:
        raise _incomplete("vocabulary.json")
    return files


def _pyannote_files(folder: Path) -> dict[str, Path]:
    import yaml

    try:
        config = yaml.safe_load((folder / PYANNOTE_CONFIG).read_text(encoding="utf-8"))
        params = config["pipeline"]["params"]
        if config["pipeline"]["name"] not in LOCAL_PIPELINES:
            raise _unknown()
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        raise _unknown() from None
    for part in ("segmentation", "embedding", "plda"):
        place = params.get(part)
        if place is None:
            continue
        if not str(place).startswith(_INSIDE):
            # It names something on the network.
            raise InputError(
                "model_not_local",
                f"The {part} part of this pyannote model lies elsewhere and would be fetched from "
                "the network. Take a folder that holds everything, such as community-1.",
            )
        if not any(_below(folder / str(place).removeprefix(_INSIDE))):
            raise _incomplete(f"{part} folder")
    return {
        PurePosixPath(*path.relative_to(folder).parts).as_posix(): path for path in _below(folder)
    }


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder, without hidden ones such as a download's cache."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _vocabulary_size(checkpoint: Path) -> int:
    import pickle

    import torch

    try:
        # Mapped, so that only what is asked for is read.
        content = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
        if "model_state_dict" not in content:
            raise _unknown()
        return int(content["dims"]["n_vocab"])
    except (RuntimeError, pickle.UnpicklingError, KeyError, TypeError, ValueError, EOFError):
        raise _unknown() from None


def _end_of_text(tokenizer: Path) -> int | None:
    try:
        added: list[dict[str, Any]] = json.loads(tokenizer.read_bytes())["added_tokens"]
        return next((entry["id"] for entry in added if entry["content"] == "<|endoftext|>"), None)
    except (ValueError, KeyError, TypeError):
        raise _incomplete("tokenizer.json") from None


def _unknown() -> InputError:
    return InputError(
        "model_unknown",
        "This holds no speech model that Transcriber knows. Give a faster-whisper folder, a .pt "
        "file of openai-whisper, or the folder of a pyannote pipeline.",
    )


def _incomplete(name: str) -> InputError:
    return InputError(
        "model_incomplete",
        f"This model lacks a readable {name} and could not be used without internet. "
        "Copy the whole folder from where it came and add that.",
    )
