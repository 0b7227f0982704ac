"""`transcriber study withdraw`: what a participant gave is taken out, after it was shown."""

import argparse
import json
from dataclasses import asdict

from rich.text import Text

from transcriber.cli.terminal import console
from transcriber.exports.rights.withdrawal import preview_sections, receipt_sections, written
from transcriber.services.store import Store
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.withdraw import withdraw_participant
from transcriber.storage.database.studies import Study

NOT_CONFIRMED = 1
"""The exit status where it was shown and nobody said `--yes`."""


def withdraw(store: Store, study: Study, arguments: argparse.Namespace) -> int:
    """Show what would be done and, with `--yes`, do it; 0 only when all that was asked is done."""
    preview = preview_withdrawal(store, study.id, arguments.labels)
    shown = written(f"Withdrawal of {', '.join(preview.labels)}", preview_sections(preview))
    if not arguments.json:
        _print(shown)
    elif not arguments.yes:
        print(json.dumps(asdict(preview), indent=2, default=str))
    if arguments.dry_run:
        return 0
    if not arguments.yes:
        if not arguments.json:
            _print("Nothing was changed. Nobody can undo it: add --yes to do it.")
        return NOT_CONFIRMED
    receipt = withdraw_participant(store, None, study.id, arguments.labels, preview.stamp)
    if arguments.json:
        print(json.dumps(asdict(receipt), indent=2))
    else:
        _print(written("Receipt", receipt_sections(receipt)))
    return 0


def _print(text: str) -> None:
    console().print(Text(text), soft_wrap=True)
