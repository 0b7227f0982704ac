"""`transcriber purge`: what is destroyed by the rules of studies, and when."""

import argparse
import json
from typing import Any

from rich.table import Table
from rich.text import Text

from transcriber.cli.job_words import when
from transcriber.cli.terminal import console
from transcriber.domain.retention import Due, Held, counted
from transcriber.exports.rights.withdrawal import KEY_WARNING
from transcriber.services.retention.purge import Look, Planned, Purged, purge, purge_plan
from transcriber.services.settings import load_settings
from transcriber.services.store import open_as_it_is
from transcriber.services.submit import study_named

WORDS = {
    Held.SOUND: ("recording's sound", "recordings' sound"),
    Held.TRANSCRIPT: ("named transcript", "named transcripts"),
    Held.KEY: ("key of who is who", "keys of who is who"),
}
SHOWN = 20
"""Days in the table of a study; what comes later is counted."""


def command(arguments: argparse.Namespace) -> int:
    """Look once; 0 unless something is due and the clock is not believed."""
    store = open_as_it_is(load_settings())
    study_id = study_named(store, arguments.study).id if arguments.study else None
    how = Look(study_id=study_id, trusted=arguments.clock_is_right)
    found = purge_plan(store, how) if arguments.dry_run else purge(store, how)
    if arguments.json:
        print(json.dumps(_as_json(found), indent=2))
    else:
        _print(found, dry_run=arguments.dry_run)
    return 1 if found.clock_doubted else 0


def _as_json(found: Purged) -> dict[str, Any]:
    return {
        "at_ms": found.at_ms,
        "clock_doubted": found.clock_doubted,
        "came_back": found.came_back,
        "destroyed": [_due_as_json(due) for due in found.destroyed],
        "planned": [
            {
                "study_id": each.study_id,
                "study": each.name,
                "due": [{**_due_as_json(due), "now": due in each.now} for due in each.all],
            }
            for each in found.planned
        ],
    }


def _due_as_json(due: Due) -> dict[str, Any]:
    return {
        "what": due.held_thing.value,
        "id": due.subject_id,
        "due_at_ms": due.due_at_ms,
        "rule": due.why.value,
        "held": due.held,
    }


def _print(found: Purged, *, dry_run: bool) -> None:
    screen = console()
    if found.came_back:
        screen.print(f"{found.came_back} erasures were done again: a backup had brought them back.")
    if found.clock_doubted:
        screen.print("The clock of the database jumped, or nobody looked at it for hours. Nothing")
        screen.print(
            "is destroyed until it has gone on evenly for six hours. Where it is right, run"
        )
        screen.print("this again with --clock-is-right.")
    if dry_run:
        for each in found.planned:
            _print_plan(each)
        if any(due.held_thing is Held.KEY for each in found.planned for due in each.all):
            screen.print(KEY_WARNING)
        if not found.planned:
            screen.print("No study has promised to destroy anything that is still there.")
    elif found.destroyed:
        screen.print(f"Destroyed: {_counted(found.destroyed)}.")
    elif not found.clock_doubted:
        screen.print("Nothing is due.")


def _print_plan(planned: Planned) -> None:
    table = Table(
        title=Text(planned.name),
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for heading in ("due", "what", ""):
        table.add_column(heading)
    by_day: dict[tuple[str, bool], list[Due]] = {}
    for due in planned.all:
        by_day.setdefault((when(due.due_at_ms)[:10], due.held), []).append(due)
    for (day, held), some in list(by_day.items())[:SHOWN]:
        state = "held" if held else "now" if any(due in planned.now for due in some) else ""
        table.add_row(day, _counted(some), state)
    if len(by_day) > SHOWN:
        table.add_row("", f"and more on {len(by_day) - SHOWN} later days", "")
    console().print(table)


def _counted(some: tuple[Due, ...] | list[Due]) -> str:
    return ", ".join(f"{n} {WORDS[held][n != 1]}" for held, n in counted(some).items())
