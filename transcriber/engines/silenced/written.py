"""What a writer of sound promises, and an encoder with a decoder behind it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineFailed
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.review_copy import frame_of


class Written(NamedTuple):
    """A piece of a file, and what a decoder hears in it, at the writer's rate."""

    data: bytes
    heard: NDArray[np.int16]


class SoundWriter(Protocol):
    """Writes 16-bit mono at `SAMPLE_RATE_HZ` as a file that tells nothing but the sound.

    It is made with the number of samples that will follow. What is heard of it has
    `heard_rate_hz`, and its first sample is the recording's first. `smear_ms` is how far into a
    silence sound beside it is heard, and `loudest_left` of 32,768 what coding makes of silence or
    of a tone besides it, at most.
    """

    heard_rate_hz: int
    smear_ms: int
    loudest_left: int

    def write(self, samples: NDArray[np.int16]) -> Written:
        """Write what follows. Raises EngineFailed."""

    def end(self) -> Written:
        """Write what is still to be written. Raises EngineFailed."""


NOTHING_HEARD: NDArray[np.int16] = np.zeros(0, dtype=np.int16)


class Encoder:
    """Gives packets, each of which a decoder has heard."""

    def __init__(self, context: Any, decoder: str, heard_rate_hz: int = SAMPLE_RATE_HZ) -> None:
        """Take an open context that encodes, and FFmpeg's name of a decoder."""
        import av

        self._context = context
        self._decoder: Any = av.CodecContext.create(decoder, "r")
        self._decoder.sample_rate, self._decoder.layout = heard_rate_hz, "mono"
        if context.extradata:
            self._decoder.extradata = bytes(context.extradata)
        self._encoded = 0

    def packets(self, samples: NDArray[np.int16] | None) -> Iterator[tuple[Any, NDArray[np.int16]]]:
        """Yield the packets that samples become, None for the end, and what is heard of each.

        Raises EngineFailed.
        """
        import av

        try:
            for packet in self._context.encode(self._frame(samples)):
                if packet.size:  # an empty one would end the decoding
                    heard = self._heard(packet)
                    yield packet, heard
        except av.FFmpegError as reason:
            raise encoder_failed() from reason

    def written(self, samples: NDArray[np.int16] | None) -> Written:
        """Return packets as they follow one another, with what is heard. Raises EngineFailed."""
        data, heard = [], [NOTHING_HEARD]
        for packet, sound in self.packets(samples):
            data.append(bytes(packet))
            heard.append(sound)
        if samples is None:
            heard.append(self.rest())
        return Written(b"".join(data), np.concatenate(heard))

    def rest(self) -> NDArray[np.int16]:
        """Return what the decoder still holds. Raises EngineFailed."""
        import av

        try:
            return self._heard(None)
        except av.FFmpegError as reason:
            raise encoder_failed() from reason

    def _frame(self, samples: NDArray[np.int16] | None) -> Any:
        if samples is None:
            return None
        frame = frame_of(samples, self._encoded)
        self._encoded += len(samples)
        return frame

    def _heard(self, packet: Any) -> NDArray[np.int16]:
        pieces = [NOTHING_HEARD]
        for frame in self._decoder.decode(packet):
            samples = frame.to_ndarray().reshape(-1)
            if samples.dtype != np.int16:
                samples = np.round(samples * 32_768).clip(-32_768, 32_767)
            pieces.append(samples.astype(np.int16))
        return np.concatenate(pieces)


def opened(encoder: str, sample_format: str, bit_rate: int | None = None) -> Any:
    """Return a context of an encoder by FFmpeg's name that writes no program's name.

    Raises EngineFailed where FFmpeg was built without it.
    """
    import av

    try:
        context: Any = av.CodecContext.create(encoder, "w")
        context.sample_rate, context.layout = SAMPLE_RATE_HZ, "mono"
        context.format, context.time_base = sample_format, Fraction(1, SAMPLE_RATE_HZ)
        context.options = {"flags": "+bitexact"}
        if bit_rate is not None:
            context.bit_rate = bit_rate
        context.open()
    except (av.FFmpegError, ValueError) as reason:
        raise encoder_failed() from reason
    return context


def encoder_failed() -> EngineFailed:
    """Say that a format cannot be written."""
    return EngineFailed(
        "encoder_failed",
        "The sound could not be written in this format. Choose another one, or ask IT to install "
        "Transcriber again with all that it needs.",
    )
