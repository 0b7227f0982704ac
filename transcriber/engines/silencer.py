"""Takes stretches out of a copy to listen to, with PyAV (FFmpeg), and makes sure they are gone.

The copy is of our own making, so it is read in this process; nothing touches a disk.
"""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineFailed, RedactionRefused
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.review_copy import frame_of, write_m4a
from transcriber.stages.pcm import SAMPLES_PER_MS
from transcriber.stages.protocols import Fill

TONE_HZ = 1_000
TONE_LEVEL = 2_000
"""Of 32,768: audible, and quieter than talk."""

FADE_MS = 8
"""Outside of a stretch, so that it begins and ends without a click."""

SMEAR_MS = 160
"""An AAC packet and its neighbours, 3 x 1,024 samples at most, rounded down: sound beside a stretch
is heard so far into it after encoding. It is sound that stays anyway."""

LOUDEST_LEFT = 64
"""Of 32,768, -54 dB: what encoding may leave of nothing."""

_BLOCK = 8_000 * SAMPLES_PER_MS


class PyAvSilencer:
    """Implements `SoundSilencer`."""

    def silence(
        self,
        source: BinaryIO,
        destination: BinaryIO,
        stretches: Sequence[Interval],
        fill: Fill = Fill.SILENCE,
    ) -> None:
        """Write `source` to `destination` without the stretches; see `SoundSilencer`.

        Raises RedactionRefused and EngineFailed.
        """
        spans = [
            (stretch.start_ms * SAMPLES_PER_MS, stretch.end_ms * SAMPLES_PER_MS)
            for stretch in joined(stretches)
            if stretch.duration_ms
        ]
        frames = (
            frame_of(_filled(samples, first, spans, fill), first)
            for first, samples in _blocks(source)
        )
        write_m4a(destination, frames, _length(source))
        _require_gone(destination, spans, fill)


def _length(source: BinaryIO) -> int:
    """Return how many samples a file says that it has, at most."""
    import av

    source.seek(0)
    with _read(source) as container:
        duration = container.duration or 0  # in microseconds (av.time_base)
    source.seek(0)
    return int(-(-duration * SAMPLE_RATE_HZ // av.time_base)) + _BLOCK


def _blocks(source: BinaryIO) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Yield stretches of about eight seconds, each with the number of its first sample."""
    import av

    source.seek(0)
    pending: list[NDArray[np.int16]] = []
    first = following = held = 0
    try:
        with _read(source) as container:
            for place, samples in _decoded(container):
                if held and (place != following or held >= _BLOCK):
                    yield first, np.concatenate(pending)
                    pending, held = [], 0
                if not held:
                    first = place
                pending.append(samples)
                held += len(samples)
                following = place + len(samples)
    except av.FFmpegError as reason:
        raise _unreadable() from reason
    if held:
        yield first, np.concatenate(pending)


def _decoded(container: Any) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Yield what each packet gives, with the number of its first sample."""
    from av import AudioResampler

    resampler = AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
    (stream,) = container.streams.audio
    for frame in container.decode(stream):
        place = round(frame.pts * frame.time_base * SAMPLE_RATE_HZ)
        for same in resampler.resample(frame):
            samples = np.asarray(same.to_ndarray()[0], dtype=np.int16)
            early = max(0, -place)  # the encoder's lead-in
            if early < len(samples):
                yield place + early, samples[early:]
            place += len(samples)


def _read(source: BinaryIO) -> Any:
    import av

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


def _filled(
    samples: NDArray[np.int16], first: int, spans: Sequence[tuple[int, int]], fill: Fill
) -> NDArray[np.int16]:
    """Return the samples from `first` on without what lies in the spans."""
    numbers = np.arange(first, first + len(samples))
    stays = np.ones(len(samples), dtype=np.float32)
    fade = FADE_MS * SAMPLES_PER_MS
    for start, end in spans:
        if end + fade <= first or start - fade >= first + len(samples):
            continue
        away = np.maximum(start - numbers, numbers - end + 1).clip(0, fade) / fade
        stays = np.minimum(stays, away.astype(np.float32))
    kept = samples * stays
    if fill is Fill.TONE:
        turns = np.sin(2 * np.pi * ((numbers * TONE_HZ) % SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)
        kept = kept + (1 - stays) * turns * TONE_LEVEL
    return np.round(kept).clip(-32_768, 32_767).astype(np.int16)


def _require_gone(copy: BinaryIO, spans: Sequence[tuple[int, int]], fill: Fill) -> None:
    """Read a copy again. Raises RedactionRefused where a span holds more than its fill."""
    smear = SMEAR_MS * SAMPLES_PER_MS
    inner = [(start + smear, end - smear) for start, end in spans if end - start > 2 * smear]
    for first, samples in _blocks(copy):
        for start, end in inner:
            low, high = max(0, start - first), min(len(samples), end - first)
            if low < high and _loudest(samples[low:high], fill) > LOUDEST_LEFT:
                raise RedactionRefused(
                    "sound_left",
                    "Something is still heard where the sound should be gone, so no copy was "
                    "written. Please report this.",
                )
    copy.seek(0)


def _loudest(samples: NDArray[np.int16], fill: Fill) -> float:
    """Return the loudest sample that is not the tone's."""
    heard = samples.astype(np.float64)
    if fill is Fill.TONE:
        # Its size and phase as encoding left them; the rest is what should not be there.
        turns = 2 * np.pi * TONE_HZ * np.arange(len(heard)) / SAMPLE_RATE_HZ
        tone = np.stack((np.sin(turns), np.cos(turns)), axis=1)
        heard = heard - tone @ np.linalg.lstsq(tone, heard, rcond=None)[0]
    return float(np.abs(heard).max())
