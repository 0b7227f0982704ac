"""Recognition with PocketSphinx, whose model travels inside its wheel.

It reads clean synthetic speech fairly and real conversation badly, so its words are `draft`.
"""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from importlib.metadata import version
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from transcriber.domain.errors import EngineFailed, InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Quality, RecognisedWord
from transcriber.engines.cores import cores
from transcriber.stages.pcm import read_samples
from transcriber.stages.protocols import Hints

MODEL = "en-us"
MS_PER_FRAME = 10
"""PocketSphinx analyses 100 frames a second (its `frate`)."""


class PocketSphinxRecogniser:
    """Recogniser for English; regions are spread over processes because it holds Python's lock."""

    name = "pocketsphinx"
    quality = Quality.DRAFT

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or cores()

    def provenance(self) -> Mapping[str, str]:
        """Model name, the hash of its language model, and the library's version."""
        return {
            "model": MODEL,
            "model_sha256": self._model_sha256,
            "version": version("pocketsphinx"),
        }

    @cached_property
    def _model_sha256(self) -> str:
        with model_path("en-us.lm.bin").open("rb") as model:
            return hashlib.file_digest(model, "sha256").hexdigest()

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        """Raise InputError: this recogniser takes everything for English."""
        raise InputError(
            "language_not_told",
            "The built-in recogniser cannot tell which language is spoken. "
            "Say --language en, or ask IT for a speech model.",
        )

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        """Return the words of one region; there is no greater care that it could take."""
        (words,) = self.recognise(audio, (region,), hints)
        return words

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        """Yield the words of each region in order. Names told beforehand are not used.

        Raises InputError when the language is not English, EngineFailed when a process dies.
        """
        if hints.language.partition("-")[0] != "en":
            raise InputError(
                "language_not_served",
                "The built-in recogniser understands English only. "
                "Choose --language en, or ask IT for a speech model.",
            )
        if not regions:
            return
        # A forked child would inherit the locks of the other threads of this process.
        context = multiprocessing.get_context("spawn")
        workers = min(self._processes, len(regions))
        try:
            with ProcessPoolExecutor(workers, context, initializer=end_with_parent) as pool:
                yield from pool.map(_recognise_region, [audio] * len(regions), regions)
        except BrokenProcessPool as error:
            raise EngineFailed(
                "recogniser_died",
                "The recogniser stopped unexpectedly, perhaps for want of memory. "
                "Close other programs and run the same command again: it goes on where it stopped.",
            ) from error


def end_with_parent() -> None:
    """Let this process end when its parent does, also after kill -9."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _recognise_region(audio: Audio, region: Interval) -> tuple[RecognisedWord, ...]:
    decoder = _fresh_decoder()
    decoder.start_utt()
    decoder.process_raw(read_samples(audio, region).tobytes(), full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return ()
    return tuple(_word(segment, region) for segment in decoder.seg() if _is_word(segment.word))


def _is_word(text: str) -> bool:
    """Tell words from silence and noise marks such as `<sil>` and `[NOISE]`."""
    return text[0] not in "<[+"


def _word(segment: Any, region: Interval) -> RecognisedWord:
    return RecognisedWord(
        # The dictionary numbers pronunciations: "been(2)" is "been".
        text=segment.word.partition("(")[0],
        start_ms=min(region.start_ms + segment.start_frame * MS_PER_FRAME, region.end_ms),
        end_ms=min(region.start_ms + (segment.end_frame + 1) * MS_PER_FRAME, region.end_ms),
        confidence=round(min(max(segment.prob, 0.0), 1.0), 3),
    )


_decoder: Any = None


def _fresh_decoder() -> Any:
    """Return this process's decoder in the state it had when it was made.

    Its noise removal and cepstral mean otherwise carry over from one region to the next, and then
    the words of a region depend on what the process happened to decode before.
    """
    global _decoder  # noqa: PLW0603 - one model per process, loaded where it is used
    if _decoder is None:
        from pocketsphinx import Decoder

        _decoder = Decoder(
            hmm=str(model_path("en-us")),
            lm=str(model_path("en-us.lm.bin")),
            dict=str(model_path("cmudict-en-us.dict")),
            loglevel="FATAL",
        )
    else:
        _decoder.reinit_feat()
    return _decoder


def model_path(name: str) -> Path:
    """Return a file of the model that travels inside the wheel."""
    from pocketsphinx import get_model_path

    return Path(get_model_path(MODEL)) / name
