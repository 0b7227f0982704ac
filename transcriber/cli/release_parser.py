"""Commands on releases that somebody has, far from the service that made them."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Add = Callable[[str, str], argparse.ArgumentParser]


def add_release(add: "Add") -> None:
    """`transcriber release`."""
    actions = add("release", "releases as they were downloaded").add_subparsers(
        dest="action", metavar="verify|changes", required=True
    )
    verify = actions.add_parser("verify", help="whether nothing in them was changed; offline")
    verify.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="the zip, or the folder that it became"
    )
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")
    changes = actions.add_parser(
        "changes", help="which paragraphs changed in a later version; offline"
    )
    changes.add_argument("old", type=Path, metavar="OLD", help="zip, folder or JSON file")
    changes.add_argument("new", type=Path, metavar="NEW", help="a later one of the same recording")
    changes.add_argument("--csv", action="store_true", help="print the list as CSV")
    changes.add_argument("--json", action="store_true", help="print the list as JSON")
