"""`transcriber export`: signed releases for a coding tool, offline."""

import argparse
import json

from rich.padding import Padding
from rich.text import Text

from transcriber.cli.summary import failure_entry
from transcriber.cli.terminal import console
from transcriber.exports.presets import PRESETS
from transcriber.services.export import Exported, ExportRequest, export


def command(arguments: argparse.Namespace) -> int:
    """Write the files; 0 only when every release was taken."""
    preset = PRESETS[arguments.preset] if arguments.preset else None
    done = export(
        ExportRequest(
            tuple(arguments.releases), arguments.out, tuple(arguments.formats or ()), preset
        )
    )
    if arguments.json:
        print(json.dumps(_record(done), indent=2))
    else:
        _print(done, arguments)
    return 1 if done.refused else 0


def _record(done: Exported) -> dict[str, object]:
    return {
        "releases": list(done.codes),
        "files": [str(path) for path in done.files],
        "refused": [failure_entry(each.path, each.error) for each in done.refused],
    }


def _print(done: Exported, arguments: argparse.Namespace) -> None:
    screen = console()
    for each in done.refused:
        screen.print(Text.assemble(("not taken    ", "bold"), str(each.path)))
        screen.print(Padding(Text(each.error.sentence, style="red"), (0, 0, 0, 13)))
    if done.refused:
        screen.print()
        screen.print("Nothing was written.")
        return
    for path in done.files:
        screen.print(Text(f"  {path.relative_to(arguments.out)}"), soft_wrap=True)
    screen.print()
    counted = (
        f"{len(done.codes)} release" if len(done.codes) == 1 else f"{len(done.codes)} releases"
    )
    screen.print(Text(f"{counted} in {arguments.out}"), soft_wrap=True)
    if arguments.preset:
        tool = PRESETS[arguments.preset].tool
        screen.print(Text(f"README.txt there says how to bring them into {tool}."))
