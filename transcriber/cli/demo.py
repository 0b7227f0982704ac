"""`transcriber demo`: the sample focus group through the whole pipeline."""

import argparse
import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from transcriber.bootstrap import build_engines
from transcriber.cli.summary import clock, print_next_steps
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.domain.recording import ANY_COUNT, Kind
from transcriber.domain.redacted import RedactedTurn
from transcriber.sample import sample_audio, sample_roster
from transcriber.services.batch import BatchRequest, Done, Failed, run_batch
from transcriber.services.policy_file import load_policy
from transcriber.services.roster_file import load_roster

EXCERPT_TURNS = 4


def command(arguments: argparse.Namespace) -> int:
    """Process the sample and show what was heard beside what is left of it."""
    started_s = time.monotonic()
    request = BatchRequest(
        inputs=(sample_audio(),),
        out=arguments.out,
        study="Sample",
        kind=Kind.GROUP,
        speakers=ANY_COUNT,
        roster=load_roster(sample_roster()),
        policy=load_policy("default"),
    )
    with TerminalReporter() as reporter:
        (outcome,) = run_batch(request, build_engines(), reporter)
    if isinstance(outcome, Failed):
        raise outcome.error
    screen = console()
    _print_headline(screen, outcome, time.monotonic() - started_s)
    _print_excerpt(screen, outcome)
    _print_counts(screen, outcome)
    print_next_steps(screen, (outcome,), arguments.out)
    screen.print()
    screen.print("Your own recordings:")
    screen.print("  transcriber run interview.m4a --out study --roster roster.yaml", markup=False)
    return 0


def _print_headline(screen: Console, outcome: Done, took_s: float) -> None:
    transcript = outcome.transcript
    screen.print()
    screen.print(
        f"{clock(transcript.duration_ms)} of talk, {len(transcript.speakers)} voices, "
        f"{len(transcript.words)} words, in {took_s:.0f} s.",
        style="bold",
    )
    screen.print()


def _print_excerpt(screen: Console, outcome: Done) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 1, 0))
    table.add_column("", no_wrap=True)
    table.add_column("as heard (private)", ratio=1)
    table.add_column("as redacted", ratio=1)
    for turn in _turns_to_show(outcome):
        redacted = Text()
        for token in turn.tokens:
            redacted.append(f"{token.text} ", style="bold" if token.redacted else "")
        table.add_row(turn.label, _heard(outcome, turn), redacted)
    screen.print(table)


def _turns_to_show(outcome: Done) -> list[RedactedTurn]:
    """Pick the short turns that say most about what redaction does, in order of time."""
    turns = outcome.pseudonymised.redacted.turns
    telling = sorted(turns, key=lambda turn: (-_share_redacted(turn), turn.start_ms))
    return sorted(telling[:EXCERPT_TURNS], key=lambda turn: turn.start_ms)


def _share_redacted(turn: RedactedTurn) -> float:
    # Ten words of room, so that a turn of one name does not come out on top.
    return sum(token.redacted for token in turn.tokens) / (len(turn.tokens) + 10)


def _heard(outcome: Done, turn: RedactedTurn) -> str:
    transcript = outcome.transcript
    return " ".join(
        word.text
        for word in transcript.words
        if turn.start_ms <= word.start_ms < turn.end_ms
        and transcript.label(word.speaker) == turn.label
    )


def _print_counts(screen: Console, outcome: Done) -> None:
    screen.print()
    screen.print("Removed", style="bold")
    for entity_type, count in sorted(outcome.removed.items()):
        screen.print(f"  {count:3d}  {entity_type.lower()}")
    screen.print()
