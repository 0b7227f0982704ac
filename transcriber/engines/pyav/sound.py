"""What becomes of decoded frames: their place in time, 16 kHz, one channel, and the open file.

Used inside the confined child of `transcriber.engines.pyav.child`; nothing here opens anything.
"""

import errno
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
BYTES_PER_SAMPLE = 2
_PROGRESS_EVERY_MS = 10_000
_RATES_HZ = range(4_000, 768_001)  # telephones to the best studio; others only serve to do harm

# Containers round times to milliseconds and recorders write sound in bursts; a pause or a lost
# connection is longer than this.
_GAP_S = 0.1

# Independent channels keep the N-th part of their mean energy when they are averaged; a tenth of
# that is left only where they cancel, as with one lead of a pair of microphones soldered wrongly.
_CANCELLED = 0.1

_BATCH = 1 << 14  # samples at once: frames of some milliseconds each cost three times as much

Planes = NDArray[np.int16]
"""16-bit samples, of shape (channels, samples)."""

Mono = NDArray[np.int16]
"""16-bit samples, of shape (samples,)."""

Message = dict[str, int | str | None]


class Fault(Exception):
    """The file cannot be decoded; `code` is one of those that the parent has a sentence for."""

    def __init__(self, code: str, **numbers: int) -> None:
        super().__init__(code)
        self.message: Message = {"fault": code, **numbers}


