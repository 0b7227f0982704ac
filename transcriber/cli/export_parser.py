"""Options of `transcriber export`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from transcriber.exports.presets import PRESETS


def add_export(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command."""
    export = add("export", "signed releases for a coding tool")
    export.add_argument(
        "releases", nargs="+", type=Path, metavar="RELEASE", help="JSON file of a signed release"
    )
    export.add_argument(
        "--preset", choices=tuple(PRESETS), help="the tool: what it reads best is written"
    )
    export.add_argument(
        "--format",
        action="append",
        dest="formats",
        metavar="FORMAT",
        help="write this format too, such as docx or qdpx; may be repeated",
    )
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    export.add_argument("--json", action="store_true", help="print what was made as JSON")
