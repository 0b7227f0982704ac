"""Commands and their options. Each command's code is imported when it runs, so help is instant."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber import __version__
from transcriber.domain.recording import ANY_COUNT, Kind, SpeakerCount

ENGINES = ("auto", "faster-whisper", "whisper", "pocketsphinx")
FORMATS = ("txt", "docx", "vtt", "json")
if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; `arguments.command` runs what was asked for."""
    parser = argparse.ArgumentParser(
        prog="transcriber",
        description="Transcribe interviews, tell the speakers apart and take out what identifies "
        "people. Nothing leaves this machine.",
    )
    parser.add_argument("--version", action="version", version=f"transcriber {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands)
    _add_run(commands)
    _add_transcribe(commands)
    _add_diarise(commands)
    _add_redact(commands)
    return parser


def _add_demo(commands: "Commands") -> None:
    demo = _command(commands, "demo", "run the sample focus group through the whole pipeline")
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("transcriber-demo"),
        metavar="DIR",
        help="folder for the results (default: %(default)s)",
    )


def _add_run(commands: "Commands") -> None:
    run = _command(commands, "run", "recordings to redacted transcripts")
    run.add_argument("inputs", nargs="+", type=Path, metavar="AUDIO")
    run.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    run.add_argument("--study", default="", metavar="NAME", help="name that the transcripts carry")
    run.add_argument(
        "--kind",
        type=Kind,
        choices=list(Kind),
        default=Kind.INDIVIDUAL,
        help="individual or group (default: individual)",
    )
    _add_speakers(run)
    _add_redaction(run)
    _add_engine(run)
    run.add_argument(
        "--format",
        action="append",
        choices=FORMATS,
        dest="formats",
        help="write this format only; may be repeated (default: all)",
    )
    run.add_argument("--json", action="store_true", help="print the summary as JSON")


def _add_transcribe(commands: "Commands") -> None:
    transcribe = _command(commands, "transcribe", "recognition alone: words with times")
    transcribe.add_argument("input", type=Path, metavar="AUDIO")
    transcribe.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    _add_engine(transcribe)


def _add_diarise(commands: "Commands") -> None:
    diarise = _command(commands, "diarise", "who is speaking when, as RTTM")
    diarise.add_argument("input", type=Path, metavar="AUDIO")
    diarise.add_argument("--out", type=Path, required=True, metavar="FILE.rttm")
    _add_speakers(diarise)


def _add_redact(commands: "Commands") -> None:
    redact = _command(commands, "redact", "take identifiers out of transcripts you already have")
    redact.add_argument(
        "inputs", nargs="+", type=Path, metavar="FILE", help="txt, vtt, srt, docx or json"
    )
    redact.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    _add_redaction(redact)
    redact.add_argument("--json", action="store_true", help="print the summary as JSON")


def _command(commands: "Commands", name: str, summary: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )

    def command(arguments: argparse.Namespace) -> int:
        status: int = import_module(f"transcriber.cli.{name}").command(arguments)
        return status

    parser.set_defaults(command=command)
    return parser


def _add_speakers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speakers",
        type=speaker_count,
        default=ANY_COUNT,
        metavar="N|MIN-MAX",
        help="how many people speak, if you know (default: found from the voices)",
    )


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=ENGINES, default="auto", help="recogniser (default: the best installed)"
    )
    parser.add_argument(
        "--language", default="en", metavar="CODE", help="language spoken (default: en)"
    )


def _add_redaction(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="names you know: YAML, JSON or CSV"
    )
    parser.add_argument(
        "--policy",
        default="default",
        metavar="FILE",
        help="what happens to each type of identifier (default: the shipped policy)",
    )
    parser.add_argument(
        "--names",
        choices=("code", "keep"),
        default="code",
        help="name results by study code, or keep the input's file name (default: code)",
    )


def speaker_count(text: str) -> SpeakerCount:
    """Read `N` or `MIN-MAX`. Raises ArgumentTypeError, which argparse shows, for anything else."""
    minimum, dash, maximum = text.partition("-")
    try:
        return SpeakerCount(int(minimum), int(maximum if dash else minimum))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of speakers; write 3, or 2-6 when you are not sure"
        ) from None
