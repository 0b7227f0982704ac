"""Commands and their options. Each command's code is imported when it runs, so help is instant."""

import argparse
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber import __version__
from transcriber.cli.account_parser import add_audit, add_user
from transcriber.cli.export_parser import add_export
from transcriber.cli.keeping_parser import add_backup, add_purge, add_restore
from transcriber.cli.release_parser import add_release
from transcriber.cli.store_parser import (
    add_job,
    add_recording,
    add_serve,
    add_study,
    add_watch,
    add_worker,
)
from transcriber.domain.convention import CONVENTIONS, FULL
from transcriber.domain.labels import Labels
from transcriber.domain.recording import ANY_COUNT, Kind, SpeakerCount
from transcriber.exports.formats import COMMON, FORMATS

ENGINES = ("auto", "faster-whisper", "whisper", "pocketsphinx")
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
    _add_evaluate(commands)
    _add_doctor(commands)
    _add_models(commands)
    _add_voices(commands)

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        return _command(commands, name, summary)

    add_export(add)
    add_serve(add)
    add_study(add)
    add_recording(add, _add_what_is_known)
    add_watch(add, _add_kind_and_speakers)
    add_job(add)
    add_worker(add)
    add_user(add)
    add_audit(add)
    add_purge(add)
    add_backup(add)
    add_restore(add)
    _add_key(commands)
    add_release(add)
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
    _add_what_is_known(run)
    run.add_argument(
        "--convention",
        choices=sorted(CONVENTIONS),
        default=FULL.name,
        help="how talk is written down (default: full)",
    )
    run.add_argument(
        "--compare-voices",
        action="store_true",
        help="propose who was heard before in this study; needs the consent of those recorded, "
        "written down in private/consent.yaml, because a voice print is biometric data",
    )
    run.add_argument(
        "--format",
        action="append",
        choices=tuple(FORMATS),
        dest="formats",
        metavar="FORMAT",
        help=f"write this format only; may be repeated (default: {', '.join(COMMON)}; "
        f"further: {', '.join(key for key in FORMATS if key not in COMMON)})",
    )
    run.add_argument("--json", action="store_true", help="print the summary as JSON")


def _add_what_is_known(parser: argparse.ArgumentParser) -> None:
    """Add what `run` and `recording add` are told about recordings."""
    _add_kind(parser)
    _add_files(parser)
    _add_excerpt(parser)
    _add_speakers(parser)
    parser.add_argument(
        "--speakers-from",
        type=Path,
        metavar="FILE.vtt",
        help="who speaks when, as Zoom, Teams or Otter wrote it; names go to the roster only",
    )
    parser.add_argument(
        "--labels",
        type=Labels,
        choices=list(Labels),
        default=Labels.UNLINKED,
        help="linked: somebody has one label alone and in groups; unlinked: labels of a group "
        "are its own, because linked ones help colleagues re-identify (default: unlinked)",
    )
    _add_redaction(parser)
    _add_engine(parser)


def _add_kind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        type=Kind,
        choices=list(Kind),
        default=Kind.INDIVIDUAL,
        help="individual or group (default: individual)",
    )


def _add_kind_and_speakers(parser: argparse.ArgumentParser) -> None:
    """Add what `watch` is told about all recordings of its folder."""
    _add_kind(parser)
    _add_speakers(parser)
    _add_language(parser)


def _add_files(parser: argparse.ArgumentParser) -> None:
    several = parser.add_mutually_exclusive_group()
    several.add_argument(
        "--join",
        action="store_true",
        help="the files are parts of one recording, in this order",
    )
    several.add_argument(
        "--side-by-side",
        action="store_true",
        help="the files are one recording: a file for each speaker, all begun at the same moment",
    )


def _add_transcribe(commands: "Commands") -> None:
    transcribe = _command(commands, "transcribe", "recognition alone: words with times")
    transcribe.add_argument("input", type=Path, metavar="AUDIO")
    transcribe.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    _add_excerpt(transcribe)
    _add_engine(transcribe)


def _add_diarise(commands: "Commands") -> None:
    diarise = _command(commands, "diarise", "who is speaking when, as RTTM")
    diarise.add_argument("input", type=Path, metavar="AUDIO")
    diarise.add_argument("--out", type=Path, required=True, metavar="FILE.rttm")
    _add_excerpt(diarise)
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


def _add_evaluate(commands: "Commands") -> None:
    evaluate = _command(commands, "evaluate", "how good results are, measured against gold")
    evaluate.add_argument("task", choices=("recognition", "diarisation", "redaction"))
    evaluate.add_argument("gold", type=Path, metavar="GOLD", help="what is right: file or folder")
    evaluate.add_argument("pred", type=Path, metavar="PRED", help="what came out: file or folder")
    evaluate.add_argument("--json", action="store_true", help="print all figures as JSON")


