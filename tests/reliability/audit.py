"""Tampering with the audit, and many writers: `python -m tests.reliability.audit [--full]`.

Each tampering is made in a transaction, verified in it and taken back, so that the next one meets
the chain as it was written; in between the chain itself is verified, which has to find nothing.
"""

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tests.databases import KINDS, MEMORY
from tests.postgres import postgres_server, programs
from transcriber.domain.audit import Action, Anchor
from transcriber.domain.errors import StorageError
from transcriber.services.audit import note_end, verify_audit
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.audit_anchors import read_anchors
from transcriber.storage.database.account_tables import AUDIT_HEAD
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.audit_head import Head, chain_secret, chain_tag, write_head
from transcriber.storage.database.audit_verification import verify
from transcriber.storage.database.tables import AUDIT_EVENT
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Sealed

CHAIN = 60
"""Events that are tampered with; a longer chain is verified in the same way, only longer."""

NOTED_EVERY = 10
"""Events between two ends that are noted outside the database."""

CONTROL_EVERY = 50

FULL_TAMPERINGS = 10_000
FULL_WRITERS, FULL_ENTRIES = 8, 10_000

Row = dict[str, Any]
numbered = AUDIT_EVENT.c.number


@dataclass
class Chain:
    """A chain of events with the ends that it had, which somebody may have copied."""

    store: Store
    random: random.Random
    rows: list[Row]
    heads: dict[int, Sealed]

    @property
    def last(self) -> int:
        return len(self.rows)

    def number(self) -> int:
        return self.random.randint(1, self.last)

    def two(self) -> tuple[int, int]:
        first, second = self.random.sample(range(1, self.last + 1), 2)
        return min(first, second), max(first, second)


def change(chain: Chain, connection: Connection) -> None:
    """One field of one event."""
    row = chain.rows[chain.number() - 1]
    field = chain.random.choice([name for name in row if name != "number"])
    if field == "chain_tag":
        value: object = chain.random.choice((None, os.urandom(32), bytes(32)))
    elif field == "created_at_ms":
        value = row[field] + chain.random.choice((-1, 1, 86_400_000))
    elif field == "action":
        value = chain.random.choice([each for each in Action if each != row[field]])
    else:
        value = chain.random.choice((None, os.urandom(16).hex()))
        value = os.urandom(16).hex() if value == row[field] else value
    _write(connection, row["number"], {field: value})


def remove(chain: Chain, connection: Connection) -> None:
    """One event, or several in a row."""
    first = chain.number()
    last = min(chain.last, first + chain.random.randrange(3))
    connection.execute(delete(AUDIT_EVENT).where(numbered.between(first, last)))


def add(chain: Chain, connection: Connection) -> None:
    """A copy of an event, or one made up, before the first or after the last."""
    row = {**chain.rows[chain.number() - 1]}
    row["number"] = chain.random.choice((0, chain.last + 1, chain.last + chain.number()))
    if chain.random.random() < 0.5:
        row["chain_tag"] = os.urandom(32)
    connection.execute(insert(AUDIT_EVENT).values(row))


def push_in(chain: Chain, connection: Connection) -> None:
    """An event between two others: those after it are counted on."""
    place = chain.number()
    for number in range(chain.last, place - 1, -1):
        _write(connection, number, {"number": number + 1})
    row = {**chain.rows[chain.number() - 1], "number": place}
    connection.execute(insert(AUDIT_EVENT).values(row))


def close_up(chain: Chain, connection: Connection) -> None:
    """An event is taken away, and those after it are counted down, so that there is no gap."""
    place = chain.random.randint(1, chain.last - 1)
    connection.execute(delete(AUDIT_EVENT).where(numbered == place))
    for number in range(place + 1, chain.last + 1):
        _write(connection, number, {"number": number - 1})


def swap_numbers(chain: Chain, connection: Connection) -> None:
    """Two events change places with all that is in them."""
    first, second = chain.two()
    for before, after in ((first, -1), (second, first), (-1, second)):
        _write(connection, before, {"number": after})


