"""The confined child process that decodes: its start, what it reports, its end."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence

from transcriber.engines.pyav.verdict import Message, engine_failed, input_error

_MAX_LINE_BYTES = 1 << 16


def reports(
    source_fd: int, part_fd: int, numbers: Sequence[int], deadline_s: float
) -> Generator[Message, None, None]:
    """Run a child to its end and yield what it reports.

    It reads `source_fd` and writes `part_fd`; `numbers` are the further arguments of
    `transcriber.engines.pyav.child`, `deadline_s` is on the monotonic clock. The child is gone
    when the iterator ends or is closed. Raises InputError when the file brought the child down
    and EngineFailed when no child can be run.
    """
    command = [*_command(), *map(str, (part_fd, *numbers))]
    was_ready = False
    with _child(command, source_fd, part_fd) as child:
        for message in _messages(child, deadline_s):
            was_ready = True
            yield message
        _raise_for_exit(child, was_ready, deadline_s)


def _command() -> list[str]:
    # -P: a module named av.py in the current folder must not be imported in its place.
    return [sys.executable, "-P", "-m", "transcriber.engines.pyav.child"]


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
    # Threads of the linear algebra beneath numpy would take address space that is limited.
    environment["OPENBLAS_NUM_THREADS"] = "1"
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
        raise engine_failed() from reason
    with child:
        try:
            yield child
        finally:
            child.kill()


def _messages(child: "subprocess.Popen[bytes]", deadline_s: float) -> Iterator[Message]:
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
        raise engine_failed()
    if status != 0 or not was_ready:
        raise input_error("crashed")
