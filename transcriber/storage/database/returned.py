"""What a database holds again although it was erased: it was put back from an older backup."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select

from transcriber.storage.database.tables import RECORDING, STUDY, TOMBSTONE, WRAPPED_KEY
from transcriber.storage.database.withdrawal_tables import WITHDRAWAL
from transcriber.storage.erased_list import Entry, withdrawal_in

AT_ONCE = 500
"""Ids in one statement, which SQLite limits."""


def returned(connection: Connection, erased: Collection[Entry]) -> frozenset[Entry]:
    """Return those of `erased` whose study, recording or key is here, without its tombstone.

    Of withdrawals, those that are not known here and whose study is.
    """
    if not erased:
        return frozenset()
    rows = connection.execute(select(TOMBSTONE.c.kind, TOMBSTONE.c.id))
    unknown = set(erased) - {(row.kind, row.id) for row in rows}
    known = set(connection.execute(select(WITHDRAWAL.c.id)).scalars())
    owners = {
        entry: study_id
        for entry in unknown
        if entry[0] == "withdrawal"
        for withdrawal_id, study_id, _ in [withdrawal_in(entry)]
        if withdrawal_id not in known
    }
    owners |= {entry: entry[1] for entry in unknown if entry[0] != "withdrawal"}
    here = set(_here(connection, set(owners.values())))
    return frozenset(entry for entry, owner in owners.items() if owner in here)


def _here(connection: Connection, ids: Iterable[str]) -> Iterator[str]:
    """Yield the studies, recordings and keys that have a row."""
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        for table in (STUDY, RECORDING, WRAPPED_KEY):
            yield from connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars()
