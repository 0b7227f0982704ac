"""`python -m transcriber.web`: the web server of `transcriber serve`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from transcriber.domain.errors import Defect, TranscriberError
from transcriber.web.server import Listening, serve


def main(argv: Sequence[str]) -> int:
    """Serve until told to stop; the status is 2 where starting again would be of no use."""
    parser = argparse.ArgumentParser(prog="transcriber serve")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--proxy")
    parser.add_argument("--with-link", action="store_true")
    parser.add_argument("--log-requests", action="store_true")
    given = parser.parse_args(argv)
    tls = (given.tls_cert, given.tls_key) if given.tls_cert else None
    listening = Listening(given.host, given.port, tls, given.proxy)
    try:
        serve(listening, with_link=given.with_link, log_requests=given.log_requests)
    except TranscriberError as error:
        print(f"transcriber: {error.sentence}", file=sys.stderr)
        return error.exit_status
    except Exception as error:  # noqa: BLE001 - a traceback could quote what somebody sent
        print(f"transcriber: {Defect.of(error).sentence}", file=sys.stderr)
        return Defect.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
