"""`transcriber run`: recordings to redacted transcripts."""

import argparse

from transcriber.bootstrap import build_engines
from transcriber.cli.summary import print_summary, summary_json
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.domain.roster import Roster
from transcriber.services.batch import BatchRequest, Done, run_batch
from transcriber.services.policy_file import load_policy
from transcriber.services.roster_file import load_roster


def command(arguments: argparse.Namespace) -> int:
    """Process the inputs; 0 only when every one of them was done."""
    request = BatchRequest(
        inputs=tuple(arguments.inputs),
        out=arguments.out,
        study=arguments.study,
        kind=arguments.kind,
        speakers=arguments.speakers,
        roster=load_roster(arguments.roster) if arguments.roster else Roster(),
        policy=load_policy(arguments.policy),
        language=arguments.language,
        formats=tuple(arguments.formats or BatchRequest.formats),
        keep_names=arguments.names == "keep",
    )
    with TerminalReporter() as reporter:
        outcomes = run_batch(request, build_engines(arguments.engine), reporter)
    if arguments.json:
        print(summary_json(outcomes))
    else:
        print_summary(console(), outcomes, arguments.out)
    return 0 if all(isinstance(outcome, Done) for outcome in outcomes) else 1
