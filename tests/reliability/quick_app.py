"""The real workers with engines that answer quickly: `celery --app=tests.reliability.quick_app`.

Everything else is real: Celery's processes, the broker, the database, encrypted files. Stages take
`QUICK_STAGE_S` seconds, so that a kill meets them at work. A source is a line of text, and what is
recognised are its words. One that begins with `poison` kills the process that transcribes it, one
that begins with `explode` lets an engine fail with the text in its mouth. With `QUICK_DETECTORS`
set, the real detectors search.
"""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.fakes import FakeDecoder, FakeDiariser, FakeRecogniser, FakeReviewEncoder, fake_engines
from transcriber import bootstrap
from transcriber.domain.interval import Interval
from transcriber.domain.recording import WHOLE, Audio, Trim
from transcriber.domain.transcript import Diarisation, RecognisedWord
from transcriber.pipeline import Engines
from transcriber.stages.protocols import Decoded, Hints, Progress

POISON, EXPLODE = "poison", "explode"
STAGE_S = float(os.environ.get("QUICK_STAGE_S", "0.3"))
LONGEST_TEXT = 4_000


class Decoder(FakeDecoder):
    """Hides the text in the samples."""

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        time.sleep(STAGE_S)
        decoded = super().decode(source, destination, progress, trim, track)
        with destination.open("r+b") as samples:
            samples.write(source.read_bytes()[:LONGEST_TEXT])
        return decoded


class Recogniser(FakeRecogniser):
    """Reads the text out of the samples, an equal share in each region."""

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        with audio.path.open("rb") as samples:
            text = samples.read(LONGEST_TEXT).rstrip(b"\0").decode()
        if text.startswith(POISON):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(STAGE_S)
        if text.startswith(EXPLODE):
            raise ValueError(text)
        words = text.split()
        for number, region in enumerate(regions):
            said = words[number :: len(regions)]
            each_ms = region.duration_ms // (len(said) + 1)
            yield tuple(
                RecognisedWord(
                    word, region.start_ms + n * each_ms, region.start_ms + (n + 1) * each_ms, 0.9
                )
                for n, word in enumerate(said)
            )


class Diariser(FakeDiariser):
    def diarise(self, *arguments: Any) -> Diarisation:
        time.sleep(STAGE_S)
        return super().diarise(*arguments)


class ReviewEncoder(FakeReviewEncoder):
    def encode(self, audio: Audio, destination: Path, progress: Progress) -> None:
        time.sleep(STAGE_S)
        super().encode(audio, destination, progress)


def quick_engines(*_: object) -> Engines:
    engines = fake_engines()
    if os.environ.get("QUICK_DETECTORS"):
        engines = replace(engines, detectors=bootstrap.build_detectors())
    return replace(
        engines,
        decoder=Decoder(),
        recogniser=Recogniser(),
        diariser=Diariser(),
        review_encoder=ReviewEncoder(),
    )


bootstrap.build_engines = quick_engines  # type: ignore[assignment]

from workers.app import app  # noqa: E402 - after the engines

__all__ = ["app"]
