"""Fetching a model from its publisher: the only code of Transcriber that goes to the network."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from transcriber.domain.errors import InputError, UsageError
from transcriber.domain.model import ModelKind
from transcriber.engines.model_contents import CTRANSLATE2_FILES, openai_hash
from transcriber.engines.openai_whisper import WEIGHTS

PYANNOTE_MODELS = {"community-1": "pyannote/speaker-diarization-community-1"}

_OFFLINE_SWITCHES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


@dataclass(frozen=True, slots=True)
class Download:
    """What was fetched: a folder or file, and the hashes its publisher gives by file name."""

    path: Path
    published: Mapping[str, str] = field(default_factory=dict)


def published_names(kind: ModelKind) -> tuple[str, ...]:
    """Return the names that can be pulled for a kind of model."""
    if kind is ModelKind.PYANNOTE:
        return tuple(PYANNOTE_MODELS)
    if kind is ModelKind.WHISPER:
        import whisper

        return tuple(whisper.available_models())
    from faster_whisper import available_models

    return tuple(available_models())


def download(kind: ModelKind, name: str, folder: Path) -> Download:
    """Fetch a model into an empty folder, with the library's own bars on standard error.

    Raises UsageError for a name that is not published, InputError when there is no network or the
    publisher refuses. What was fetched by then is left in `folder`.
    """
    known = published_names(kind)
    if name not in known:
        raise UsageError(
            "model_not_published",
            f"No {kind} model of that name can be pulled. Choose one of: {', '.join(known)}.",
        )
    with _online(), _reported():
        if kind is ModelKind.WHISPER:
            return _from_openai(name, folder)
        return _from_hugging_face(_repository(kind, name), kind, folder)


def _from_openai(name: str, folder: Path) -> Download:
    import whisper

    path = Path(str(whisper._download(whisper._MODELS[name], str(folder), in_memory=False)))
    return Download(path, {WEIGHTS: openai_hash(name) or ""})


def _repository(kind: ModelKind, name: str) -> str:
    if kind is ModelKind.PYANNOTE:
        return PYANNOTE_MODELS[name]
    from faster_whisper.utils import _MODELS

    repository: str = _MODELS[name]
    return repository


def _from_hugging_face(repository: str, kind: ModelKind, folder: Path) -> Download:
    # Not faster_whisper.utils.download_model: version 1.2.1 passes an argument for the target
    # folder that huggingface_hub no longer takes.
    from huggingface_hub import HfApi, snapshot_download

    info = HfApi().model_info(repository, files_metadata=True)
    snapshot_download(
        repository,
        revision=info.sha,
        local_dir=folder,
        allow_patterns=None if kind is ModelKind.PYANNOTE else list(CTRANSLATE2_FILES),
    )
    published = {
        sibling.rfilename: sibling.lfs.sha256 for sibling in info.siblings or () if sibling.lfs
    }
    return Download(folder, published)


@contextmanager
def _online() -> Iterator[None]:
    """Lift the ban on the network for a while.

    huggingface_hub reads the ban once, when it is imported, so the constant is set as well.
    """
    from huggingface_hub import constants

    environment = {name: os.environ.pop(name, None) for name in _OFFLINE_SWITCHES}
    banned = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = False
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = banned
        os.environ.update({name: value for name, value in environment.items() if value is not None})


@contextmanager
def _reported() -> Iterator[None]:
    from huggingface_hub import errors

    # That of its HTTP client, which differs between versions.
    client_error: type[Exception] = vars(errors)["HTTPError"]
    try:
        yield
    except errors.GatedRepoError as error:
        raise InputError(
            "model_gated",
            "The publisher of this model asks you to agree to its conditions first. Do so on its "
            "page on huggingface.co, put your access token into HF_TOKEN and run this again.",
        ) from error
    except errors.HfHubHTTPError as error:
        raise InputError(
            "model_refused",
            "The publisher's site refused to give this model. Nothing was left behind. "
            "Try again later, or bring it on a stick: `transcriber models add FOLDER`.",
        ) from error
    except RuntimeError as error:  # openai-whisper compares the hash itself
        raise InputError(
            "model_hash_differs",
            "What was fetched is not the model that was published: its SHA-256 differs. Nothing "
            "was kept. Try again, perhaps from another network.",
        ) from error
    except (OSError, client_error) as error:
        raise InputError(
            "no_network",
            "The model could not be fetched: no connection, or it broke off. Nothing was left "
            "behind. Run this again where there is internet, or bring the model on a stick: "
            "`transcriber models add FOLDER`.",
        ) from error
