"""`transcriber demo`: the sample focus group through the whole pipeline."""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from transcriber.bootstrap import build_engines
from transcriber.cli.summary import clock, print_next_steps
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.domain.recording import ANY_COUNT, Kind
from transcriber.domain.transcript import Transcript
from transcriber.exports.transcript_json import read_transcript
from transcriber.sample import sample_audio, sample_roster
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.outcome import Done, Failed
from transcriber.services.policy_file import load_policy
from transcriber.services.roster_file import load_roster

EXCERPT_TURNS = 4

Turn = dict[str, Any]
"""A turn as `redacted/CODE.json` has it (docs/schemas.md)."""


def command(arguments: argparse.Namespace) -> int:
    """Process the sample and show what was heard beside what is left of it."""
    started_s = time.monotonic()
    request = BatchRequest(
        inputs=[(sample_audio(),)],
        out=arguments.out,
        study="Sample",
        kind=Kind.GROUP,
        speakers=ANY_COUNT,
        roster=load_roster(sample_roster()),
        policies=(load_policy(),),
    )
    with TerminalReporter() as reporter:
        (outcome,) = run_batch(request, build_engines(), reporter)
    if isinstance(outcome, Failed):
        raise outcome.error
    screen = console()
    _print_headline(screen, outcome, time.monotonic() - started_s)
    _print_excerpt(screen, outcome, arguments.out)
    _print_counts(screen, outcome)
    print_next_steps(screen, (outcome,), arguments.out)
    screen.print()
    screen.print("Your own recordings:")
    screen.print("  transcriber run interview.m4a --out study --roster roster.yaml", markup=False)
    return 0


def _print_headline(screen: Console, outcome: Done, took_s: float) -> None:
    screen.print()
    screen.print(
        f"{clock(outcome.duration_ms)} of talk, {outcome.speakers} voices, "
        f"{outcome.words} words, in {took_s:.0f} s.",
        style="bold",
    )
    screen.print()


def _print_excerpt(screen: Console, outcome: Done, out: Path) -> None:
    """Show what was written: the private transcript beside the redacted one."""
    heard = read_transcript((out / "private" / f"{outcome.code}.transcript.json").read_bytes())
    redacted = json.loads((out / "redacted" / f"{outcome.code}.json").read_bytes())
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 1, 0))
    table.add_column("", no_wrap=True)
    table.add_column("as heard (private)", ratio=1)
    table.add_column("as redacted", ratio=1)
    for turn in _turns_to_show(redacted["turns"]):
        text = Text()
        for token in turn["tokens"]:
            text.append(f"{token['text']} ", style="bold" if token["redacted"] else "")
        table.add_row(turn["speaker"], _heard(heard, turn), text)
    screen.print(table)


def _turns_to_show(turns: Sequence[Turn]) -> list[Turn]:
    """Pick the short turns that say most about what redaction does, in order of time."""
    telling = sorted(turns, key=lambda turn: (-_share_redacted(turn), turn["start_ms"]))
    return sorted(telling[:EXCERPT_TURNS], key=lambda turn: turn["start_ms"])


def _share_redacted(turn: Turn) -> float:
    # Ten words of room, so that a turn of one name does not come out on top.
    redacted = sum(token["redacted"] for token in turn["tokens"])
    return float(redacted / (len(turn["tokens"]) + 10))


def _heard(transcript: Transcript, turn: Turn) -> str:
    return " ".join(
        word.text
        for word in transcript.words
        if turn["start_ms"] <= word.start_ms < turn["end_ms"]
        and transcript.label(word.speaker) == turn["speaker"]
    )


def _print_counts(screen: Console, outcome: Done) -> None:
    screen.print()
    screen.print("Removed", style="bold")
    for entity_type, count in sorted(outcome.removed.items()):
        screen.print(f"  {count:3d}  {entity_type.lower()}")
    screen.print()
