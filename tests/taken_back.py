"""What may be found nowhere once P03 has taken everything back, and the search for it."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from sqlalchemy import select, text

from tests.opened import opened_files, opened_values
from tests.planted import FINGERPRINT_BYTES, occurrences, sealed_start, written_forms
from tests.postgres import PostgresServer
from tests.taking_part import APART, TakingPart
from transcriber.services.store import Store
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.withdraw import withdraw_participant
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.tables import ENTITY, RECORDING, WRAPPED_KEY

LABELS = ("P03",)


@dataclass(frozen=True)
class Traces:
    """P03 in bytes: `clear` as anybody can read it, `sealed` as it lay there, `keys` to that.

    `tags` do not tell a name, but confirm it to whoever has the keys and guesses. `locked` is what
    keys sealed that are destroyed: where a server keeps former rows for a while, it lies there, and
    nobody can open it.
    """

    clear: tuple[bytes, ...]
    sealed: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    wrapped: tuple[bytes, ...]
    tags: tuple[bytes, ...]
    locked: tuple[bytes, ...]


KINDS = tuple(each.name for each in fields(Traces))


def traces_of(world: TakingPart) -> Traces:
    """Look at what is there of P03 now."""
    store = world.store
    values = [value for value in opened_values(store) if _holds(world, value.text)]
    ids = [heard.id for name, heard in world.recordings.items() if name != APART]
    sealed = [value.sealed[-FINGERPRINT_BYTES:] for value in values if value.owner not in ids]
    locked = [value.sealed[-FINGERPRINT_BYTES:] for value in values if value.owner in ids]
    entities = [value.place.row for value in values if value.place.table == ENTITY.name]
    files = [
        sealed_start(store, file.blob.id)
        for file in opened_files(store, world.study.id)
        if _holds(world, file.text) or world.sounds.heard_in(file.text)[0]
    ]
    with store.database.read() as connection:
        keys = [store.keyring.recording(connection, recording_id).secret for recording_id in ids]
        rows = connection.execute(
            select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.recording_id.in_(ids))
        )
        wrapped = [bytes(row.wrapped) for row in rows]
        tags = [
            *connection.execute(
                select(ENTITY.c.key_tag).where(ENTITY.c.id.in_(entities))
            ).scalars(),
            *connection.execute(
                select(RECORDING.c.content_tag).where(RECORDING.c.id.in_(ids))
            ).scalars(),
        ]
    words = [form for root in world.mine.roots for form in written_forms(root)]
    sounds = [each.tobytes()[:FINGERPRINT_BYTES] for each in world.sounds.mine]
    return Traces(
        (*words, *sounds),
        (*sealed, *files),
        tuple(keys),
        tuple(wrapped),
        tuple(tags),
        tuple(locked),
    )


def taken_back(world: TakingPart) -> None:
    """Withdraw P03, as somebody who has seen what that would do."""
    seen = preview_withdrawal(world.store, world.study.id, LABELS).stamp
    withdraw_participant(world.store, world.actor_id, world.study.id, LABELS, seen)


def require_nothing(
    world: TakingPart, places: Iterable[Path], traces: Traces, server: Path | None
) -> None:
    """Fail where anything of P03 lies about or can be read, or anything of others cannot."""
    assert readable(world, world.store) == []
    assert lying_about(places, traces, server) == []
    assert kept_of_others(world, world.store) == ([], [], [])


def server_files(store: Store, server: PostgresServer) -> Path:
    """Return the folder of the files of a database, all of it written to them."""
    server.checkpoint()
    named = text("SELECT oid FROM pg_database WHERE datname = current_database()")
    with store.database.read() as connection:
        oid: int = connection.execute(named).scalar_one()
    return server.folder / "data" / "base" / str(oid)


def killed(action: Callable[[], object], delay_ms: float) -> bool:
    """Run something in a process that is killed after some time; return whether it had ended."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)
    time.sleep(delay_ms / 1000)
    os.kill(child, signal.SIGKILL)
    _, ended = os.waitpid(child, 0)
    return os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == 0


def lying_about(places: Iterable[Path], traces: Traces, server: Path | None = None) -> list[str]:
    """Return what of P03 lies in which file, without any key.

    `server` are the files of a database server, in which what is locked for good may lie.
    """
    found = _lying(places, traces, KINDS)
    return sorted(found if server is None else found | _lying([server], traces, KINDS[:-1]))


def _lying(places: Iterable[Path], traces: Traces, kinds: Sequence[str]) -> set[str]:
    sought = {
        form: kind
        for kind in kinds
        for piece in getattr(traces, kind)
        for form in (piece, piece.hex().encode())
    }
    every = [piece for kind in kinds for piece in getattr(traces, kind)]
    return {f"{sought[piece]} in {path.name}" for path, piece in occurrences(places, every)}


def readable(world: TakingPart, store: Store) -> list[str]:
    """Return what of P03 can be read with the keys that a store has now."""
    found = {
        f"{what} in {value.place.table}.{value.place.column}"
        for value in opened_values(store)
        for what in _said(world, value.text)
    }
    for file in opened_files(store, world.study.id):
        found |= {f"{what} in a {file.blob.purpose}" for what in _said(world, file.text)}
        found |= {
            f"sound {number} in a {file.blob.purpose}"
            for number in world.sounds.heard_in(file.text)[0]
        }
    return sorted(found)


def kept_of_others(world: TakingPart, store: Store) -> tuple[list[str], list[int], list[int]]:
    """Return what of others cannot be read any more: words, sounds as uploaded, sounds to hear."""
    values, files = list(opened_values(store)), list(opened_files(store, world.study.id))
    texts = [*(value.text for value in values), *(file.text for file in files)]
    lost = [
        what
        for what, token in world.others.told.items()
        if not any(token.encode() in text for text in texts)
    ]
    heard: dict[bool, set[int]] = {True: set(), False: set()}
    for file in files:
        heard[file.blob.purpose is Purpose.SOURCE] |= set(world.sounds.heard_in(file.text)[1])
    every = set(range(len(world.sounds.others)))
    return lost, sorted(every - heard[True]), sorted(every - heard[False])


def _holds(world: TakingPart, text: bytes) -> bool:
    lowered = text.lower()
    return any(root.encode() in lowered for root in world.mine.roots)


def _said(world: TakingPart, text: bytes) -> list[str]:
    """Return which of P03's words are in a text; one that is cut is told as that."""
    if not _holds(world, text):
        return []
    lowered = text.lower()
    whole = [what for what, token in world.mine.told.items() if token.lower().encode() in lowered]
    return whole or ["a part of a word"]
