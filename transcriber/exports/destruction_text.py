"""A certificate of destruction as plain text, one line an item, to print, sign and file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

WHAT = {
    "study": "Study, all of it",
    "recording": "Recording, all of it",
    "sound": "Sound of a recording",
    "transcript": "Named transcript",
    "pseudonyms": "Key of who is who",
    "contribution": "Contribution of somebody who withdrew",
}
"""What was destroyed, by the kind of its tombstone."""

BY = {
    "asked": "a person erased it",
    "after_release": "days after release",
    "on_date": "a date",
    "returned": "erased before, came back with a backup",
}
"""By which rule."""


NO_KEY = "none: the key of its recording opens what stays, too"
"""Where no key was destroyed that opened all of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item; times are UTC in milliseconds."""

    what: str
    id: str
    why: str
    due_at_ms: int | None
    key_destroyed_at_ms: int
    finished_at_ms: int
    files: int
    size_bytes: int
    key_sha256: bytes | None


def write_destruction(
    study_id: str, made_at_ms: int, version: str, anchor: str, lines: Iterable[Line]
) -> str:
    """Return the text of a certificate."""
    head = [
        "CERTIFICATE OF DESTRUCTION",
        "",
        f"Study              {study_id}",
        f"Made               {utc(made_at_ms)}",
        f"By                 Transcriber {version}",
        f"End of the audit   {anchor}",
        "",
        "Of each item, the keys that opened nothing else were destroyed first; then its encrypted",
        "files and rows were deleted.",
        "Copies that were made before, such as backups, are not covered: see docs/backup.md.",
        "",
    ]
    items = [text for line in lines for text in _item(line)]
    return "\n".join([*head, *(items or ["Nothing was destroyed yet.", ""])])


def utc(at_ms: int) -> str:
    """Return a time as `2026-11-27 14:02:11 UTC`."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _item(line: Line) -> list[str]:
    key = line.key_sha256.hex() if line.key_sha256 else NO_KEY
    due = f", due {utc(line.due_at_ms)}" if line.due_at_ms is not None else ""
    return [
        f"{WHAT[line.what]}",
        f"  id               {line.id}",
        f"  rule             {BY[line.why]}{due}",
        f"  destroyed        {utc(line.key_destroyed_at_ms)}",
        f"  all deleted      {utc(line.finished_at_ms)}",
        f"  encrypted files  {line.files}, {line.size_bytes} bytes",
        f"  SHA-256 of key   {key}",
        "",
    ]
