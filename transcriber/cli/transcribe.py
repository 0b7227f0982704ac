"""`transcriber transcribe`: recognition alone."""

import argparse

from transcriber.bootstrap import Choice, build_engines
from transcriber.cli.inputs import trim
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.services.single import Wanted, transcribe_file


def command(arguments: argparse.Namespace) -> int:
    """Write the words with their times."""
    engines = build_engines(Choice(arguments.engine, arguments.model, arguments.language))
    wanted = Wanted(language=arguments.language, trim=trim(arguments), tracks=arguments.tracks)
    with TerminalReporter() as reporter:
        reporter.searching(1, 1, arguments.input)
        transcript = transcribe_file(
            arguments.input, arguments.out, wanted, engines, reporter.stage
        )
    lost_s = transcript.coverage.untranscribed_ms / 1000
    console().print(
        f"{len(transcript.words)} words of {transcript.quality.value} quality; "
        f"{lost_s:.0f} s of speech gave no words."
    )
    return 0
