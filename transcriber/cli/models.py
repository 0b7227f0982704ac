"""`transcriber models`: what is installed, adding a model from a stick, fetching one."""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.domain.model import ModelKind, StoredModel
from transcriber.services.models import add_model, model_folder, pull_model

BYTES_PER_MB = 1_000_000


def command(arguments: argparse.Namespace) -> int:
    """Run `list`, `add` or `pull`; `list` is 0 only when every model is whole."""
    folder = model_folder()
    if arguments.action == "list":
        return _list(folder.root, folder.stored(arguments.verify), as_json=arguments.json)
    if arguments.action == "add":
        stored = add_model(folder, arguments.source, arguments.name)
    else:
        stored = pull_model(folder, ModelKind(arguments.engine), arguments.name)
    _print_added(console(), stored)
    return 0


def _list(root: Path, stored: tuple[StoredModel, ...], as_json: bool) -> int:
    if as_json:
        entries = [_entry(entry) for entry in stored]
        print(json.dumps({"folder": str(root), "models": entries}, indent=2))
    else:
        _print_list(console(), root, stored)
    return 0 if all(entry.intact for entry in stored) else 1


def _entry(stored: StoredModel) -> dict[str, object]:
    model = stored.model
    return {
        "engine": model.kind,
        "name": model.name,
        "size_bytes": model.size_bytes,
        "sha256": model.sha256,
        "english_only": model.english_only,
        "vouched_by": stored.vouched_by,
        "intact": stored.intact,
    }


def _print_list(screen: Console, root: Path, stored: tuple[StoredModel, ...]) -> None:
    if not stored:
        screen.print("No model is installed, so words come from the small built-in recogniser")
        screen.print("and will be wrong. Run `transcriber models pull small.en` where there is")
        screen.print("internet, or `transcriber models add FOLDER` with one from a stick.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("engine")
    table.add_column("model")
    table.add_column("MB", justify="right")
    table.add_column("files")
    for entry in stored:
        state = Text("whole") if entry.intact else Text("damaged: delete and add again", "red")
        size = f"{entry.model.size_bytes / BYTES_PER_MB:.0f}"
        table.add_row(entry.model.kind, Text(entry.model.name), size, state)
    screen.print(table)
    screen.print()
    screen.print(Text(f"In {root}"), soft_wrap=True)


def _print_added(screen: Console, stored: StoredModel) -> None:
    model = stored.model
    screen.print(Text(f"The {model.kind} model {model.name} is installed."))
    screen.print(f"SHA-256  {model.sha256}")
    if stored.vouched_by is None:
        screen.print("There was no published hash to compare it with: nobody but the person who")
        screen.print("gave it to you vouches for this model.")
    elif stored.vouched_by == "publisher":
        screen.print("It is the one that was published: the hashes agree.")
    else:
        screen.print(f"It agrees with the {stored.vouched_by} that came with it.")
