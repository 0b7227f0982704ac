"""Decoding of uploaded media with PyAV (FFmpeg), in a confined child process.

The file is opened here and handed over as a descriptor, so that the child needs neither its name
nor the right to open anything. A child that crashes, hangs or eats memory fails this one file.
"""

import contextlib
import errno
import json
import logging
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import EngineFailed, InputError, StorageError, TranscriberError
from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, Audio
from transcriber.stages.protocols import Progress

_LOG = logging.getLogger(__name__)

_MAX_HOURS = 12
_MIN_MS = 500  # shorter than any sentence: a slip of the thumb
_SPARE_BYTES = 1 << 20
_MAX_LINE_BYTES = 1 << 16
_MESSAGE = Mapping[str, object]

# A few packets at the end may be padding: a file is called cut short only beyond both.
_MISSING_SHARE = 0.02
_MISSING_MS = 1_000

_AGAIN = "Nothing was stored. Record or export it again and drop it here."
_SENTENCES = {
    "empty": f"This file is empty. {_AGAIN}",
    "not_found": "This file does not exist. Check where it is and try again.",
    "is_directory": "This is a folder, not a recording. Name the recordings inside it.",
    "not_a_file": "This is not an ordinary file, so it cannot be a recording. Name a file.",
    "not_readable": "This file may not be read. Ask whoever owns it to give you access.",
    "not_sound": "This file does not hold a recording, whatever its name says. "
    "Nothing was stored. Drop a WAV, MP3, M4A, FLAC or OGG file here.",
    "incomplete": "This recording was cut off before it was finished, so it cannot be played. "
    "Nothing was stored. Copy it from the recorder again and drop it here.",
    "no_audio": "This file has no sound track. Nothing was stored. Drop one with sound here.",
    "unsupported": "The sound in this file is of a kind that cannot be read. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "unreadable": f"Most of this recording is damaged and cannot be read. {_AGAIN}",
    "too_demanding": "This file needs more memory than any recording should. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "too_slow": "Reading this file took longer than any recording should. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "crashed": "This file is damaged in a way that stopped the program that reads it. "
    "Nothing was stored. Export it as WAV or MP3 and drop it here.",
}


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
    """Decodes the first audio track of WAV, MP3, M4A, FLAC, OGG and a few more formats."""

    def __init__(self, limits: DecodeLimits | None = None) -> None:
        self._limits = limits or DecodeLimits()

    def decode(self, source: Path, destination: Path, progress: Progress) -> Audio:
        """Decode `source` into `destination`; see `Decoder`. Progress is in milliseconds.

        Progress stays silent until the end where the file states no length. Damaged packets
        become silence, and their number is logged. Raises InputError when the file cannot be
        used, StorageError when the disk refuses and EngineFailed when no child can be run.
        """
        part = destination.with_name(destination.name + ".part")
        with _disk_errors():
            destination.unlink(missing_ok=True)  # never to be taken for the result of this run
        with _opened(source) as source_fd, _new_file(part) as part_fd:
            result = self._run(source_fd, part_fd, progress)
            # The file is believed, not the child that wrote it.
            sample_count = os.fstat(part_fd).st_size // BYTES_PER_SAMPLE
            _judge(result, sample_count * 1000 // SAMPLE_RATE_HZ)
            with _disk_errors():
                os.fsync(part_fd)
                part.replace(destination)
        return Audio(destination, sample_count)

    def _run(self, source_fd: int, part_fd: int, progress: Progress) -> _MESSAGE:
        """Run the child to its end and return its result."""
        limits = self._limits
        deadline_s = time.monotonic() + limits.timeout_s
        arguments = (
            part_fd,
            limits.max_duration_ms,
            limits.max_memory_bytes,
            int(limits.timeout_s) + 1,
            limits.max_bytes,
        )
        last: _MESSAGE = {}
        with _child([*_command(), *map(str, arguments)], source_fd, part_fd) as child:
            total_ms = 0
            for last in _messages(child, deadline_s):
                total_ms = total_ms or _number(last, "total_ms")
                if total_ms and "done_ms" in last:
                    progress(min(_number(last, "done_ms"), total_ms), total_ms)
            _raise_for_exit(child, bool(last), deadline_s)
        _raise_for_fault(last, limits)
        end_ms = total_ms or _number(last, "decoded_ms")
        progress(end_ms, end_ms)
        return last


def _command() -> list[str]:
    # -P: a module named av.py in the current folder must not be imported in its place.
    return [sys.executable, "-P", "-m", "transcriber.engines.pyav_child"]


@contextlib.contextmanager
def _child(command: list[str], source_fd: int, part_fd: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the child and make sure that it is gone afterwards."""
    # The child parses what strangers made: passwords in the environment are none of its business.
    kept = {"HOME", "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR"}
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith("PYTHON")
    }
    try:
        child = subprocess.Popen(  # noqa: S603 - a fixed command and numbers
            command,
            stdin=source_fd,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # may quote the file
            pass_fds=(part_fd,),
            env=environment,
        )
    except OSError as reason:
        raise _engine_failed() from reason
    with child:
        try:
            yield child
        finally:
            child.kill()


def _messages(child: "subprocess.Popen[bytes]", deadline_s: float) -> Iterator[_MESSAGE]:
    """Yield what the child reports until it closes its output or its time is up.

    Raises InputError when it talks without end.
    """
    assert child.stdout is not None
    descriptor = child.stdout.fileno()
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while (left_s := deadline_s - time.monotonic()) > 0 and len(pending) < _MAX_LINE_BYTES:
            if not selector.select(left_s):
                continue
            chunk = os.read(descriptor, _MAX_LINE_BYTES)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                with contextlib.suppress(ValueError):
                    message = json.loads(line)
                    if isinstance(message, dict):
                        yield message
    if len(pending) >= _MAX_LINE_BYTES:
        raise input_error("crashed")


def _number(message: _MESSAGE, key: str) -> int:
    """Return a number that the child reported, 0 when it is not one."""
    value = message.get(key)
    return max(0, value) if isinstance(value, int) else 0


def _raise_for_exit(child: "subprocess.Popen[bytes]", was_ready: bool, deadline_s: float) -> None:
    """Turn a child that did not end well into an error."""
    try:
        status = child.wait(max(0.0, deadline_s - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise input_error("too_slow") from None
    if status == -signal.SIGXCPU:
        raise input_error("too_slow")
    if status == -signal.SIGKILL:  # nobody but the kernel, when memory runs out
        raise input_error("too_demanding")
    if status > 0 and not was_ready:
        raise _engine_failed()
    if status != 0 or not was_ready:
        raise input_error("crashed")


def _raise_for_fault(result: _MESSAGE, limits: DecodeLimits) -> None:
    fault = result.get("fault")
    if fault == "write":
        raise _storage_error(_number(result, "errno"))
    if fault == "too_long":
        raise InputError(
            "too_long",
            f"This recording is longer than {_length(limits.max_duration_ms)}, which is the most "
            "that can be taken. Nothing was stored. Cut it into parts and drop them here.",
        )
    if fault is not None:
        raise input_error(str(fault) if str(fault) in _SENTENCES else "crashed")
    if "decoded_ms" not in result:
        raise input_error("crashed")


def _judge(result: _MESSAGE, decoded_ms: int) -> None:
    """Refuse what is cut short, mostly damaged or too short to be a recording."""
    declared_ms = _number(result, "declared_ms")
    missing_ms = declared_ms - decoded_ms
    if missing_ms > max(_MISSING_MS, declared_ms * _MISSING_SHARE):
        raise InputError(
            "truncated",
            f"This recording is cut short: {_length(decoded_ms)} of {_length(declared_ms)} are "
            "there. Nothing was stored. Copy it from the recorder again and drop it here.",
        )
    if not declared_ms and _number(result, "broke_off"):
        raise InputError(
            "truncated",
            f"This recording breaks off after {_length(decoded_ms)}. "
            "Nothing was stored. Copy it from the recorder again and drop it here.",
        )
    lost = _number(result, "lost_packets")
    if lost and _number(result, "lost_ms") * 2 >= decoded_ms:
        raise input_error("unreadable")
    if decoded_ms < _MIN_MS:
        raise InputError(
            "too_short",
            f"This recording lasts {decoded_ms / 1000:.1f} seconds, too short to hold speech. "
            f"{_AGAIN}",
        )
    if lost:
        _LOG.warning("%d damaged packets of a recording were replaced by silence", lost)


def _length(duration_ms: int) -> str:
    """Write a length for people, such as `1 h 5 min` or `12.5 s`."""
    if duration_ms < 60_000:
        return f"{duration_ms / 1000:.1f} s"
    minutes, seconds = divmod(duration_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds if not hours else 0, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


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
    with _disk_errors():
        path.unlink(missing_ok=True)  # left by a run that was killed
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as reason:  # not chained: it quotes the path
        raise _storage_error(reason.errno or errno.EIO) from None


def _storage_error(number: int) -> TranscriberError:
    if number in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            "disk_full",
            "The disk is full. Nothing was stored. Free some space and try again.",
        )
    if number == errno.EFBIG:
        return StorageError(
            "file_too_big",
            "The decoded recording is larger than a file may be here. Nothing was stored. "
            "Cut it into parts, or ask IT to raise the limit.",
        )
    return StorageError(
        "disk_error",
        "The folder for decoded sound cannot be written. Nothing was stored. Ask IT to check it.",
    )


def _engine_failed() -> EngineFailed:
    return EngineFailed(
        "decoder_failed",
        "The program that reads recordings did not start. "
        "Ask IT to install Transcriber again with all that it needs.",
    )


def input_error(code: str) -> InputError:
    """Return the error for one of the known reasons to refuse a file."""
    return InputError(code, _SENTENCES[code])
