"""`transcriber doctor`: what works here, what does not, and the command that mends it."""

import argparse
import json
import sys
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from transcriber import __version__
from transcriber.cli.terminal import console
from transcriber.services.doctor import Advice, Diagnosis, Examined, State, Task, examine
from transcriber.services.models import model_folder
from transcriber.services.settings import load_settings
from transcriber.services.store_health import StoreHealth, store_health

LABEL_WIDTH = 24


def command(arguments: argparse.Namespace) -> int:
    """Print what was found; 0 when recordings can be worked on and the store is whole, else 1."""
    diagnosis = examine(model_folder(), Path.cwd())
    health = store_health(
        load_settings(),
        _progress,
        thorough=arguments.store,
        remove=arguments.remove_unknown,
    )
    if arguments.json:
        print(as_json(diagnosis, health))
    else:
        print_diagnosis(console(), diagnosis, health)
    return 0 if diagnosis.works and (health is None or health.is_whole) else 1


def _progress(done: int, total: int) -> None:
    """Show on a terminal how far the files of the store are read."""
    if sys.stderr.isatty():
        end = "\n" if done == total else "\r"
        print(f"{done} of {total} stored files", end=end, file=sys.stderr)


def print_diagnosis(
    screen: Console, diagnosis: Diagnosis, health: StoreHealth | None = None
) -> None:
    """Print engines, machine, store and advice, readable at 80 columns without colour."""
    machine = diagnosis.machine
    screen.print(f"Transcriber {__version__}, Python {machine.python}, {machine.system}")
    screen.print()
    screen.print(_table(diagnosis))
    screen.print()
    for label, value in (*_facts(diagnosis), ("Stored recordings", _stored(health))):
        screen.print(Text(f"{label:<{LABEL_WIDTH}}{value}"), soft_wrap=True)
    needed = [advice for advice in diagnosis.advice if advice.needed]
    optional = [advice for advice in diagnosis.advice if not advice.needed]
    _print_advice(screen, "To mend", needed)
    _print_advice(screen, "Could be better", optional)
    _print_advice(screen, "Stored recordings", list(health.advice) if health else [])
    screen.print()
    screen.print(
        "Recordings can be transcribed and redacted here."
        if diagnosis.works
        else "Recordings cannot be worked on until this is mended."
    )


def _table(diagnosis: Diagnosis) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(width=LABEL_WIDTH - 2)
    for _ in range(3):
        table.add_column()
    for task, engines in groupby(diagnosis.engines, key=lambda examined: examined.engine.task):
        for number, examined in enumerate(engines):
            label = "" if number else f"{task[0].upper()}{task[1:]}"
            table.add_row(label, examined.engine.name, examined.version or "-", _state(examined))
    return table


def _state(examined: Examined) -> Text:
    styles = {State.READY: "green", State.BROKEN: "red"}
    notes = {"PyAV": ", ffmpeg is not needed", "PocketSphinx": ", rough drafts only"}
    note = notes.get(examined.engine.name, "") if examined.state is State.READY else ""
    return Text.assemble((examined.state.value, styles.get(examined.state, "dim")), note)


def _facts(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    machine = diagnosis.machine
    models = [f"{m.kind} {m.name} ({_size(m.size_bytes)})" for m in diagnosis.models] or ["none"]
    words, voices = (diagnosis.takes[task] or "nothing" for task in (Task.WORDS, Task.VOICES))
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    memory = "not told by the system"
    if machine.memory_bytes is not None and machine.free_memory_bytes is not None:
        memory = f"{_size(machine.memory_bytes)}, {_size(machine.free_memory_bytes)} free"
    return [
        *(("" if number else "Models", model) for number, model in enumerate(models)),
        ("Taken for words", words),
        ("Taken for voices", voices),
        ("Processor", f"{cores}, GPU: {machine.gpu or 'none that can be used'}"),
        ("Memory", memory),
        ("Free disk, this folder", _size(machine.free_disk_bytes)),
        ("Free disk, temporary", _size(machine.free_temporary_bytes)),
    ]


def _stored(health: StoreHealth | None) -> str:
    if health is None:
        return "none"
    if health.found is None:
        return "cannot be looked at"
    removed = f", {health.removed} left-overs removed" if health.removed else ""
    state = "whole" if health.is_whole else "not whole"
    return f"{health.found.files} encrypted files, {state}{removed}"


def _print_advice(screen: Console, heading: str, advice: list[Advice]) -> None:
    if not advice:
        return
    screen.print()
    screen.print(Text(heading, style="bold"))
    for one in advice:
        screen.print(Padding(Text(one.sentence), (0, 0, 0, 2)))
        if one.command is not None:
            screen.print(Text(f"    {one.command}"), soft_wrap=True)


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def _store_as_json(health: StoreHealth) -> dict[str, object]:
    found = health.found
    counts = found and {
        "files": found.files,
        "missing": len(found.missing),
        "damaged": len(found.damaged),
        "damaged_rows": found.damaged_rows,
        "unknown": len(found.unknown),
        "erasures_open": found.erasures_open,
    }
    advice = [asdict(advice) for advice in health.advice]
    return {"whole": health.is_whole, "found": counts, "advice": advice}


def as_json(diagnosis: Diagnosis, health: StoreHealth | None = None) -> str:
    """Return the diagnosis for a script; sizes in bytes."""
    return json.dumps(
        {
            "works": diagnosis.works,
            "transcriber": __version__,
            "machine": asdict(diagnosis.machine),
            "engines": [
                {
                    "name": examined.engine.name,
                    "task": examined.engine.task.name.lower(),
                    "package": examined.engine.package,
                    "version": examined.version,
                    "state": examined.state.name.lower(),
                }
                for examined in diagnosis.engines
            ],
            "models": [
                {
                    "kind": model.kind.value,
                    "name": model.name,
                    "size_bytes": model.size_bytes,
                    "sha256": model.sha256,
                }
                for model in diagnosis.models
            ],
            "auto": {task.name.lower(): taken for task, taken in diagnosis.takes.items()},
            "advice": [asdict(advice) for advice in diagnosis.advice],
            "store": health and _store_as_json(health),
        },
        indent=2,
    )
