"""Options of `transcriber export`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from transcriber.exports.formats import FORMATS
from transcriber.exports.presets import PRESETS


def add_export(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the command."""
    export = add("export", "signed releases for a coding tool")
    export.add_argument(
        "releases",
        nargs="+",
        type=Path,
        metavar="RELEASE",
        help="zip, folder or JSON file of a signed release",
    )
    export.add_argument(
        "--preset", choices=tuple(PRESETS), help="the tool: what it reads best is written"
    )
    export.add_argument(
        "--format",
        action="append",
        choices=tuple(FORMATS),
        dest="formats",
        metavar="FORMAT",
        help=f"write this format too; may be repeated: {', '.join(FORMATS)}",
    )
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    export.add_argument("--json", action="store_true", help="print what was made as JSON")
