"""`python -m workers`: what `transcriber worker` runs."""

import argparse
import logging
import sys
from collections.abc import Sequence

from transcriber.domain.errors import TranscriberError
from transcriber.services.settings import QUEUES, load_settings
from workers.supervisor import Supervisor, used_queues


def main(argv: Sequence[str]) -> int:
    """Run until told to stop and return the exit status."""
    parser = argparse.ArgumentParser(prog="transcriber worker")
    parser.add_argument("--queue", action="append", choices=QUEUES, dest="queues")
    parser.add_argument("--beat", action="store_true")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = load_settings()
        everything = arguments.queues is None and not arguments.beat
        queues = used_queues(settings) if everything else arguments.queues or ()
        return Supervisor(settings, queues, beat=everything or arguments.beat).run()
    except TranscriberError as error:
        print(f"transcriber: {error.sentence}", file=sys.stderr)
        return error.exit_status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
