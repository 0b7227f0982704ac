"""Say how stretches of a recording sound, with Resemblyzer's encoder."""

from collections.abc import Mapping, Sequence

import numpy as np

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.engines.voices.encoder import (
    Floats,
    centred,
    embed_windows,
    encoding,
    level_gain,
    provenance,
    spectrogram,
    unit,
)
from transcriber.stages.pcm import as_float, read_samples

SHORTEST_MS = 400
"""In less than two syllables the encoder hears the sounds and not the voice."""

WINDOW_STEPS = 160
"""The 1.6 s that the encoder was trained on."""

HOP_STEPS = 80


class ResemblyzerComparer:
    """VoiceComparer in the space of the voices that `ResemblyzerDiariser` returns."""

    name = "resemblyzer"

    def provenance(self) -> Mapping[str, str]:
        """Return the version of the package, and the SHA-256 of its weights and of the mean voice.

        Raises EngineMissing when the package is not installed.
        """
        return provenance()

    def embed(
        self, audio: Audio, stretches: Sequence[Interval]
    ) -> Sequence[tuple[float, ...] | None]:
        """Return the mean embedding (256 numbers) of each stretch, centred and of length 1.

        None for stretches under 0.4 s and for digital silence. Raises EngineMissing when
        Resemblyzer is not installed and EngineFailed when it breaks.
        """
        long_enough = [stretch for stretch in stretches if stretch.duration_ms >= SHORTEST_MS]
        if not long_enough:
            return [None] * len(stretches)
        gain = level_gain(audio, long_enough)
        with encoding():
            return [
                _embed(as_float(read_samples(audio, stretch)) * gain)
                if stretch.duration_ms >= SHORTEST_MS
                else None
                for stretch in stretches
            ]


def _embed(sound: Floats) -> tuple[float, ...] | None:
    if not sound.any():
        return None
    columns = spectrogram(sound)
    steps = min(WINDOW_STEPS, len(columns))
    last = len(columns) - steps
    starts = np.unique(np.append(np.arange(0, last, HOP_STEPS), last))
    mean = embed_windows(columns, starts, [steps]).mean(axis=(0, 1))
    return tuple(unit(centred(mean)).tolist())
