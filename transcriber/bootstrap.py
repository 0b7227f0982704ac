"""The only place that wires engines, storage and services together."""

import os

from transcriber.domain.errors import EngineMissing
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.engines.pyav import PyAvDecoder
from transcriber.engines.resemblyzer import ResemblyzerDiariser
from transcriber.engines.silero import SileroDetector
from transcriber.pipeline import Engines
from transcriber.stages.protocols import Recogniser


def build_engines(engine: str = "auto") -> Engines:
    """Wire the engines; models are loaded when they are first used, not here.

    Raises EngineMissing when the named recogniser is not installed.
    """
    stay_offline()
    return Engines(
        decoder=PyAvDecoder(),
        speech_detector=SileroDetector(),
        recogniser=_recogniser(engine),
        diariser=ResemblyzerDiariser(),
        detectors=(PresidioDetector(),),
        anonymiser=PresidioAnonymiser(),
    )


def _recogniser(engine: str) -> Recogniser:
    if engine in ("auto", "pocketsphinx"):
        return PocketSphinxRecogniser()
    raise EngineMissing(
        "engine_missing",
        f"The {engine} engine is not part of this version. "
        "Use --engine auto or --engine pocketsphinx; their words are a draft.",
    )


def stay_offline() -> None:
    """Forbid model libraries to go to the network: recordings and names stay on this machine."""
    os.environ.update(
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        TRANSFORMERS_OFFLINE="1",
        PYANNOTE_METRICS_ENABLED="0",
    )
