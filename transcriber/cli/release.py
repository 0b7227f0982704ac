"""`transcriber release verify`: whether a release is what it was when it was made."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.domain.errors import TranscriberError
from transcriber.exports.package_check import Change
from transcriber.services.verify_release import VerifiedRelease, verify_release

CHANGES = {
    Change.CHANGED: "was changed",
    Change.MISSING: "is missing",
    Change.ADDED: "was added",
}
REPACKED = "the zip itself was changed or packed anew"

Found = tuple[Path, VerifiedRelease | TranscriberError]


def command(arguments: argparse.Namespace) -> int:
    """Verify each; 0 only when all of them are whole."""
    found = [_verified(path) for path in arguments.paths]
    if arguments.json:
        print(json.dumps({"releases": [_entry(*each) for each in found]}, indent=2))
    else:
        _print(found)
    return (
        0
        if all(not isinstance(each, TranscriberError) and each.is_whole for _, each in found)
        else 1
    )


def _verified(path: Path) -> Found:
    try:
        return path, verify_release(path)
    except TranscriberError as error:
        return path, error


def _print(found: Sequence[Found]) -> None:
    screen = console()
    for path, each in found:
        screen.print(Text(f"{path}: {_sentence(each)}"), soft_wrap=True)


def _sentence(found: VerifiedRelease | TranscriberError) -> str:
    if isinstance(found, TranscriberError):
        return found.sentence
    checked = found.checked
    name = f"{checked.code}, version {checked.number}"
    if found.is_whole:
        return f"{name}, is whole: {checked.files} files, {found.digest}"
    faults = [f"{fault.name} {CHANGES[fault.change]}" for fault in checked.faults]
    return f"{name}, is not what was released: {'; '.join(faults) or REPACKED}."


def _entry(path: Path, found: VerifiedRelease | TranscriberError) -> dict[str, object]:
    if isinstance(found, TranscriberError):
        return {"path": str(path), "whole": False, "error": found.code}
    checked = found.checked
    return {
        "path": str(path),
        "whole": found.is_whole,
        "code": checked.code,
        "number": checked.number,
        "profile": checked.profile,
        "digest": found.digest,
        "repacked": found.repacked,
        "faults": [{"file": fault.name, "change": fault.change.value} for fault in checked.faults],
    }
