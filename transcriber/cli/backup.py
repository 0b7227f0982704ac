"""`transcriber backup`: a copy of everything but the master key."""

import argparse
import json
from dataclasses import asdict

from transcriber.cli.copying import copying
from transcriber.cli.terminal import console
from transcriber.services.backup import back_up
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store


def command(arguments: argparse.Namespace) -> int:
    """Write the backup and say what it holds."""
    store = open_store(load_settings())
    with copying("Copying files") as progress:
        made = back_up(store, arguments.out, progress)
    if arguments.json:
        print(json.dumps(asdict(made), indent=2))
        return 0
    screen = console()
    screen.print(f"{made.files} encrypted files ({made.size_bytes / 1e6:.1f} MB) and all rows.")
    screen.print(
        "Nobody can read it without the master key, which is not in it. Keep copies of the"
    )
    screen.print("key and of erased.list, which lies beside it, apart from this backup.")
    return 0
