"""`transcriber release`: whether a release is what it was, and what changed between two."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.domain.errors import TranscriberError
from transcriber.exports.change_list import Change, What, write_changes
from transcriber.exports.package_check import Change as FileChange
from transcriber.services.release_changes import changes_between
from transcriber.services.verify_release import VerifiedRelease, verify_release

CHANGES = {
    FileChange.CHANGED: "was changed",
    FileChange.MISSING: "is missing",
    FileChange.ADDED: "was added",
}
REPACKED = "the zip itself was changed or packed anew"

Found = tuple[Path, VerifiedRelease | TranscriberError]


def command(arguments: argparse.Namespace) -> int:
    """Verify each, 0 only when all of them are whole; or tell what changed."""
    if arguments.action == "changes":
        return _changes(arguments)
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


def _changes(arguments: argparse.Namespace) -> int:
    found = changes_between(arguments.old, arguments.new)
    if arguments.json:
        print(json.dumps({"changes": [asdict(each) for each in found]}, indent=2))
    elif arguments.csv:
        print(write_changes(found).decode(), end="")
    else:
        _print_changes(found)
    return 0


def _print_changes(found: Sequence[Change]) -> None:
    screen = console()
    for each in found:
        screen.print(Text(_heading(each), style="bold"), soft_wrap=True)
        if each.before:
            screen.print(Text(f"  before  {each.before}"), soft_wrap=True)
        if each.text:
            screen.print(Text(f"  now     {each.label}: {each.text}"), soft_wrap=True)
    number = len(found)
    screen.print("1 paragraph changed." if number == 1 else f"{number} paragraphs changed.")


def _heading(change: Change) -> str:
    match change.what:
        case What.ADDED:
            return f"paragraph {change.number}, new"
        case What.GONE:
            return f"paragraph {change.old_number} of the earlier one, gone"
        case What.CHANGED if change.number == change.old_number:
            return f"paragraph {change.number}"
        case What.CHANGED:
            return f"paragraph {change.number}, {change.old_number} in the earlier one"
