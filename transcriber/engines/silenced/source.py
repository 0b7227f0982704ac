"""The copy to listen to, as samples. It is of our own making, so it is read in this process."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineFailed
from transcriber.domain.recording import SAMPLE_RATE_HZ

BLOCK_SAMPLES = 8 * SAMPLE_RATE_HZ


def sample_count(source: BinaryIO) -> int:
    """Return how many samples a copy holds, as it says itself. Raises EngineFailed."""
    with _opened(source) as container:
        (stream,) = container.streams.audio
        duration_s: Fraction = (stream.duration or 0) * stream.time_base
        return round(duration_s * SAMPLE_RATE_HZ)


def blocks(source: BinaryIO) -> Iterator[NDArray[np.int16]]:
    """Yield all samples of a copy in order, about eight seconds at a time.

    Raises EngineFailed where it cannot be read or has fewer than it says.
    """
    import av

    left = sample_count(source)
    pending: list[NDArray[np.int16]] = []
    held = 0
    try:
        with _opened(source) as container:
            for samples in _decoded(container):
                wanted = samples[: left - held]
                pending.append(wanted)
                held += len(wanted)
                if held >= BLOCK_SAMPLES or held == left:
                    yield np.concatenate(pending)
                    left -= held
                    pending, held = [], 0
                if not left:
                    return
    except av.FFmpegError as reason:
        raise _unreadable() from reason
    if left:
        raise _unreadable()


def _decoded(container: Any) -> Iterator[NDArray[np.int16]]:
    """Yield what each packet gives, without the lead-in. Raises EngineFailed for a gap."""
    from av import AudioResampler

    resampler = AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
    (stream,) = container.streams.audio
    following = 0
    for frame in container.decode(stream):
        place = round(frame.pts * frame.time_base * SAMPLE_RATE_HZ)
        for same in resampler.resample(frame):
            samples = np.asarray(same.to_ndarray()[0], dtype=np.int16)
            early = max(0, -place)
            place += len(samples)
            if early < len(samples):
                if place - len(samples) + early != following:
                    raise _unreadable()
                following = place
                yield samples[early:]


def _opened(source: BinaryIO) -> Any:
    import av

    source.seek(0)
    try:
        return av.open(source, "r", format="mov")
    except av.FFmpegError as reason:
        raise _unreadable() from reason


def _unreadable() -> EngineFailed:
    return EngineFailed(
        "copy_unreadable",
        "The copy for listening cannot be read, so no sound was written. Retry the recording, "
        "which makes the copy anew.",
    )
