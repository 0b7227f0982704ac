"""FLAC (RFC 9639): lossless, a third smaller than WAV or more."""

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.silenced.fill import FADE_MS
from transcriber.engines.silenced.written import Encoder, Written, opened

_STREAMINFO_BYTES = 34
_ONLY_BLOCK = 0x80  # of type 0, and the last one: no comments, no pictures
_FRAME_SIZES = slice(4, 10)
_COUNT = slice(13, 18)  # 4 bits of something else, then 36 bits
_MD5 = slice(18, 34)


class FlacWriter:
    """Implements `SoundWriter`.

    What is not known before the end, sizes of frames and an MD5, is told as unknown, as the format
    allows. FFmpeg's own writer would go back for these, and write a comment.
    """

    heard_rate_hz = SAMPLE_RATE_HZ
    smear_ms = FADE_MS
    loudest_left = 1  # the fill is rounded

    def __init__(self, sample_count: int) -> None:
        context = opened("flac", "s16")
        info = bytearray(bytes(context.extradata)[:_STREAMINFO_BYTES])
        info[_FRAME_SIZES] = bytes(6)
        before = info[13] & 0xF0
        info[_COUNT] = sample_count.to_bytes(5, "big")
        info[13] |= before
        info[_MD5] = bytes(16)
        self._head = b"fLaC" + bytes((_ONLY_BLOCK, 0, 0, _STREAMINFO_BYTES)) + bytes(info)
        self._encoder = Encoder(context, "flac")

    def write(self, samples: NDArray[np.int16]) -> Written:
        """Write what follows. Raises EngineFailed."""
        written = self._encoder.written(samples)
        head, self._head = self._head, b""
        return written._replace(data=head + written.data)

    def end(self) -> Written:
        """Write what the encoder still holds. Raises EngineFailed."""
        written = self._encoder.written(None)
        return written._replace(data=self._head + written.data)
