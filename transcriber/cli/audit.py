"""`transcriber audit`: whether the audit is what was written, and the audit as a file."""

import argparse
import json
from pathlib import Path

from transcriber.cli.terminal import console
from transcriber.domain.audit import Anchor
from transcriber.services.audit import Wanted, note_end, verify_audit
from transcriber.services.audit_export import export_audit
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.submit import study_named
from transcriber.storage.audit_anchors import read_anchors
from transcriber.storage.database.audit_verification import Verified
from transcriber.storage.files import write_whole

FAULTS = {
    "changed": "was changed",
    "missing": "is missing",
    "added": "was not written by Transcriber",
    "head": "is where the chain was broken: its end was taken away or replaced",
    "anchor": "is not the one that was noted: an older copy was put back, or all was made anew",
}
SHOWN = 20
"""Of more faults only the first are told."""

DAY_MS = 24 * 60 * 60 * 1000


def command(arguments: argparse.Namespace) -> int:
    """Run `verify`, which gives 0 only when nothing is wrong, or `export`."""
    store = open_store(load_settings())
    return _export(store, arguments) if arguments.action == "export" else _verify(store, arguments)


def _verify(store: Store, arguments: argparse.Namespace) -> int:
    verified = verify_audit(store, _noted(arguments.against))
    if not verified.faults:
        note_end(store)
    if arguments.json:
        print(json.dumps(_record(verified), indent=2))
    else:
        _print(verified, with_anchor=arguments.anchor)
    return 1 if verified.faults else 0


def _noted(against: str | None) -> tuple[Anchor, ...]:
    if against is None:
        return ()
    path = Path(against)
    return read_anchors(path) if path.is_file() else (Anchor.parse(against),)


def _export(store: Store, arguments: argparse.Namespace) -> int:
    study_id = study_named(store, arguments.study).id if arguments.study else None
    to_ms = None if arguments.to_ms is None else arguments.to_ms + DAY_MS
    wanted = Wanted(study_id, from_ms=arguments.from_ms, to_ms=to_ms)
    kind = "jsonl" if arguments.out.suffix == ".jsonl" else "csv"
    file = export_audit(store, None, wanted, kind)
    write_whole(arguments.out, file.data)
    events = file.data.count(b"\n") - (kind == "csv")
    console().print(f"{events} {'event' if events == 1 else 'events'} written.")
    return 0


def _record(verified: Verified) -> dict[str, object]:
    return {
        "events": verified.events,
        "unchained": verified.unchained,
        "compared": verified.compared,
        "faults": [{"number": fault.number, "kind": fault.kind} for fault in verified.faults],
        "anchor": None if verified.anchor is None else str(verified.anchor),
    }


def _print(verified: Verified, *, with_anchor: bool) -> None:
    screen = console()
    if with_anchor and verified.anchor is not None and not verified.faults:
        screen.print(str(verified.anchor), soft_wrap=True)
        return
    for fault in verified.faults[:SHOWN]:
        screen.print(f"Event {fault.number} {FAULTS[fault.kind]}.")
    if len(verified.faults) > SHOWN:
        screen.print(f"And {len(verified.faults) - SHOWN} more.")
    if not verified.faults:
        screen.print(f"All {verified.events} events hold together.")
    if verified.compared:
        screen.print(f"Compared with {verified.compared} that were noted elsewhere.")
    else:
        screen.print("Nothing was noted elsewhere yet, so an older copy would not show.")
    if verified.unchained:
        screen.print(f"{verified.unchained} are older than that and cannot be verified.")
