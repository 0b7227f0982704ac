"""`transcriber audit`: whether the audit is what was written."""

import argparse
import json
from dataclasses import asdict

from transcriber.cli.terminal import console
from transcriber.services.audit import Anchor, Verified, verify_audit
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

FAULTS = {
    "changed": "was changed",
    "missing": "is missing",
    "added": "was not written by Transcriber",
    "head": "is where the chain was broken: its end was taken away or replaced",
    "anchor": "is not the one that you noted: an older copy was put back, or all was made anew",
}
SHOWN = 20
"""Of more faults only the first are told."""


def command(arguments: argparse.Namespace) -> int:
    """Run `verify`; 0 only when nothing is wrong."""
    noted = None if arguments.against is None else Anchor.parse(arguments.against)
    verified = verify_audit(open_store(load_settings()), noted)
    if arguments.json:
        print(json.dumps(asdict(verified), indent=2))
    else:
        _print(verified, with_anchor=arguments.anchor)
    return 1 if verified.faults else 0


def _print(verified: Verified, *, with_anchor: bool) -> None:
    screen = console()
    if with_anchor and verified.anchor is not None and not verified.faults:
        screen.print(verified.anchor, soft_wrap=True)
        return
    for fault in verified.faults[:SHOWN]:
        screen.print(f"Event {fault.number} {FAULTS[fault.kind]}.")
    if len(verified.faults) > SHOWN:
        screen.print(f"And {len(verified.faults) - SHOWN} more.")
    if not verified.faults:
        screen.print(f"All {verified.events} events hold together.")
    if verified.unchained:
        screen.print(f"{verified.unchained} are older than that and cannot be verified.")
