"""`transcriber key`: make the master key, change it, see how things stand."""

import argparse
import json
from dataclasses import asdict

from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.services.keys import init_key, key_status, rotate_key
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store


def command(arguments: argparse.Namespace) -> int:
    """Run `init`, `rotate` or `status`; `status` is 0 only when one key opens everything."""
    settings = load_settings()
    if arguments.action == "init":
        return _init(init_key(settings), str(settings.key_file))
    store = open_store(settings)
    return _rotate(store) if arguments.action == "rotate" else _status(store, arguments.json)


def _init(key_id: str, place: str) -> int:
    screen = console()
    screen.print(Text(f"The master key {key_id} is made, in {place}"), soft_wrap=True)
    screen.print("Whoever has it can read every recording, and without it nobody can. Keep a copy")
    screen.print("apart from this machine and from its backups, where only you get at it.")
    return 0


def _rotate(store: Store) -> int:
    count = rotate_key(store)
    status = key_status(store)
    screen = console()
    screen.print(f"The master key is {status.key_id} now.")
    screen.print(f"It wraps {status.wrapping.current} keys, {count} of them anew; no recording was")
    screen.print("touched. Keep a copy of it. Backups of the database from before open with the")
    screen.print("former key only: destroy your copy of that one to make them unreadable.")
    return 0


def _status(store: Store, as_json: bool) -> int:
    status = key_status(store)
    if as_json:
        print(json.dumps({**asdict(status), "settled": status.is_settled}, indent=2))
        return 0 if status.is_settled else 1
    screen = console()
    wrapping = status.wrapping
    screen.print(f"Master key in use   {status.key_id}")
    screen.print(f"Keys wrapped by it  {wrapping.current}")
    if status.is_settled:
        screen.print("It opens everything that is stored.")
        return 0
    screen.print(f"By former ones      {wrapping.former}")
    screen.print("A rotation is not finished. Run: transcriber key rotate.")
    return 1
