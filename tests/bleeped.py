"""Hearing released sound again with the engine that found the words."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.sounding_release import samples
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio
from transcriber.domain.released_sound import USUAL_SOUND, SoundFormat, TakenOut
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silenced.silencer import PyAvSilencer
from transcriber.stages.protocols import Hints

AROUND_MS = 2_000
"""Of talk on either side, which a recogniser needs to find its way."""


def released(
    audio: Audio, spans: Sequence[Interval], sound_format: SoundFormat, folder: Path
) -> Audio:
    """Return sound as it leaves: copied to be listened to, bleeped, and decoded once more."""
    copy = folder / "copy.m4a"
    AacEncoder().encode(audio, copy, lambda *_: None)
    padding_ms = USUAL_SOUND.padding_ms
    padded = joined(
        Interval(max(0, span.start_ms - padding_ms), span.end_ms + padding_ms) for span in spans
    )
    silencer = PyAvSilencer(sound_format)
    pieces = silencer.without(io.BytesIO(copy.read_bytes()), TakenOut(tuple(padded)))
    return written(samples(b"".join(pieces)), folder / f"{sound_format}.s16")


def written(sound: NDArray[np.int16], path: Path) -> Audio:
    """Write samples as the engines read them."""
    path.write_bytes(sound.astype("<i2").tobytes())
    return Audio(path, len(sound))


def heard_in(audio: Audio, spans: Sequence[Interval]) -> list[set[str]]:
    """Return the words that are recognised in spans: those of which half or more lies in one."""
    regions = joined(
        Interval(max(0, s.start_ms - AROUND_MS), min(s.end_ms + AROUND_MS, audio.duration_ms))
        for s in spans
    )
    recognised = PocketSphinxRecogniser().recognise(audio, regions, Hints("en"))
    words = [word for region in recognised for word in region]
    heard: list[set[str]] = []
    for span in spans:
        inside = set()
        for word in words:
            assert word.start_ms is not None
            assert word.end_ms is not None
            time = Interval(word.start_ms, word.end_ms)
            if 2 * time.overlap_ms(span) >= time.duration_ms:
                inside.add(word.text)
        heard.append(inside)
    return heard
