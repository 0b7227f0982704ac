"""`transcriber redact`: take identifiers out of transcripts that people already have."""

import argparse
import json
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from transcriber.bootstrap import build_detectors
from transcriber.cli.summary import failure_entry, leaks_record
from transcriber.cli.terminal import console
from transcriber.domain.policy import joint
from transcriber.domain.redacted import Checked
from transcriber.domain.roster import Roster
from transcriber.services.policy_file import DEFAULT, load_policies
from transcriber.services.redact import NotRedacted, Redacted, RedactRequest, redact_files
from transcriber.services.roster_file import load_roster


def command(arguments: argparse.Namespace) -> int:
    """Redact the files; 0 only when every one of them was done."""
    request = RedactRequest(
        inputs=tuple(arguments.inputs),
        out=arguments.out,
        roster=load_roster(arguments.roster) if arguments.roster else Roster(),
        policies=load_policies(arguments.policies or [DEFAULT]),
        keep_names=arguments.names == "keep",
    )
    outcomes = redact_files(request, build_detectors(joint(request.policies).models))
    if arguments.json:
        print(json.dumps({"files": [_entry(outcome) for outcome in outcomes]}, indent=2))
    else:
        _print(console(), outcomes, request)
    return 0 if all(isinstance(outcome, Redacted) for outcome in outcomes) else 1


def _entry(outcome: Redacted | NotRedacted) -> dict[str, object]:
    if isinstance(outcome, NotRedacted):
        return failure_entry(outcome.input, outcome.error)
    return {
        "input": str(outcome.input),
        "status": "done",
        "code": outcome.code,
        "removed": dict(outcome.removed),
        "second_look": leaks_record(outcome.leaks),
        "redacted": [str(path) for path in outcome.redacted_files],
        "private": [str(path) for path in outcome.private_files],
    }


def _print(
    screen: Console, outcomes: Sequence[Redacted | NotRedacted], request: RedactRequest
) -> None:
    for outcome in outcomes:
        match outcome:
            case Redacted():
                removed = f"{outcome.code:<12} {outcome.removed.total():>5} removed"
                screen.print(Text(removed))
                screen.print(Text(f"             second look: {outcome.leaks.sentence}"))
            case NotRedacted():
                screen.print(Text.assemble(("not done     ", "bold"), str(outcome.input)))
                screen.print(Padding(Text(outcome.error.sentence, style="red"), (0, 0, 0, 13)))
    if any(isinstance(outcome, Redacted) for outcome in outcomes):
        screen.print()
        screen.print(Text(f"To read      {request.out / 'redacted'}"), soft_wrap=True)
        screen.print(Text(f"Keep private {request.out / 'private'}"), soft_wrap=True)
        screen.print(f"These files are {Checked.NO.value}.")
        screen.print("Read every line before anyone else sees them: what the machine missed")
        screen.print("is still there.")