def report(message: Message) -> None:
    """Send one line to the parent; fails, and so ends this process, when the parent is gone."""
    line = memoryview(json.dumps(message).encode("ascii") + b"\n")
    while line:
        line = line[os.write(1, line) :]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a file: a stretch, in samples at 16 kHz, and a track; -1 stands for all.

    `max_ms` bounds how much of the file is gone through for it.
    """

    start: int
    stop: int
    track: int
    max_ms: int


class Sink:
    """Writes the wanted stretch to the open file and counts what passes. Raises Fault when full.

    What lies before the stretch is decoded and dropped: few formats can be sought to the sample,
    and a stretch must be the same sound as that part of the whole.
    """

    def __init__(self, descriptor: int, wanted: Wanted, total_ms: int) -> None:
        self._descriptor = descriptor
        self._start = wanted.start
        self._stop = wanted.stop
        self._max_samples = wanted.max_ms * SAMPLE_RATE_HZ // 1000
        self._total_ms = total_ms
        self._next_report_ms = _PROGRESS_EVERY_MS
        self._samples = 0

    @property
    def passed_ms(self) -> int:
        """Milliseconds gone through so far, written or not."""
        return self._samples * 1000 // SAMPLE_RATE_HZ

    @property
    def complete(self) -> bool:
        """Whether the end of the stretch was reached, so that the rest need not be decoded."""
        return 0 <= self._stop <= self._samples

    def write(self, samples: Mono) -> None:
        """Take the next samples and append those that are wanted."""
        if self._stop >= 0:
            samples = samples[: max(0, self._stop - self._samples)]
        skipped = max(0, self._start - self._samples)
        self._samples += len(samples)
        if self._samples > self._max_samples:
            raise Fault("too_long")
        data = memoryview(samples[skipped:].astype("<i2").tobytes())
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except OSError as reason:
                raise Fault("write", errno=reason.errno or errno.EIO) from None
        if self.passed_ms >= self._next_report_ms:
            self._next_report_ms = self.passed_ms + _PROGRESS_EVERY_MS
            report({"done_ms": self.passed_ms, "total_ms": self._total_ms})


class Mixer:
    """Makes one channel of several: the mean of all, or one of them alone.

    The mean neither clips nor wraps. Second by second of the file, whatever stretch is wanted,
    it is checked that the channels do not cancel; where they do, the loudest is taken instead.
    """

    def __init__(self, channel: int | None) -> None:
        self._channel = channel
        self._held = np.zeros((1, 0), np.int16)

    def push(self, planes: Planes) -> Iterator[Mono]:
        """Yield what is ready once `planes` was taken in."""
        if self._channel is not None:
            yield planes[min(self._channel, len(planes) - 1)]
            return
        if len(planes) != len(self._held):
            yield from self.flush()
            self._held = np.zeros((len(planes), 0), np.int16)
        if len(planes) == 1:
            yield planes[0]
            return
        self._held = np.concatenate((self._held, planes), axis=1)
        while self._held.shape[1] >= SAMPLE_RATE_HZ:
            yield _mixed(self._held[:, :SAMPLE_RATE_HZ])
            self._held = self._held[:, SAMPLE_RATE_HZ:]

    def flush(self) -> Iterator[Mono]:
        """Yield what is still held."""
        if self._held.size:
            yield _mixed(self._held)
        self._held = self._held[:, :0]


def _mixed(planes: Planes) -> Mono:
    mean = planes.mean(axis=0, dtype=np.float32)
    energies = np.square(planes, dtype=np.float32).mean(axis=1)
    if np.square(mean).mean() < _CANCELLED * energies.mean() / len(planes):
        loudest: Mono = planes[int(energies.argmax())]
        return loudest
    rounded: Mono = np.rint(mean).astype(np.int16)
    return rounded


class Resampler:
    """Turns frames into 16 kHz, channel by channel, also when their format changes on the way.

    Each channel is resampled as if it were alone: FFmpeg's own mixing knows loudspeakers, not
    microphones, and it has no answer (or crashes) where a recorder names none.
    """

    def __init__(self) -> None:
        self._kind: tuple[str, int, int] | None = None
        self._inner: list[Any] = []
        self._waiting: list[NDArray[Any]] = []
        self._waiting_samples = 0

    def push(self, frame: Any) -> Iterator[Planes]:
        """Yield the samples that are ready once `frame` was taken in."""
        channels = frame.layout.nb_channels
        kind = (frame.format.name, channels, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            if frame.sample_rate not in _RATES_HZ or not channels:
                raise Fault("unsupported")
            self._kind = kind
            self._inner = [
                av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ) for _ in range(channels)
            ]
        values = frame.to_ndarray()
        self._waiting.append(values if frame.format.is_planar else values.reshape(-1, channels).T)
        self._waiting_samples += frame.samples
        if self._waiting_samples >= _BATCH:
            yield from self._resampled(self._batch())

    def flush(self) -> Iterator[Planes]:
        """Yield what waits and what the filters still hold."""
        if self._waiting:
            yield from self._resampled(self._batch())
        if self._inner:
            yield from self._resampled([None] * len(self._inner))
            self._inner, self._kind = [], None

    def _batch(self) -> list[Any]:
        """Return what waits as one frame for each channel, without a time."""
        assert self._kind is not None
        name, _, rate_hz = self._kind
        values = np.ascontiguousarray(np.concatenate(self._waiting, axis=1))
        self._waiting, self._waiting_samples = [], 0
        frames = [
            av.AudioFrame.from_ndarray(one[None], name.removesuffix("p") + "p", "mono")
            for one in values
        ]
        for frame in frames:
            frame.sample_rate = rate_hz
        return frames

    def _resampled(self, frames: list[Any]) -> Iterator[Planes]:
        channels = [
            [part.to_ndarray()[0] for part in one.resample(frame)]
            for one, frame in zip(self._inner, frames, strict=True)
        ]
        if channels[0]:
            yield np.stack([np.concatenate(parts) for parts in channels])


class Line:
    """The way of one track from its frames to the sink."""

    def __init__(self, sink: Sink, channel: int | None) -> None:
        self._sink = sink
        self._resampler = Resampler()
        self._mixer = Mixer(channel)

    def play(self, frame: Any) -> None:
        """Take the next frame."""
        self._send(self._resampler.push(frame))

    def pause(self, duration_s: float) -> None:
        """Take silence, a second at a time so that a false length cannot fill the memory."""
        self._send(self._resampler.flush())
        left = round(duration_s * SAMPLE_RATE_HZ)
        while left > 0 and not self._sink.complete:
            step = min(left, SAMPLE_RATE_HZ)
            self._send([np.zeros((1, step), np.int16)])
            left -= step

    def close(self) -> None:
        """Pass on what is still held."""
        self._send(self._resampler.flush())
        for mono in self._mixer.flush():
            self._sink.write(mono)

    def _send(self, ready: Iterable[Planes]) -> None:
        for planes in ready:
            for mono in self._mixer.push(planes):
                self._sink.write(mono)


def with_gaps(
    frames: Iterable[tuple[float, Any]], end_s: float | None
) -> Iterator[tuple[float, Any]]:
    """Tell how much silence belongs before each frame, in seconds.

    `frames` are pairs of the silence already known of (for damaged packets) and a frame. Frames
    follow each other; only a jump ahead in their times that the next frame agrees with, and that
    ends before `end_s`, is a gap: single false times must not stretch the sound.
    """
    expected_s: float | None = None
    for (silence_s, frame), (_, following) in itertools.pairwise(
        itertools.chain(frames, ((0.0, None),))
    ):
        length_s = frame.samples / frame.sample_rate if frame.sample_rate else 0.0
        gap_s = silence_s
        if frame.time is not None:
            if expected_s is not None:
                jump_s = frame.time - expected_s
                if _is_gap(jump_s - silence_s, frame.time + length_s, following, end_s):
                    gap_s = jump_s
            else:
                expected_s = frame.time - silence_s
        if expected_s is not None:
            expected_s += gap_s + length_s
        yield gap_s, frame


def _is_gap(jump_s: float, frame_end_s: float, following: Any, end_s: float | None) -> bool:
    if jump_s < _GAP_S or (end_s is not None and frame_end_s > end_s + _GAP_S):
        return False
    if following is None or following.time is None:
        return following is None
    return bool(abs(following.time - frame_end_s) < _GAP_S)
