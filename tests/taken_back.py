"""What may be found nowhere once P03 has taken everything back, and the search for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from tests.opened import OpenedFile, opened_files, opened_values
from tests.planted import FINGERPRINT_BYTES, occurrences, sealed_start, written_forms
from tests.sound_prints import decoded, heard_in
from tests.taking_part import TakingPart
from transcriber.services.store import Store
from transcriber.storage.database.tables import WRAPPED_KEY


@dataclass(frozen=True)
class Traces:
    """P03 in bytes: `clear` as anybody can read it, `sealed` as it lay there, `keys` to that."""

    clear: tuple[bytes, ...]
    sealed: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    wrapped: tuple[bytes, ...]

    @property
    def everything(self) -> tuple[bytes, ...]:
        return (*self.clear, *self.sealed, *self.keys, *self.wrapped)


def traces_of(world: TakingPart) -> Traces:
    """Look at what is there of P03 now."""
    store = world.store
    sealed = [
        value.sealed[-FINGERPRINT_BYTES:]
        for value in opened_values(store)
        if _holds(world, value.text)
    ]
    files = [
        sealed_start(store, file.blob.id)
        for file in opened_files(store)
        if _holds(world, file.text) or _heard(world, file)
    ]
    ids = [heard.id for name, heard in world.recordings.items() if name != "apart"]
    with store.database.read() as connection:
        keys = [store.keyring.recording(connection, recording_id).secret for recording_id in ids]
        rows = connection.execute(
            select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.recording_id.in_(ids))
        )
        wrapped = [bytes(row.wrapped) for row in rows]
    words = [form for root in world.mine.roots for form in written_forms(root)]
    sounds = [each.tobytes()[:FINGERPRINT_BYTES] for each in world.sounds.mine]
    return Traces((*words, *sounds), (*sealed, *files), tuple(keys), tuple(wrapped))


def lying_about(places: Iterable[Path], traces: Traces) -> list[str]:
    """Return what of P03 lies in which file, without any key."""
    kinds = {
        form: kind
        for kind in ("clear", "sealed", "keys", "wrapped")
        for piece in getattr(traces, kind)
        for form in (piece, piece.hex().encode())
    }
    found = occurrences(places, traces.everything)
    return sorted({f"{kinds[piece]} in {path.name}" for path, piece in found})


def readable(world: TakingPart, store: Store) -> list[str]:
    """Return what of P03 can be read with the keys that a store has now."""
    found = {
        f"{what} in {value.place.table}.{value.place.column}"
        for value in opened_values(store)
        for what in _said(world, value.text)
    }
    for file in opened_files(store):
        found |= {f"{what} in a {file.blob.purpose}" for what in _said(world, file.text)}
        found |= {f"sound {number} in a {file.blob.purpose}" for number in _heard(world, file)}
    return sorted(found)


def kept_of_others(world: TakingPart, store: Store) -> tuple[list[str], list[int], list[int]]:
    """Return what of others cannot be read any more: words, sounds as uploaded, sounds to hear."""
    values, files = list(opened_values(store)), list(opened_files(store))
    texts = [*(value.text for value in values), *(file.text for file in files)]
    lost = [
        what
        for what, token in world.others.told.items()
        if not any(token.encode() in text for text in texts)
    ]
    heard: dict[bool, set[int]] = {True: set(), False: set()}
    for file in files:
        sound = decoded(file.text)
        if sound is not None:
            is_source = file.blob.purpose.value == "source"
            heard[is_source] |= set(heard_in(sound, world.sounds.others))
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


def _heard(world: TakingPart, file: OpenedFile) -> list[int]:
    """Return which of P03's sounds are in a file: as it is, or decoded."""
    sound = decoded(file.text)
    found = set() if sound is None else set(heard_in(sound, world.sounds.mine))
    found |= {
        number
        for number, each in enumerate(world.sounds.mine)
        if each.tobytes()[:FINGERPRINT_BYTES] in file.text
    }
    return sorted(found)
