"""`transcriber diarise`: who is speaking when."""

import argparse

from transcriber.bootstrap import build_engines
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.services.single import diarise_file


def command(arguments: argparse.Namespace) -> int:
    """Write the turns as RTTM."""
    with TerminalReporter() as reporter:
        reporter.started(1, 1, arguments.input)
        turns = diarise_file(
            arguments.input, arguments.out, arguments.speakers, build_engines(), reporter.stage
        )
    voices = len({turn.speaker for turn in turns})
    console().print(f"{voices} voices in {len(turns)} turns.")
    return 0
