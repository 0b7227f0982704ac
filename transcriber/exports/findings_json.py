"""Findings as a private file (DESIGN: findings.json; docs/schemas.md)."""

from collections.abc import Mapping, Sequence

from transcriber.domain.errors import InputError
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.exports.documents.plain import decode
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.records import (
    WrongRecord,
    count,
    mapping,
    number,
    optional_string,
    string,
)


def write_findings(findings: Sequence[Finding]) -> bytes:
    """Write UTF-8 JSON: a list in the given order, offsets in code points, end exclusive.

    What was flagged or kept has an `action` and no `replacement`.
    """
    return dump([_record(finding) for finding in findings])


def read_findings(data: bytes) -> tuple[Finding, ...]:
    """Read what `write_findings` wrote; fields it does not know are ignored.

    Raises InputError: `not_text`, `empty`, `bad_json`, or `bad_findings` when a field is missing or
    wrong.
    """
    value = load(decode(data))
    try:
        if not isinstance(value, list):
            raise WrongRecord
        return tuple(_finding(mapping(item)) for item in value)
    except ValueError:
        raise InputError(
            "bad_findings",
            "This file is not a list of findings that Transcriber wrote. Give the findings.json "
            "from the private folder, unchanged.",
        ) from None


def _record(finding: Finding) -> dict[str, object]:
    record: dict[str, object] = {
        "start": finding.start,
        "end": finding.end,
        "entity_type": finding.entity_type.value,
        "text": finding.text,
        "score": finding.score,
        "source": finding.source,
    }
    if finding.replacement is not None and finding.action not in {Action.FLAG, Action.KEEP}:
        record["replacement"] = finding.replacement
    if finding.action is not None:
        record["action"] = finding.action.value
    if finding.entity:
        record["entity"] = finding.entity
    if finding.part is not None:
        record["part"] = finding.part
    if finding.place is not None:
        place = finding.place
        record |= {
            "first_word": place.first_word,
            "last_word": place.last_word,
            "start_ms": place.start_ms,
            "end_ms": place.end_ms,
        }
    return record


def _finding(record: Mapping[str, object]) -> Finding:
    action = optional_string(record, "action")
    return Finding(
        start=count(record, "start"),
        end=count(record, "end"),
        entity_type=EntityType(string(record, "entity_type")),
        text=string(record, "text"),
        score=number(record, "score"),
        source=string(record, "source"),
        entity=optional_string(record, "entity") or "",
        place=_place(record) if "first_word" in record else None,
        part=optional_string(record, "part"),
        action=None if action is None else Action(action),
        replacement=optional_string(record, "replacement"),
    )


def _place(record: Mapping[str, object]) -> Place:
    return Place(
        count(record, "first_word"),
        count(record, "last_word"),
        count(record, "start_ms"),
        count(record, "end_ms"),
    )
