"""The audit as a table for a spreadsheet, or a record a line for a program: ids and codes only."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from transcriber.exports.csv_cells import write_csv

COLUMNS = (
    "number",
    "at",
    "at_ms",
    "action",
    "actor_id",
    "study_id",
    "recording_id",
    "subject_id",
    "tag",
)
"""`at` is UTC as ISO 8601, `at_ms` the same in milliseconds since 1970; `tag` is hexadecimal."""


def audit_csv(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Write CSV with a heading line; what is not there is an empty cell."""
    rows = (_row(record) for record in records)
    return write_csv(COLUMNS, (["" if cell is None else cell for cell in row] for row in rows))


def audit_jsonl(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Write a JSON object a line."""
    rows = (dict(zip(COLUMNS, _row(record), strict=True)) for record in records)
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _row(record: Mapping[str, Any]) -> list[Any]:
    at = datetime.fromtimestamp(record["at_ms"] / 1000, UTC).isoformat(timespec="milliseconds")
    return [{**record, "at": at}[name] for name in COLUMNS]
