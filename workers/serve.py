"""`python -m workers.serve`: what `transcriber serve` runs, the web server and all workers."""

import logging
import sys
from collections.abc import Sequence

from transcriber.domain.errors import TranscriberError
from transcriber.services.settings import load_settings
from workers.supervisor import Supervisor, used_queues


def main(web_options: Sequence[str]) -> int:
    """Run until told to stop and return the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = load_settings()
        web = [sys.executable, "-m", "transcriber.web", *web_options]
        return Supervisor(settings, used_queues(settings), beat=True, web=web).run()
    except TranscriberError as error:
        print(f"transcriber: {error.sentence}", file=sys.stderr)
        return error.exit_status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
