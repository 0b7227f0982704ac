"""The last screen of a batch: what was made, where it is, what still needs a person."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from transcriber.domain.errors import TranscriberError
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.redacted import Checked
from transcriber.domain.sound import Severity
from transcriber.services.outcome import Done, Failed, Outcome


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
        table.add_row(
            outcome.code,
            clock(outcome.duration_ms),
            str(outcome.speakers),
            f"{outcome.words:,}",
            str(outcome.removed.total()),
            clock(outcome.coverage.untranscribed_ms),
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
    for outcome in done:
        for profile in outcome.profiles:
            name = f"{outcome.code} {profile.policy}" if len(outcome.profiles) > 1 else outcome.code
            console.print(f"Second look at {name}: {profile.leaks.sentence}.")
    if any(outcome.coverage.untranscribed for outcome in done):
        console.print("Some speech gave no words; the reports say how much. Listen to it.")
    if any(outcome.struck for outcome in done):
        console.print("Words that nobody seems to have said were left out; they are in the private")
        console.print("transcripts, marked as struck, and can be restored.")
    for outcome in done:
        _print_troubles(console, outcome)


def _print_troubles(console: Console, outcome: Done) -> None:
    """Say what is wrong with the sound of a recording, and whether its speakers are missing."""
    if outcome.speakers_failed is not None:
        console.print()
        console.print(Text.assemble((f"{outcome.code}  ", "bold"), ("no speakers", "red")))
        console.print(Padding(Text(outcome.speakers_failed.sentence, style="red"), (0, 0, 0, 2)))
        console.print("  The words are there, under UNK. Run the same command again to try again.")
    if any(verdict.severity is not Severity.GOOD for verdict in outcome.sound.verdicts):
        console.print()
        console.print(Text.assemble((f"{outcome.code}  ", "bold"), "how it sounds"))
        for sentence in outcome.sound_sentences:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))


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
        "quality": outcome.quality.value,
        "duration_ms": outcome.duration_ms,
        "speakers": outcome.speakers,
        "words": outcome.words,
        "untranscribed_ms": outcome.coverage.untranscribed_ms,
        "struck_words": outcome.struck,
        "sound": {
            verdict.aspect.value: verdict.severity.value for verdict in outcome.sound.verdicts
        },
        "removed": dict(outcome.removed),
        "second_look": {
            profile.policy: leaks_record(profile.leaks) for profile in outcome.profiles
        },
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


def leaks_record(leaks: LeakCheck) -> dict[str, object]:
    """Return the verdict of a second look for a script."""
    return {"verdict": leaks.verdict.value, "sentence": leaks.sentence, "places": len(leaks.leaks)}


def clock(duration_ms: int) -> str:
    """Write a length as hours, minutes and seconds."""
    seconds = duration_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