def swap_contents(chain: Chain, connection: Connection) -> None:
    """What two events say changes places, their tags stay."""
    first, second = chain.two()
    for number, source in ((first, second), (second, first)):
        row = chain.rows[source - 1]
        kept = {name: row[name] for name in row if name not in ("number", "chain_tag")}
        _write(connection, number, kept)


def reverse(chain: Chain, connection: Connection) -> None:
    """A stretch runs backwards."""
    first, last = chain.two()
    connection.execute(delete(AUDIT_EVENT).where(numbered.between(first, last)))
    stretch = chain.rows[first - 1 : last]
    turned = [{**row, "number": first + last - row["number"]} for row in stretch]
    connection.execute(insert(AUDIT_EVENT), turned)


def truncate(chain: Chain, connection: Connection) -> None:
    """All events after one of them."""
    connection.execute(
        delete(AUDIT_EVENT).where(numbered > chain.random.randint(0, chain.last - 1))
    )


def replay_head(chain: Chain, connection: Connection) -> None:
    """The head of an earlier day, with all the events of today."""
    connection.execute(update(AUDIT_HEAD).values(content=chain.heads[_earlier(chain)]))


def replay_all(chain: Chain, connection: Connection) -> None:
    """The whole database of an earlier day: only what was noted elsewhere tells."""
    earlier = chain.random.randint(1, chain.last - NOTED_EVERY)
    connection.execute(delete(AUDIT_EVENT).where(numbered > earlier))
    connection.execute(update(AUDIT_HEAD).values(content=chain.heads[earlier]))


def damage_head(chain: Chain, connection: Connection) -> None:
    """A byte of the head is another one, or the head is gone."""
    if chain.random.random() < 0.2:
        connection.execute(delete(AUDIT_HEAD))
        return
    sealed = bytearray(chain.heads[chain.last])
    sealed[chain.random.randrange(len(sealed))] ^= chain.random.randint(1, 255)
    connection.execute(update(AUDIT_HEAD).values(content=Sealed(bytes(sealed))))


def rewrite(chain: Chain, connection: Connection) -> None:
    """All events from one on are written anew, with the head, under a key of one's own."""
    key, place = Key.random("0" * 32), chain.number()
    tag = chain.rows[place - 2]["chain_tag"] if place > 1 else bytes(32)
    for row in chain.rows[place - 1 :]:
        forged = {**row, "actor_id": "f" * 32}
        tag = chain_tag(chain_secret(key), tag, forged)
        _write(connection, row["number"], {"actor_id": "f" * 32, "chain_tag": tag})
    if chain.random.random() < 0.5:
        write_head(connection, key, Head(1, chain.last, tag, from_start=True))


Tampering = Callable[[Chain, Connection], None]
TAMPERINGS: tuple[Tampering, ...] = (
    change,
    remove,
    add,
    push_in,
    close_up,
    swap_numbers,
    swap_contents,
    reverse,
    truncate,
    replay_head,
    replay_all,
    damage_head,
    rewrite,
)


def tamper(store: Store, count: int, seed: int = 8) -> dict[str, tuple[int, int]]:
    """Tamper `count` times; return for each kind how often, and how often it was found."""
    chain = _chain(store, seed)
    anchors = read_anchors(store.settings.anchor_file)
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for turn in range(count):
        if turn % CONTROL_EVERY == 0 and _is_found(store, anchors, None, chain):
            raise AssertionError("a chain that nobody touched is said to be tampered with")
        act = TAMPERINGS[turn % len(TAMPERINGS)]
        tried[act.__name__] += 1
        found[act.__name__] += _is_found(store, anchors, act, chain)
    return {name: (tried[name], found[name]) for name in tried}


class _TakenBackError(Exception):
    """Ends a transaction so that nothing of it stays."""


def _is_found(
    store: Store, anchors: tuple[Anchor, ...], act: Tampering | None, chain: Chain
) -> bool:
    faults = False
    try:
        with store.database.write() as connection:
            if act is not None:
                act(chain, connection)
            try:
                faults = bool(verify(connection, store.keyring, anchors).faults)
            except StorageError:
                faults = True
            raise _TakenBackError
    except _TakenBackError:
        return faults


