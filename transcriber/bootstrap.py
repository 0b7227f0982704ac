"""The only place that wires engines, storage and services together."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from transcriber.domain.errors import EngineMissing
from transcriber.domain.model import Model, ModelKind, best, choose
from transcriber.domain.policy import NerModel, joint
from transcriber.domain.released_sound import SoundFormat
from transcriber.engines.faster_whisper import FasterWhisperRecogniser
from transcriber.engines.keyphrases import PocketSphinxSpotter
from transcriber.engines.openai_whisper import OpenAiWhisperRecogniser
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.engines.pyannote import PyannoteDiariser
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silenced.silencer import PyAvSilencer
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.comparer import ResemblyzerComparer
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser
from transcriber.exports.documents.reader import DocumentReader
from transcriber.pipeline import Engines
from transcriber.services.models import model_folder
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store
from transcriber.services.stored_job import StoredJob
from transcriber.stages.protocols import Detector, Diariser, Recogniser, SoundSilencer
from transcriber.storage.scratch import Scratch

_RECOGNISERS: Mapping[ModelKind, Callable[[Model, int | None], Recogniser]] = {
    ModelKind.FASTER_WHISPER: FasterWhisperRecogniser,
    # Torch keeps one number of threads for the whole process (OMP_NUM_THREADS).
    ModelKind.WHISPER: lambda model, threads: OpenAiWhisperRecogniser(model),
}


@dataclass(frozen=True)
class Choice:
    """Which recogniser is wanted: an engine or `auto`, a model or the best, for a language."""

    engine: str = "auto"
    model: str | None = None
    language: str = "en"


AUTO = Choice()


def build_engines(
    choice: Choice = AUTO, added: Sequence[NerModel] = (), threads: int | None = None
) -> Engines:
    """Wire the engines; models are loaded when they are first used, not here.

    `added` are models of names that search beside ours. They compute with `threads`, by default
    with all processors. Raises EngineMissing when the recogniser or a model that was named is not
    installed.
    """
    stay_offline()
    models = model_folder().models()
    return Engines(
        reader=DocumentReader(),
        decoder=PyAvDecoder(),
        speech_detector=SileroDetector(),
        recogniser=_recogniser(choice, models, threads),
        diariser=_diariser(models),
        voice_comparer=ResemblyzerComparer(),
        review_encoder=AacEncoder(),
        spotter=PocketSphinxSpotter(threads),
        detectors=build_detectors(added),
        anonymiser=PresidioAnonymiser(),
    )


def build_detectors(added: Sequence[NerModel] = ()) -> tuple[Detector, ...]:
    """Wire what finds identifiers; nothing else is needed for text.

    Raises EngineMissing when a model of `added` is not installed.
    """
    stay_offline()
    return (PresidioDetector(added),)


def build_silencer(sound_format: SoundFormat) -> SoundSilencer:
    """Wire what takes stretches out of a copy to listen to, and writes the rest in a format."""
    return PyAvSilencer(sound_format)


def _recogniser(choice: Choice, models: tuple[Model, ...], threads: int | None) -> Recogniser:
    if choice.engine == "pocketsphinx":
        if choice.model is not None:
            raise EngineMissing(
                "model_missing", "The built-in recogniser has one model only. Leave out --model."
            )
        return PocketSphinxRecogniser(threads)
    if choice.engine != "auto":
        model = choose(models, ModelKind(choice.engine), choice.model, choice.language)
        return _RECOGNISERS[model.kind](model, threads)
    named = [model for model in models if choice.model in (None, model.name)]
    found = best(named, choice.language)
    if found is not None:
        return _RECOGNISERS[found.kind](found, threads)
    if choice.model is not None:
        # Asked for by name: its absence is told, not passed over.
        choose(models, ModelKind.FASTER_WHISPER, choice.model, choice.language)
    return PocketSphinxRecogniser(threads)


def _diariser(models: tuple[Model, ...]) -> Diariser:
    """Take pyannote where both its package and a model are there."""
    folder = next((model.path for model in models if model.kind is ModelKind.PYANNOTE), None)
    if folder is not None and find_spec("pyannote") and find_spec("pyannote.audio"):
        return PyannoteDiariser(folder)
    return ResemblyzerDiariser()


def build_worker(store: Store, threads: int | None) -> StepWorker:
    """Wire what does steps in one process; each engine computes with `threads`, None for all.

    Engines are made when a job first asks for them and kept. Raises StorageError without scratch.
    """

    @cache
    def engines(choice: Choice, added: tuple[NerModel, ...]) -> Engines:
        return build_engines(choice, added, threads)

    def engines_of(job: StoredJob) -> Engines:
        request = job.request
        choice = Choice(request.engine, request.model, job.recording.language)
        return engines(choice, joint(request.policies).models)

    worker = StepWorker(store, Scratch(store.settings.scratch), engines_of)
    worker.free_abandoned()
    return worker


def stay_offline() -> None:
    """Forbid model libraries to go to the network: recordings and names stay on this machine."""
    os.environ.update(
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        TRANSFORMERS_OFFLINE="1",
        PYANNOTE_METRICS_ENABLED="0",
        OTEL_SDK_DISABLED="true",
    )
