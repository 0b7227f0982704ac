"""Opus in Ogg (RFC 7845): about 40 kbit/s, eighteen megabytes an hour."""

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.silenced.written import NOTHING_HEARD, Encoder, Written, encoder_failed

_BIT_RATE = 40_000


class OpusWriter:
    """Implements `SoundWriter`.

    The format asks for a block of comments; it holds none, and the word "ffmpeg" where the writer
    is named, which FFmpeg puts there where it is told to name nobody.
    """

    heard_rate_hz = 48_000  # whatever was encoded
    smear_ms = 120  # frames of 20 ms and their neighbours, which they lean on
    loudest_left = 256

    def __init__(self, sample_count: int) -> None:
        import av

        self._pages = _Pages()
        try:
            self._container = av.open(
                self._pages, "w", format="ogg", options={"fflags": "+bitexact"}
            )
            stream = self._container.add_stream("libopus", rate=SAMPLE_RATE_HZ, layout="mono")
            stream.bit_rate = _BIT_RATE
            # Its other modes model a voice: between talk they make of a tone what is none.
            stream.codec_context.options = {"flags": "+bitexact", "application": "lowdelay"}
            self._container.start_encoding()
        except (av.FFmpegError, ValueError) as reason:
            raise encoder_failed() from reason
        self._stream = stream
        self._encoder = Encoder(stream.codec_context, "opus", self.heard_rate_hz)

    def write(self, samples: NDArray[np.int16]) -> Written:
        """Write what follows. Raises EngineFailed."""
        heard = self._muxed(samples)
        return Written(self._pages.taken(), heard)

    def end(self) -> Written:
        """Write what the encoder still holds. Raises EngineFailed."""
        heard = self._muxed(None)
        self._container.close()
        return Written(self._pages.taken(), np.concatenate((heard, self._encoder.rest())))

    def _muxed(self, samples: NDArray[np.int16] | None) -> NDArray[np.int16]:
        import av

        heard = [NOTHING_HEARD]
        try:
            for packet, sound in self._encoder.packets(samples):
                packet.stream = self._stream
                self._container.mux(packet)
                heard.append(sound)
        except av.FFmpegError as reason:
            raise encoder_failed() from reason
        return np.concatenate(heard)


class _Pages:
    """A file to write to that is emptied now and then; there is no going back in it."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: bytes) -> int:
        self._data += data
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since it was asked last."""
        data = bytes(self._data)
        self._data.clear()
        return data