def _chain(store: Store, seed: int) -> Chain:
    """Write a chain of events that all differ, and keep each head that it had."""
    heads: dict[int, Sealed] = {}
    for number in range(1, CHAIN + 1):
        ids = [os.urandom(16).hex() for _ in range(4)]
        with store.database.write() as connection:
            store.audit.record(connection, AuditEvent(list(Action)[number % len(Action)], *ids))
        with store.database.read() as connection:
            heads[number] = Sealed(connection.execute(select(AUDIT_HEAD.c.content)).scalar_one())
        if number % NOTED_EVERY == 0:
            note_end(store)
    with store.database.read() as connection:
        rows = connection.execute(select(AUDIT_EVENT).order_by(numbered)).mappings()
        return Chain(store, random.Random(seed), [dict(row) for row in rows], heads)


def _earlier(chain: Chain) -> int:
    return chain.random.randint(1, chain.last - 1)


def _write(connection: Connection, number: int, values: Row) -> None:
    connection.execute(update(AUDIT_EVENT).where(numbered == number).values(values))


def _record(environment: dict[str, str], actor: str, entries: int) -> None:
    store = open_store(load_settings(environment))
    for number in range(entries):
        with store.database.write() as connection:
            event = AuditEvent(Action.VIEWED, actor * 32, "b" * 32, f"{number:032d}")
            store.audit.record(connection, event)


def write_together(environment: dict[str, str], writers: int, entries: int) -> int:
    """Let processes write at once; return how many events hold together, each of them once.

    Raises AssertionError for a fork: a number that is there twice or missing, a tag that holds on
    to another event, an entry that was lost.
    """
    actors = "0123456789abcdef"[:writers]
    with ProcessPoolExecutor(writers, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_record, [environment] * writers, actors, [entries] * writers))
    store = open_store(load_settings(environment))
    verified = verify_audit(store)
    if verified.faults:
        raise AssertionError(f"{len(verified.faults)} faults")
    with store.database.read() as connection:
        rows = connection.execute(select(AUDIT_EVENT.c.actor_id, AUDIT_EVENT.c.recording_id)).all()
    if len(set(rows)) != len(rows) or len(rows) != writers * entries:
        raise AssertionError(f"{len(set(rows))} entries of {writers * entries}")
    return verified.events


@contextmanager
def environment_on(kind: str) -> Iterator[dict[str, str]]:
    """Give the settings of an empty store on a kind of database."""
    with tempfile.TemporaryDirectory(prefix="aud", dir=MEMORY if MEMORY.is_dir() else None) as path:
        folder = Path(path)
        settings = {"TRANSCRIBER_HOME": str(folder / "home")}
        if kind == "sqlite":
            yield settings
            return
        folder.chmod(0o755)
        server = folder / "pg"
        server.mkdir()
        with postgres_server(server) as postgres:
            open_store(load_settings(settings))  # a store of our own has its master key made
            yield {**settings, "TRANSCRIBER_DATABASE_URL": postgres.new_database()}


def main() -> None:
    """Run both trials on each database and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.audit", description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=("tampering", "writing"))
    parser.add_argument("--database", choices=KINDS)
    arguments = parser.parse_args()
    tamperings = FULL_TAMPERINGS if arguments.full else 10 * len(TAMPERINGS)
    writers, entries = (FULL_WRITERS, FULL_ENTRIES) if arguments.full else (4, 100)
    kinds = [each for each in KINDS if each == "sqlite" or programs()]
    for kind in [arguments.database] if arguments.database else kinds:
        if arguments.only != "writing":
            with environment_on(kind) as environment:
                began_s = time.monotonic()
                found = tamper(open_store(load_settings(environment)), tamperings)
                total = [sum(each) for each in zip(*found.values(), strict=True)]
                took_s = time.monotonic() - began_s
                line = f"{total[0]} tamperings, {total[1]} found ({took_s:.0f} s)"
                print(f"{kind:<11} {line} {json.dumps(found)}", flush=True)
        if arguments.only != "tampering":
            with environment_on(kind) as environment:
                began_s = time.monotonic()
                events = write_together(environment, writers, entries)
                took_s = time.monotonic() - began_s
                line = f"{writers} writers of {entries} entries: {events} in one chain, 0 forks"
                print(f"{kind:<11} {line} ({took_s:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
