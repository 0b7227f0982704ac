"""The command line: `transcriber COMMAND …`."""

import sys
from collections.abc import Sequence

from transcriber.cli.parser import build_parser
from transcriber.domain.errors import Defect, TranscriberError

INTERRUPTED = 130
"""What a shell reports for a program ended by Ctrl-C (128 + SIGINT)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: all that was asked for was done; 1: some of it was not; 2: the request was wrong.
    """
    arguments = build_parser().parse_args(argv)
    try:
        status: int = arguments.command(arguments)
    except TranscriberError as error:
        print(f"transcriber: {error.sentence}", file=sys.stderr)
        return error.exit_status
    except Exception as error:  # noqa: BLE001 - a traceback could quote interview text
        print(f"transcriber: {Defect.of(error).sentence}", file=sys.stderr)
        return Defect.exit_status
    except KeyboardInterrupt:
        print(
            "transcriber: Stopped. What was finished is kept; "
            "run the same command again to go on from there.",
            file=sys.stderr,
        )
        return INTERRUPTED
    return status
