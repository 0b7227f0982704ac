"""Commands on the store: studies, recordings, jobs, and the workers that do them."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber.exports.presets import PRESETS

if TYPE_CHECKING:
    Add = Callable[[str, str], argparse.ArgumentParser]

PRIORITIES = ("low", "normal", "high")


def add_worker(add: "Add") -> None:
    """`transcriber worker`."""
    worker = add("worker", "work on what is queued, until stopped")
    worker.add_argument(
        "--queue",
        action="append",
        choices=("gpu", "cpu", "interactive"),
        dest="queues",
        help="serve this queue only; may be repeated (default: all, and the clock)",
    )
    worker.add_argument(
        "--beat",
        action="store_true",
        help="run the clock that notices silent workers; one is enough for all machines",
    )


def add_serve(add: "Add") -> None:
    """`transcriber serve`."""
    serve = add("serve", "the web service: pages, interface and all that works behind them")
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="address to listen at (default: %(default)s, this machine only)",
    )
    serve.add_argument("--port", type=int, default=8000, metavar="P", help="(default: %(default)s)")
    serve.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate, PEM")
    serve.add_argument(
        "--tls-key",
        type=Path,
        metavar="FILE",
        help="its key, PEM (default: a certificate of our own where others may reach the service)",
    )
    serve.add_argument(
        "--web-only",
        action="store_true",
        help="the web server alone; `transcriber worker` runs elsewhere",
    )
    serve.add_argument(
        "--proxy",
        metavar="NETWORK",
        help="a reverse proxy with TLS stands before it, at this address or in this network",
    )


def add_study(add: "Add") -> None:
    """`transcriber study`."""
    actions = add("study", "studies in the store").add_subparsers(
        dest="action",
        metavar="list|show|hand-off|participant|withdraw|dpia|record|information|erase",
        required=True,
    )
    listing = actions.add_parser("list", help="all studies")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    show = actions.add_parser("show", help="the recordings of a study and how far they are")
    show.add_argument("study", metavar="NAME")
    show.add_argument("--json", action="store_true", help="print it as JSON")
    handing = actions.add_parser("hand-off", help="write its releases to a folder, each once")
    handing.add_argument("study", metavar="NAME")
    handing.add_argument("--to", type=Path, required=True, metavar="DIR", help="one that is there")
    handing.add_argument("--preset", choices=tuple(PRESETS), help="as this tool reads it best")
    handing.add_argument("--json", action="store_true", help="print what lies there as JSON")
    participant = actions.add_parser("participant", help="all that is held on one participant")
    participant.add_argument("study", metavar="NAME")
    participant.add_argument(
        "--label",
        action="append",
        required=True,
        dest="labels",
        metavar="LABEL",
        help="such as P03; again for further ones, such as FG1_P2",
    )
    participant.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    withdraw = actions.add_parser("withdraw", help="take out all that a participant gave")
    withdraw.add_argument("study", metavar="NAME")
    withdraw.add_argument(
        "--participant",
        action="append",
        required=True,
        dest="labels",
        metavar="LABEL",
        help="such as P03; again for further labels of the same person, such as FG1_P2",
    )
    sure = withdraw.add_mutually_exclusive_group()
    sure.add_argument("--dry-run", action="store_true", help="say what would be taken out")
    sure.add_argument(
        "--yes", action="store_true", help="you have read that, and mean it: nobody can undo this"
    )
    withdraw.add_argument("--json", action="store_true", help="print it as JSON")
    consent = actions.add_parser("consent", help="what each participant agreed to, by label")
    consent.add_argument("study", metavar="NAME")
    consent.add_argument(
        "--import",
        type=Path,
        dest="log",
        metavar="FILE",
        help="keep what a consent log says, CSV or tabs with a header row",
    )
    consent.add_argument(
        "--dry-run", action="store_true", help="read the log and keep nothing of it"
    )
    for which, what in (
        ("dpia", "a draft of a data-protection impact assessment"),
        ("record", "a record of processing activities"),
        ("information", "wording for the information sheet"),
    ):
        action = actions.add_parser(which, help=f"{what}, from how the study is set up")
        action.add_argument("study", metavar="NAME")
        action.add_argument(
            "--out", type=Path, required=True, metavar="FILE", help="FILE.html, or .txt"
        )
    erase = actions.add_parser("erase", help="destroy a study's keys, then all of its files")
    erase.add_argument("study", metavar="NAME")
    _add_yes(erase)


def add_recording(add: "Add", add_what_is_known: Callable[[argparse.ArgumentParser], None]) -> None:
    """`transcriber recording`; `add_what_is_known` adds the options that `run` has too."""
    actions = add("recording", "recordings of a study in the store").add_subparsers(
        dest="action", metavar="add|list|show|export|retry|cancel|erase", required=True
    )
    adding = actions.add_parser("add", help="store recordings, encrypted, and queue them")
    adding.add_argument("inputs", nargs="+", type=Path, metavar="AUDIO")
    adding.add_argument("--study", required=True, metavar="NAME", help="made if it is new")
    adding.add_argument(
        "--priority", choices=PRIORITIES, default="normal", help="what is worked on first"
    )
    adding.add_argument(
        "--takes-part",
        action="append",
        default=[],
        metavar="LABEL",
        help="a participant in it, such as P01, whose consent is asked; may be repeated",
    )
    adding.add_argument("--json", action="store_true", help="print what was queued as JSON")
    add_what_is_known(adding)
    listing = actions.add_parser("list", help="the recordings of a study")
    listing.add_argument("--study", required=True, metavar="NAME")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    for name, what in (
        ("show", "how far a recording is"),
        ("retry", "take it up again where it stopped"),
        ("cancel", "stop working on it"),
        ("erase", "destroy its key, then all that was made of it"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("code", metavar="CODE", help="such as INT01")
        action.add_argument("--study", required=True, metavar="NAME")
        if name == "show":
            action.add_argument("--json", action="store_true", help="print it as JSON")
        if name == "erase":
            _add_yes(action)
    export = actions.add_parser("export", help="write the results of recordings to a folder")
    export.add_argument("codes", nargs="*", metavar="CODE", help="default: all that are done")
    export.add_argument("--study", required=True, metavar="NAME")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")


def add_watch(add: "Add", add_kind_and_speakers: Callable[[argparse.ArgumentParser], None]) -> None:
    """`transcriber watch`; `add_kind_and_speakers` adds the options that `run` has too."""
    watch = add("watch", "take in what appears in a folder, until stopped")
    watch.add_argument("folder", type=Path, metavar="DIR", help="with all folders in it")
    watch.add_argument("--study", required=True, metavar="NAME", help="one that there is")
    add_kind_and_speakers(watch)


def add_job(add: "Add") -> None:
    """`transcriber job`."""
    actions = add("job", "what is queued, at work and done").add_subparsers(
        dest="action", metavar="list|show|retry|cancel", required=True
    )
    listing = actions.add_parser("list", help="jobs, older ones first")
    listing.add_argument("--study", metavar="NAME", help="of one study only")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    for name, what in (
        ("show", "how far a job is, step by step"),
        ("retry", "take it up again where it stopped"),
        ("cancel", "stop it"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("job", metavar="ID", help="or the start of it")
        if name == "show":
            action.add_argument("--json", action="store_true", help="print it as JSON")


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes", action="store_true", required=True, help="you mean it: nobody can undo this"
    )
