"""Decoding of uploaded media with PyAV (FFmpeg), in a confined child process.

The file is opened here and handed over as a descriptor, so that the child needs neither its name
nor the right to open anything. A child that crashes, hangs or eats memory fails this one file.
Each sound track has a child of its own; several are mixed here.
"""

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import disk_errors
from transcriber.domain.recording import (
    BYTES_PER_SAMPLE,
    SAMPLE_RATE_HZ,
    WHOLE,
    Audio,
    Trim,
)
from transcriber.engines.pyav.process import reports
from transcriber.engines.pyav.verdict import (
    Message,
    input_error,
    judge,
    judge_length,
    number,
    raise_for_fault,
)
from transcriber.stages.protocols import Decoded, Progress

_MAX_HOURS = 12
_SPARE_BYTES = 1 << 20
_MIX_BYTES = 1 << 20
_SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What decoding one file may cost.

    `max_duration_ms` and `max_bytes` count what is decoded, whatever the header says;
    `max_memory_bytes` is address space; a quarter of the default was enough for all that was tried.
    """

    max_duration_ms: int = _MAX_HOURS * 3_600_000
    max_memory_bytes: int = 1 << 30
    timeout_s: float = 1_800.0
    max_bytes: int = _MAX_HOURS * 3_600 * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE + _SPARE_BYTES


class PyAvDecoder:
    """Decodes what phones, recorders, dictation machines and video calls leave behind.

    The formats and codecs are listed, with reasons, in `transcriber.engines.pyav.child`.
    """

    def __init__(self, limits: DecodeLimits | None = None) -> None:
        self._limits = limits or DecodeLimits()

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        """Decode `source` into `destination`; see `Decoder`. Progress is in milliseconds.

        What is decoded with a trim is, to the sample, that part of what is decoded without.
        The channels of a track are averaged. Several tracks are added up as they are, held at
        full scale where that is exceeded: each is a microphone of its own. A track that begins
        later than the others, or has a gap in its times, is silent there.

        Progress stays silent until the end where the file states no length. Damaged packets
        become silence, and their number is logged. Raises InputError when the file cannot be
        used, StorageError when the disk refuses and EngineFailed when no child can be run.
        """
        with disk_errors():
            destination.unlink(missing_ok=True)  # never to be taken for the result of this run
        part = destination.with_name(destination.name + ".part")
        job = _Job(self._limits, trim, progress)
        with _opened(source) as source_fd, _new_file(part) as part_fd:
            result = job.run(source_fd, part_fd, -1 if track is None else track)
            if track is None:
                for further in range(1, job.runs):
                    with _new_file(part.with_suffix(f".{further}.part")) as further_fd:
                        job.run(source_fd, further_fd, further)
                        with disk_errors():
                            _add(part_fd, further_fd)
            judge_length(job.passed_ms, trim)
            job.finish()
            with disk_errors():
                os.fsync(part_fd)
                part.replace(destination)
            sample_count = _samples(part_fd)
        return Decoded(Audio(destination, sample_count), job.passed_ms, number(result, "tracks"))


class _Job:
    """The runs of the child that one file takes, one for each track that is wanted."""

    def __init__(self, limits: DecodeLimits, trim: Trim, progress: Progress) -> None:
        self._limits = limits
        self._trim = trim
        self._progress = progress
        self._deadline_s = time.monotonic() + limits.timeout_s
        self._total_ms = 0
        self._done = 0
        self.runs = 1
        self.passed_ms = 0

    def run(self, source_fd: int, part_fd: int, track: int) -> Message:
        """Run the child to its end for one track, judge what came, and return its result."""
        limits, trim = self._limits, self._trim
        numbers = (
            limits.max_memory_bytes,
            int(limits.timeout_s) + 1,
            limits.max_bytes,
            limits.max_duration_ms,
            trim.start_ms * _SAMPLES_PER_MS,
            -1 if trim.stop_ms is None else trim.stop_ms * _SAMPLES_PER_MS,
            track,
        )
        last: Message = {}
        with contextlib.closing(reports(source_fd, part_fd, numbers, self._deadline_s)) as lines:
            for last in lines:
                if track < 0 and "streams" in last:
                    self.runs = max(1, number(last, "streams"))
                self._show(last)
        raise_for_fault(last, limits.max_duration_ms)
        # The file is believed, not the child that wrote it.
        written_ms = _samples(part_fd) * 1000 // SAMPLE_RATE_HZ
        behind_ms = min(number(last, "passed_ms"), trim.start_ms)
        passed_ms = trim.start_ms + written_ms if written_ms else behind_ms
        judge(last, passed_ms, trim)
        self.passed_ms = max(self.passed_ms, passed_ms)
        self._done += 1
        return last

    def _show(self, report: Message) -> None:
        total_ms = number(report, "total_ms")
        self._total_ms = self._total_ms or total_ms
        if total_ms and "done_ms" in report:
            share = min(1.0, number(report, "done_ms") / total_ms)
            done_ms = int(self._total_ms * (self._done + share) / self.runs)
            self._progress(done_ms, self._total_ms)

    def finish(self) -> None:
        """Tell that all is done."""
        end_ms = self._total_ms or self.passed_ms
        self._progress(end_ms, end_ms)


def _samples(descriptor: int) -> int:
    return os.fstat(descriptor).st_size // BYTES_PER_SAMPLE


def _add(part_fd: int, further_fd: int) -> None:
    """Add the samples of one file to those of another, a stretch at a time."""
    import numpy as np

    full = np.iinfo(np.int16)
    for offset in range(0, _samples(further_fd) * BYTES_PER_SAMPLE, _MIX_BYTES):
        added = np.frombuffer(os.pread(further_fd, _MIX_BYTES, offset), "<i2")
        there = np.frombuffer(os.pread(part_fd, _MIX_BYTES, offset), "<i2")
        total = added.astype(np.int32)
        both = min(len(there), len(added))
        total[:both] += there[:both]
        data = memoryview(total.clip(full.min, full.max).astype("<i2").tobytes())
        place = offset
        while data:
            written = os.pwrite(part_fd, data, place)
            data, place = data[written:], place + written


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[int]:
    """Open the media file for reading, as a descriptor."""
    # A named pipe would block here for ever without O_NONBLOCK; files ignore it.
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise input_error("not_found") from None
    except (OSError, ValueError):
        raise input_error("not_readable") from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise input_error("is_directory")
        if not stat.S_ISREG(status.st_mode):
            raise input_error("not_a_file")
        if status.st_size == 0:
            raise input_error("empty")
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[int]:
    """Create a private file and remove it unless it was renamed on the way."""
    with disk_errors():
        path.unlink(missing_ok=True)  # left by a run that was killed
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
