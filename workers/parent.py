"""Processes that end when the process that started them does, also after kill -9."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

from transcriber.domain.errors import UsageError

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(parent: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Let the kernel end this process when its parent, whose id is `parent`, is gone.

    Linux only (`man 2 prctl`, PR_SET_PDEATHSIG); the order outlives exec. Raises UsageError
    elsewhere.
    """
    if sys.platform != "linux":
        raise UsageError(
            "linux_only",
            "Workers run on Linux only. On this machine use `transcriber run`, or run the workers "
            "in containers (docker-compose.yml).",
        )
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, with_signal)
    if os.getppid() != parent:  # it ended before the kernel was told
        os._exit(1)


def tethered(command: Sequence[str]) -> list[str]:
    """Return a command that runs `command` as a process which ends with the one that starts it."""
    return [sys.executable, "-m", "workers.parent", str(os.getpid()), *command]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - our own command, and no shell wanted
