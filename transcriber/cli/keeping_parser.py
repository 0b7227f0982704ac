"""Commands on how long things are kept, and on copies of all of them."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Add = Callable[[str, str], argparse.ArgumentParser]


def add_purge(add: "Add") -> None:
    """`transcriber purge`."""
    purge = add("purge", "destroy what studies promised to keep no longer; the clock does it too")
    purge.add_argument("--dry-run", action="store_true", help="say what would be destroyed")
    purge.add_argument("--study", metavar="NAME", help="of one study only")
    purge.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have looked at this machine's clock; without it, a clock that jumped or that "
        "nobody watched has to go on evenly for six hours first",
    )
    purge.add_argument("--json", action="store_true", help="print it as JSON")


def add_backup(add: "Add") -> None:
    """`transcriber backup`."""
    backup = add("backup", "copy everything but the master key, while the service goes on")
    backup.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    backup.add_argument("--json", action="store_true", help="print what it holds as JSON")


def add_restore(add: "Add") -> None:
    """`transcriber restore`."""
    restore = add("restore", "put a backup back into an empty store, without what was erased since")
    restore.add_argument("source", type=Path, metavar="DIR", help="the folder of a backup")
    restore.add_argument(
        "--erased-list-lost",
        action="store_true",
        help="every copy of erased.list is lost: what was erased after the backup may come back",
    )
