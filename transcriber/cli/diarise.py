"""`transcriber diarise`: who is speaking when."""

import argparse

from transcriber.bootstrap import build_engines
from transcriber.cli.inputs import trim
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.services.single import Wanted, diarise_file


def command(arguments: argparse.Namespace) -> int:
    """Write the turns as RTTM."""
    wanted = Wanted(speakers=arguments.speakers, trim=trim(arguments), tracks=arguments.tracks)
    with TerminalReporter() as reporter:
        reporter.searching(1, 1, arguments.input)
        turns = diarise_file(
            arguments.input, arguments.out, wanted, build_engines(), reporter.stage
        )
    voices = len({turn.speaker for turn in turns})
    console().print(f"{voices} voices in {len(turns)} turns.")
    return 0
