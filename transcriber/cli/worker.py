"""`transcriber worker`: hands over to the processes that work on what is queued."""

import argparse
import os
import sys


def command(arguments: argparse.Namespace) -> int:
    """Become the supervisor of this machine's workers; does not return."""
    options = [f"--queue={queue}" for queue in arguments.queues or ()]
    options += ["--beat"] if arguments.beat else []
    sys.stdout.flush()
    # Not imported: the workers stand above the command line and know all of it.
    os.execv(sys.executable, [sys.executable, "-m", "workers", *options])  # noqa: S606 - no shell
