"""`transcriber transcribe`: recognition alone."""

import argparse

from transcriber.bootstrap import build_engines
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.services.single import transcribe_file


def command(arguments: argparse.Namespace) -> int:
    """Write the words with their times."""
    engines = build_engines(arguments.engine)
    with TerminalReporter() as reporter:
        reporter.started(1, 1, arguments.input)
        transcript = transcribe_file(
            arguments.input, arguments.out, arguments.language, engines, reporter.stage
        )
    lost_s = transcript.coverage.untranscribed_ms / 1000
    console().print(
        f"{len(transcript.words)} words of {transcript.quality.value} quality; "
        f"{lost_s:.0f} s of speech gave no words."
    )
    return 0
