"""Whether the audit is what was written: nothing changed, missing, added, moved or cut off."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from transcriber.domain.audit import Anchor
from transcriber.storage.database.audit_head import START, Head, chain_secret, chain_tag, read_head
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import AUDIT_EVENT
from transcriber.storage.keys.key import Key


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the event of a number.

    changed   it is not what was written
    missing   it was there
    added     it was not written by the program
    head      the end of the chain is not the one that was sealed, or it was taken away
    anchor    it is not the event that was noted elsewhere
    """

    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many events hold together, how many are older than the chain, and what is wrong.

    `compared` counts the anchors that were noted, `anchor` is the one of today.
    """

    events: int
    unchained: int
    faults: tuple[Fault, ...]
    anchor: Anchor | None
    compared: int


def verify(connection: Connection, keyring: Keyring, noted: Sequence[Anchor] = ()) -> Verified:
    """Go through all events, and compare with what was `noted` on earlier days.

    Raises StorageError when the head of the chain was changed.
    """
    rows = connection.execute(select(AUDIT_EVENT).order_by(AUDIT_EVENT.c.number))
    key = keyring.service(connection)
    head = read_head(connection, key) if key is not None else None
    if key is None or head is None:
        return _without_head(rows.all(), len(set(noted)), was_begun=key is not None)
    walk = _Walk(key, head, noted)
    faults = tuple(walk.faults(rows))
    return Verified(walk.chained, walk.unchained, faults, head.anchor, len(set(noted)))


class _Walk:
    """One walk over the events in their order, which counts them as it goes."""

    def __init__(self, key: Key, head: Head, noted: Sequence[Anchor]) -> None:
        self._secret, self._head = chain_secret(key), head
        self._noted = set(noted)
        self.chained = 0
        self.unchained = 0

    def faults(self, rows: Iterable[Row[Any]]) -> Iterator[Fault]:
        """Yield what is wrong."""
        head, before, expected = self._head, START, self._head.first
        if not head.from_start:
            yield Fault(head.first, "head")
        unmet = self._noted - {Anchor(0, START)}
        for row in rows:
            stored = row.chain_tag or b""
            if not head.first <= row.number <= head.last:
                self.unchained += row.number < head.first
                if stored or row.number > head.last:
                    yield Fault(row.number, "added")
                continue
            self.chained += 1
            yield from (Fault(number, "missing") for number in range(expected, row.number))
            # After a gap there is no predecessor to hold on to.
            if row.number == expected and not hmac.compare_digest(
                stored, chain_tag(self._secret, before, row._mapping)
            ):
                yield Fault(row.number, "changed")
            unmet.discard(Anchor(row.number, stored))
            before, expected = stored, row.number + 1
        yield from (Fault(number, "missing") for number in range(expected, head.last + 1))
        if expected > head.last and not hmac.compare_digest(before, head.tag):
            yield Fault(head.last, "head")
        yield from (Fault(number, "anchor") for number in sorted({each.number for each in unmet}))


def _without_head(rows: Iterable[Row[Any]], compared: int, *, was_begun: bool) -> Verified:
    """Say what can be said where no event was chained yet, or the head was taken away."""
    numbers = [(row.number, row.chain_tag is not None) for row in rows]
    chained = [number for number, is_chained in numbers if is_chained]
    faults = (
        (Fault(chained[0] if chained else 0, "head"),) if was_begun or compared or chained else ()
    )
    return Verified(len(chained), len(numbers) - len(chained), faults, None, compared)
