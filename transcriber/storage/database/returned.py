"""What a database holds again although it was erased: it was put back from an older backup."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, or_, select

from transcriber.storage.database.tables import TOMBSTONE, WRAPPED_KEY
from transcriber.storage.erased_list import Entry

AT_ONCE = 500
"""Ids in one statement, which SQLite limits."""


def returned(connection: Connection, erased: Collection[Entry]) -> frozenset[Entry]:
    """Return those of `erased` that this database knows nothing of and has a key for."""
    if not erased:
        return frozenset()
    rows = connection.execute(select(TOMBSTONE.c.kind, TOMBSTONE.c.id))
    unknown = set(erased) - {(row.kind, row.id) for row in rows}
    living = set(_with_keys(connection, {erased_id for _, erased_id in unknown}))
    return frozenset(entry for entry in unknown if entry[1] in living)


def _with_keys(connection: Connection, ids: Iterable[str]) -> Iterator[str]:
    """Yield the studies and recordings that have a key."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        rows = connection.execute(
            select(WRAPPED_KEY.c.study_id, WRAPPED_KEY.c.recording_id).where(
                or_(WRAPPED_KEY.c.study_id.in_(some), WRAPPED_KEY.c.recording_id.in_(some))
            )
        )
        for row in rows:
            yield row.study_id or row.recording_id
