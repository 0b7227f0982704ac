"""The copy that a person listens to: AAC in an MP4 file, written with PyAV (FFmpeg).

Why this format, and what was measured in browsers: docs/decisions/0003-review-copy.md.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineFailed, disk_errors
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples
from transcriber.stages.protocols import Progress

_BIT_RATE = 48_000
"""Bits a second, 22 MB an hour: a median of 36 dB above its own noise on real conversation."""

_SAMPLES_PER_PACKET = 1024  # ISO/IEC 14496-3, AAC-LC
_BLOCK_MS = 8_000

# The index holds four bytes a packet, a few more for each megabyte, and its fixed parts.
_INDEX_BYTES_PER_PACKET = 5
_INDEX_BYTES = 4_096


class AacEncoder:
    """Writes an M4A file with its index in front, so that a browser seeks without reading on."""

    suffix = ".m4a"

    def encode(self, audio: Audio, destination: Path, progress: Progress) -> None:
        """Write `audio` to `destination`; see `ReviewEncoder`. The same samples give the same file.

        The file tells nothing about when or with what it was made. Raises StorageError when the
        disk refuses, EngineFailed when the encoder does, and ValueError where there is no sound.
        """
        if not audio.sample_count:
            raise ValueError("there is no sound to copy")
        part = destination.with_name(destination.name + ".part")
        with disk_errors():
            destination.unlink(missing_ok=True)  # never to be taken for the result of this run
            part.unlink(missing_ok=True)  # left by a run that was killed
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(descriptor, "w+b") as file:
                    _write(audio, file, progress)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(destination)
            finally:
                part.unlink(missing_ok=True)


def _write(audio: Audio, file: BinaryIO, progress: Progress) -> None:
    """Encode into `file`. Raises OSError as the file did, and EngineFailed."""
    _write_m4a(file, _frames(audio, progress), audio.sample_count)
    progress(audio.duration_ms, audio.duration_ms)


def _write_m4a(file: BinaryIO, frames: Iterable[Any], sample_count: int) -> None:
    """Encode frames of 16-bit mono at `SAMPLE_RATE_HZ`, each with its time, into `file`.

    There may be fewer than `sample_count` samples, not more. The file names no program and no
    date. Raises OSError as `file` and `frames` do, and EngineFailed.
    """
    import av

    packets = sample_count // _SAMPLES_PER_PACKET + 2  # one for the lead-in, one for the rest
    options = {
        "fflags": "+bitexact",  # names no program
        "moov_size": str(packets * _INDEX_BYTES_PER_PACKET + _INDEX_BYTES),
        "movie_timescale": str(SAMPLE_RATE_HZ),  # the length is told to the sample
    }
    try:
        with av.open(file, "w", format="ipod", options=options) as container:
            stream = container.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="mono")
            stream.bit_rate = _BIT_RATE
            # The fast search came out closer to the original than the default, and is faster.
            stream.codec_context.options = {"aac_coder": "fast", "flags": "+bitexact"}
            for frame in frames:
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.FFmpegError as reason:
        if isinstance(reason, OSError):
            raise
        raise EngineFailed(
            "encoder_failed",
            "The copy for listening could not be made. The recording itself is not harmed. "
            "Ask IT to install Transcriber again with all that it needs.",
        ) from reason


def _frames(audio: Audio, progress: Progress) -> Iterator[Any]:
    """Yield the samples as frames of eight seconds, so that memory does not grow with length."""
    for start_ms in range(0, audio.duration_ms + 1, _BLOCK_MS):
        progress(start_ms, audio.duration_ms)
        samples = read_samples(audio, Interval(start_ms, start_ms + _BLOCK_MS))
        if len(samples):
            yield frame_of(np.asarray(samples), start_ms * SAMPLES_PER_MS)


def frame_of(samples: NDArray[np.int16], first: int) -> Any:
    """Return a frame of samples, the first of which is the recording's `first`, from 0."""
    from av import AudioFrame

    frame = AudioFrame.from_ndarray(samples[None, :], "s16", "mono")
    frame.sample_rate = SAMPLE_RATE_HZ
    frame.pts = first  # without it the encoder's lead-in of 64 ms would count as sound
    return frame