def _add_doctor(commands: "Commands") -> None:
    doctor = _command(commands, "doctor", "what works here, what is missing, and how to mend it")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.add_argument(
        "--store", action="store_true", help="decrypt all that is stored, to find what is damaged"
    )
    doctor.add_argument(
        "--remove-unknown",
        action="store_true",
        help="delete stored files that belong to no recording; nobody can undo it",
    )


def _add_models(commands: "Commands") -> None:
    models = _command(commands, "models", "speech models: what is there, adding and fetching one")
    actions = models.add_subparsers(dest="action", metavar="list|pull|add", required=True)
    listing = actions.add_parser("list", help="what is installed, and whether it is whole")
    listing.add_argument("--verify", action="store_true", help="read every file and compare hashes")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    pull = actions.add_parser("pull", help="fetch a model: the only command that goes online")
    pull.add_argument("name", metavar="NAME", help="such as small.en or large-v3")
    pull.add_argument(
        "--engine",
        choices=("faster-whisper", "whisper", "pyannote"),
        default="faster-whisper",
        help="what will read it (default: faster-whisper)",
    )
    add = actions.add_parser("add", help="take a model that somebody brought on a stick")
    add.add_argument("source", type=Path, metavar="PATH", help="its folder or .pt file")
    add.add_argument("--name", metavar="NAME", help="what to call it (default: its own name)")


def _add_key(commands: "Commands") -> None:
    key = _command(commands, "key", "the master key that encrypts what is stored")
    actions = key.add_subparsers(dest="action", metavar="init|rotate|status", required=True)
    actions.add_parser("init", help="make it, once")
    actions.add_parser("rotate", help="change it; recordings stay as they are")
    status = actions.add_parser("status", help="which key is in use, and whether it opens all")
    status.add_argument("--json", action="store_true", help="print it as JSON")


def _add_voices(commands: "Commands") -> None:
    voices = _command(commands, "voices", "voice prints of a study: listed, confirmed, erased")
    actions = voices.add_subparsers(dest="action", metavar="list|confirm|forget", required=True)
    listing = actions.add_parser("list", help="whose prints are kept, and who sounds like whom")
    confirm = actions.add_parser("confirm", help="two voices are the same person")
    confirm.add_argument("recording", metavar="RECORDING", help="such as INT02")
    confirm.add_argument("voice", metavar="VOICE", help="such as S1")
    confirm.add_argument("known_recording", metavar="RECORDING", help="where it was heard before")
    confirm.add_argument("known_voice", metavar="VOICE", help="who it is there")
    forget = actions.add_parser("forget", help="erase a print for good")
    forget.add_argument("recording", nargs="?", metavar="RECORDING")
    forget.add_argument("voice", nargs="?", metavar="VOICE")
    forget.add_argument("--all", action="store_true", help="erase all prints of the study")
    for action in (listing, confirm, forget):
        action.add_argument(
            "--out", type=Path, required=True, metavar="DIR", help="the study's folder"
        )
        action.add_argument("--json", action="store_true", help="print what was done as JSON")


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


def _add_excerpt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--start", type=moment_ms, default=0, metavar="TIME", help="leave out what is before"
    )
    parser.add_argument(
        "--stop", type=moment_ms, default=None, metavar="TIME", help="leave out what is after"
    )
    parser.add_argument(
        "--tracks",
        action="store_true",
        help="each channel or track of the file is one speaker, recorded apart",
    )


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=ENGINES, default="auto", help="recogniser (default: the best installed)"
    )
    parser.add_argument(
        "--model", metavar="NAME", help="speech model (default: the best installed)"
    )
    _add_language(parser)


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--language",
        default="en",
        metavar="CODE",
        help="language spoken, or auto to find out (default: en)",
    )


def _add_redaction(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="names you know: YAML, JSON or CSV"
    )
    parser.add_argument(
        "--policy",
        action="append",
        dest="policies",
        metavar="NAME|FILE",
        help="what happens to each type of identifier (default: the shipped policy); again for "
        "a further profile, which gets a folder of its own",
    )
    parser.add_argument(
        "--names",
        choices=("code", "keep"),
        default="code",
        help="name results by study code, or keep the input's file name (default: code)",
    )


def moment_ms(text: str) -> int:
    """Read `1:02:03.5`, `62:03` or `90` as milliseconds. Raises ArgumentTypeError otherwise."""
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)", text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; write 1:02:03, or 90 for seconds"
        )
    hours, minutes, seconds = match.groups(default="0")
    return round(((int(hours) * 60 + int(minutes)) * 60 + float(seconds)) * 1000)


def speaker_count(text: str) -> SpeakerCount:
    """Read `N` or `MIN-MAX`. Raises ArgumentTypeError, which argparse shows, for anything else."""
    minimum, dash, maximum = text.partition("-")
    try:
        return SpeakerCount(int(minimum), int(maximum if dash else minimum))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of speakers; write 3, or 2-6 when you are not sure"
        ) from None
