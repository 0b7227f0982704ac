"""The audit as a file, for whoever has to show it. That it was taken is itself written down."""

from dataclasses import asdict

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.audit_table import audit_csv, audit_jsonl
from transcriber.services.audit import Event, Wanted, find_events
from transcriber.services.releases import ReleaseFile
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent

FORMATS = {"csv": (audit_csv, "text/csv"), "jsonl": (audit_jsonl, "application/x-ndjson")}


def export_audit(
    store: Store, actor_id: str | None, wanted: Wanted, kind: str = "csv"
) -> ReleaseFile:
    """Return the events that are wanted, the oldest first, as `csv` or `jsonl`.

    The event that says so is not among them. Raises UsageError `format_not_served`, StorageError.
    """
    if kind not in FORMATS:
        raise UsageError("format_not_served", "The audit is written as csv or jsonl.")
    write, media_type = FORMATS[kind]
    found = reversed(find_events(store, wanted, limit=None))
    data = write([_record(event) for event in found])
    with store.database.write() as connection:
        event = AuditEvent(Action.AUDIT_EXPORTED, actor_id, wanted.study_id)
        store.audit.record(connection, event)
    return ReleaseFile(data, f"audit.{kind}", media_type)


def _record(event: Event) -> dict[str, object]:
    tag = None if event.tag is None else event.tag.hex()
    return {
        **asdict(event.event),
        "number": event.number,
        "at_ms": event.at_ms,
        "tag": tag,
    }
