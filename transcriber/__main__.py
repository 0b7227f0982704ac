"""Run the command line as `python -m transcriber`."""

import sys

from transcriber.cli import main

if __name__ == "__main__":
    sys.exit(main())
