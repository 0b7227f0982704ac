"""The last screen of a batch: what was made, where it is, what still needs a person."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from transcriber.domain.errors import TranscriberError
from transcriber.domain.redacted import Checked
from transcriber.services.batch import Done, Failed, Outcome


def print_summary(console: Console, outcomes: Sequence[Outcome], out: Path) -> None:
    """Print one line a recording, then where things are and what to do next."""
    done = [outcome for outcome in outcomes if isinstance(outcome, Done)]
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    console.print()
    if done:
        console.print(_table(done))
    for failure in failed:
        console.print(Text.assemble(("not done  ", "bold"), str(failure.input)))
        console.print(Padding(Text(failure.error.sentence, style="red"), (0, 0, 0, 10)))
    if done:
        console.print()
        print_next_steps(console, done, out)


def _table(done: Sequence[Done]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("recording", "length", "speakers", "words", "removed", "without words"):
        table.add_column(heading, justify="left" if heading == "recording" else "right")
    for outcome in done:
        transcript = outcome.transcript
        table.add_row(
            outcome.code,
            clock(transcript.duration_ms),
            str(len(transcript.speakers)),
            f"{len(transcript.words):,}",
            str(outcome.removed.total()),
            clock(transcript.coverage.untranscribed_ms),
        )
    return table


def print_next_steps(console: Console, done: Sequence[Done], out: Path) -> None:
    """Say where the files are and what a person still has to do."""
    console.print(f"To read      {out / 'redacted'}", markup=False, soft_wrap=True)
    console.print(
        f"Keep private {out / 'private'}  (raw words, findings, key)", markup=False, soft_wrap=True
    )
    console.print()
    console.print(f"These files are {Checked.NO.value}.")
    console.print("Before anyone else sees them, listen to each recording beside its report")
    console.print("(private/*.report.html): what the machine missed is still there.")
    if any(outcome.is_draft for outcome in done):
        console.print("The words come from the small built-in recogniser: expect many errors.")
    if any(outcome.transcript.coverage.untranscribed for outcome in done):
        console.print("Some speech gave no words; the reports say how much. Listen to it.")


def summary_json(outcomes: Sequence[Outcome]) -> str:
    """Return the summary for a script."""
    return json.dumps({"recordings": [_entry(outcome) for outcome in outcomes]}, indent=2)


def _entry(outcome: Outcome) -> dict[str, object]:
    if isinstance(outcome, Failed):
        return failure_entry(outcome.input, outcome.error)
    return {
        "input": str(outcome.input),
        "status": "done",
        "code": outcome.code,
        "quality": outcome.transcript.quality.value,
        "duration_ms": outcome.transcript.duration_ms,
        "speakers": len(outcome.transcript.speakers),
        "words": len(outcome.transcript.words),
        "untranscribed_ms": outcome.transcript.coverage.untranscribed_ms,
        "removed": dict(outcome.removed),
        "redacted": [str(path) for path in outcome.redacted_files],
        "private": [str(path) for path in outcome.private_files],
    }


def failure_entry(path: Path, error: TranscriberError) -> dict[str, object]:
    """Return what a script is told of an input that gave no results."""
    return {
        "input": str(path),
        "status": "failed",
        "error": error.code,
        "message": error.sentence,
    }


def clock(duration_ms: int) -> str:
    """Write a length as hours, minutes and seconds."""
    seconds = duration_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
