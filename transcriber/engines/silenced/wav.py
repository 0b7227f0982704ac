"""WAV: the samples as they are, behind a header of nothing but their form."""

import struct

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from transcriber.engines.silenced.fill import FADE_MS
from transcriber.engines.silenced.written import NOTHING_HEARD, Written

_PCM = 1
_MONO = 1


class WavWriter:
    """Implements `SoundWriter`. Twelve hours are 1.4 GB, of the 4 GB that the format can tell."""

    heard_rate_hz = SAMPLE_RATE_HZ
    smear_ms = FADE_MS
    loudest_left = 1  # the fill is rounded

    def __init__(self, sample_count: int) -> None:
        data_bytes = sample_count * BYTES_PER_SAMPLE
        form = struct.pack(
            "<HHIIHH",
            _PCM,
            _MONO,
            SAMPLE_RATE_HZ,
            SAMPLE_RATE_HZ * BYTES_PER_SAMPLE,
            BYTES_PER_SAMPLE,
            8 * BYTES_PER_SAMPLE,
        )
        self._head = (
            struct.pack("<4sI4s4sI", b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", len(form))
            + form
            + struct.pack("<4sI", b"data", data_bytes)
        )

    def write(self, samples: NDArray[np.int16]) -> Written:
        """Write what follows."""
        data = samples.astype("<i2").tobytes()
        head, self._head = self._head, b""
        return Written(head + data, np.frombuffer(data, "<i2").astype(np.int16))

    def end(self) -> Written:
        """Write nothing more."""
        return Written(self._head, NOTHING_HEARD)
