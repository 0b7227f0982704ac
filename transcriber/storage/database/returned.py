"""What a database holds again although it was erased: it was put back from an older backup."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select

from transcriber.storage.database.tables import RECORDING, STUDY, TOMBSTONE, WRAPPED_KEY
from transcriber.storage.erased_list import Entry

AT_ONCE = 500
"""Ids in one statement, which SQLite limits."""


def returned(connection: Connection, erased: Collection[Entry]) -> frozenset[Entry]:
    """Return those of `erased` whose study, recording or key is here, without its tombstone."""
    if not erased:
        return frozenset()
    rows = connection.execute(select(TOMBSTONE.c.kind, TOMBSTONE.c.id))
    unknown = set(erased) - {(row.kind, row.id) for row in rows}
    here = set(_here(connection, {erased_id for _, erased_id in unknown}))
    return frozenset(entry for entry in unknown if entry[1] in here)


def _here(connection: Connection, ids: Iterable[str]) -> Iterator[str]:
    """Yield the studies, recordings and keys that have a row."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        for table in (STUDY, RECORDING, WRAPPED_KEY):
            yield from connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars()
