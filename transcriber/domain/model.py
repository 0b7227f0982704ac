"""Models that were put on this machine, and which of them suits a recording."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from transcriber.domain.errors import EngineMissing
from transcriber.domain.recording import DETECT_LANGUAGE


class ModelKind(StrEnum):
    """The library that reads a model; also the folder that it lies in."""

    FASTER_WHISPER = "faster-whisper"
    WHISPER = "whisper"
    PYANNOTE = "pyannote"


RECOGNISERS = (ModelKind.FASTER_WHISPER, ModelKind.WHISPER)
"""Kinds that turn speech into words, the faster one first."""

ENGLISH = "en"

DEFAULT_MODEL = "small.en"
"""What a person without a model is told to pull: English, and small enough without a GPU."""

BEST_FIRST = (
    "large-v3",
    "large-v2",
    "large-v3-turbo",
    "distil-large-v3.5",
    "medium.en",
    "medium",
    "small.en",
    "small",
    "base.en",
    "base",
    "tiny.en",
    "tiny",
)
"""Names that the publishers gave, larger models first; not an order that we measured.

An English-only model comes before the multilingual one of its size, as openai-whisper's README
advises for English.
"""

ENGLISH_ONLY = frozenset({"distil-large-v3.5"})
"""English-only models whose name does not end in `.en` and whose vocabulary does not show it."""


LOCAL_PIPELINES = frozenset(
    {
        "pyannote.audio.pipelines.SpeakerDiarization",
        "pyannote.audio.pipelines.speaker_diarization.SpeakerDiarization",
    }
)
"""Pipelines that work on this machine; others of the library upload the recording."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model on disk, complete. `sha256` is that of its weights; `path` is its folder."""

    kind: ModelKind
    name: str
    path: Path
    sha256: str
    size_bytes: int
    english_only: bool = False

    def serves(self, language: str) -> bool:
        """Whether it understands the language; it tells languages apart if it knows several."""
        if not self.english_only:
            return True
        return language != DETECT_LANGUAGE and language.partition("-")[0] == ENGLISH


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as it lies on this machine.

    `intact` is False when files are gone or have changed. `vouched_by` tells whose published
    hashes its files had when it was added: `publisher`, a file that came with it, or nobody.
    """

    model: Model
    intact: bool
    vouched_by: str | None


def best(models: Iterable[Model], language: str) -> Model | None:
    """Return the model to take when nobody named one: the faster library's, then the larger one.

    Models with names of their own come after the published ones of their kind. None when no
    recogniser's model serves the language.
    """
    fitting = [model for model in models if model.kind in RECOGNISERS and model.serves(language)]
    return min(fitting, key=_rank, default=None)


def choose(models: Iterable[Model], kind: ModelKind, name: str | None, language: str) -> Model:
    """Return the model of this kind that was named, or the best one for the language.

    A named model is returned whatever the language: its recogniser says what it does not serve.
    Raises EngineMissing with the command that installs what is missing.
    """
    of_kind = [model for model in models if model.kind is kind]
    if name is not None:
        found = next((model for model in of_kind if model.name == name), None)
    else:
        found = best(of_kind, language)
    if found is None:
        raise missing(kind, name or suggested(language))
    return found


def missing(kind: ModelKind, name: str) -> EngineMissing:
    """Say which command installs the model."""
    option = "" if kind is ModelKind.FASTER_WHISPER else f" --engine {kind}"
    return EngineMissing(
        "model_missing",
        f"No fitting {kind} model is installed. Run `transcriber models pull {name}{option}` "
        "where there is internet, or `transcriber models add FOLDER` with one from a stick.",
    )


def suggested(language: str) -> str:
    """Name a model worth pulling for the language."""
    return DEFAULT_MODEL if language.partition("-")[0] == ENGLISH else "small"


def _rank(model: Model) -> tuple[int, int, str]:
    known = BEST_FIRST.index(model.name) if model.name in BEST_FIRST else len(BEST_FIRST)
    return RECOGNISERS.index(model.kind), known, model.name
