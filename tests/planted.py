"""A recording full of strings that stand nowhere else, and the search for what is left of it."""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sqlalchemy import select

from tests.kept_words import put_copy, put_words
from tests.releases import release_bytes
from tests.stores import AGREED, Stored
from tests.talk import talk
from transcriber.domain.edit import WordCorrected
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.roster import Participant, Roster
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import HEADER_BYTES, Purpose
from transcriber.storage.database.blob_rows import add_blobs, blobs_of
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import WRAPPED_KEY
from transcriber.storage.ids import new_id
from transcriber.storage.keys.master_key import KeyFile

FIRST_BYTES = 8
FINGERPRINT_BYTES = 24
"""Of sound: so many random bytes stand nowhere by accident."""


@dataclass(frozen=True)
class Planted:
    """What may be found nowhere once a recording is gone.

    `texts` and `sound` in the clear; `keys` that would open it, in the clear and as they were
    stored; `sealed` pieces of its encrypted files.
    """

    recording_id: str
    texts: tuple[bytes, ...]
    sound: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    sealed: tuple[bytes, ...]

    @property
    def everything(self) -> tuple[bytes, ...]:
        return (*self.texts, *self.sound, *self.keys, *self.sealed)


def plant_study(store: Store) -> Study:
    """A study whose roster has a name that stands nowhere else."""
    name = f"Sarah{new_id()}"
    roster = Roster((Participant(name, "P01"),))
    parts = Stored(store.database, store.blobs, KeyFile(store.settings.key_file))
    return parts.study(f"Feeding {new_id()}", replace(AGREED, roster=roster))


def plant(store: Store, study: Study) -> Planted:
    """Add a recording with sound, copy, words, findings, decisions and a release."""
    parts = Stored(store.database, store.blobs, KeyFile(store.settings.key_file))
    sound, said, wrote, code = os.urandom(200_000), new_id(), new_id(), f"C{new_id()}"
    recording_id = parts.recording(study, new_id(), code, sound).id
    words = talk(("P01", f"I told {said} about the clinic"))
    start, end = words.layout.offsets(2, 2)
    found = Finding(
        *(start, end, EntityType.PERSON, said, 0.95, "roster", said),
        place=Place(2, 2, words.words[2].start_ms, words.words[2].end_ms),
        action=Action.REPLACE,
        replacement="[PERSON_1]",
    )
    put_words(store, recording_id, words, [found])
    put_copy(store, recording_id, sound[::-1])
    with store.database.write() as connection:
        stored = store.transcripts.latest(connection, recording_id)
        assert stored is not None
        edit = WordCorrected(words.words[0].id, wrote)
        store.decisions.append(connection, stored, [edit], new_id())
        key = store.keyring.recording(connection, recording_id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording_id, Purpose.RELEASE, release_bytes(code=code))
        with store.database.write() as connection:
            add_blobs(connection, [blob])
            add_release(connection, stored.id, blob, None)
    return look_at(store, recording_id, (said, wrote, code), sound)


def look_at(store: Store, recording_id: str, texts: Iterable[str], sound: bytes) -> Planted:
    """Return what is kept of a recording now."""
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
        wrapped = connection.execute(
            select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.recording_id == recording_id)
        ).scalar_one()
        blobs = blobs_of(connection, recording_id)
    middle = len(sound) // 2
    return Planted(
        recording_id,
        tuple(text.encode() for text in texts),
        tuple(
            piece[place : place + FINGERPRINT_BYTES]
            for piece in (sound, sound[::-1])
            for place in (0, middle, len(sound) - FINGERPRINT_BYTES)
        ),
        (key.secret, wrapped),
        tuple(sealed_start(store, blob.id) for blob in blobs),
    )


def sealed_start(store: Store, blob_id: str) -> bytes:
    """Return the first bytes of a stored file that are its own: of what is encrypted."""
    file, _ = store.blobs.place.open(blob_id)
    try:
        file.seek(HEADER_BYTES)
        return file.read(FINGERPRINT_BYTES)
    finally:
        file.close()


def written_forms(text: str) -> tuple[bytes, ...]:
    """Return how a text may lie in a file: in any case, as UTF-8 and UTF-16, in JSON, as Base64.

    Base64 is told at each of the three places where a text may begin in it.
    """
    forms: dict[bytes, None] = {}
    for cased in (text, text.lower(), text.upper()):
        escaped = json.dumps(cased)[1:-1]
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            forms[cased.encode(encoding)] = forms[escaped.encode(encoding)] = None
        data = cased.encode()
        for lead in range(3):
            coded = base64.b64encode(bytes(lead) + data)
            # What the bytes before and behind have a share in is left out.
            forms[coded[4 if lead else 0 : -4]] = None
    return tuple(forms)


def occurrences(folders: Iterable[Path], wanted: Iterable[bytes]) -> list[tuple[Path, bytes]]:
    """Search every byte of every file below some folders; return file and piece of each find.

    Hexadecimal, as a dump of a database writes bytes, is searched for too. A piece has eight bytes
    or more; raises ValueError for a shorter one.
    """
    sought = _Sought(form for piece in wanted for form in (piece, piece.hex().encode()))
    return [(path, piece) for path in _files(folders) for piece in sought.found(path.read_bytes())]


class _Sought:
    """Pieces by their first eight bytes: any number of them is sought at once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: dict[int, set[bytes]] = {}
        for piece in pieces:
            if len(piece) < FIRST_BYTES:
                raise ValueError("what is sought is too short to stand nowhere by accident")
            first = int.from_bytes(piece[:FIRST_BYTES], "little")
            self._pieces.setdefault(first, set()).add(piece)
        self._firsts = np.array(sorted(self._pieces), dtype="<u8")
        self._begins = np.zeros(1 << 16, dtype=bool)
        self._begins[self._firsts & 0xFFFF] = True

    def found(self, data: bytes) -> Iterator[bytes]:
        """Yield each piece that is in the data, once."""
        found: set[bytes] = set()
        for shift in range(min(FIRST_BYTES, len(data) - FIRST_BYTES + 1)):
            count = (len(data) - shift) // FIRST_BYTES
            words = np.frombuffer(data, "<u8", count, shift)
            perhaps = np.flatnonzero(self._begins[words & 0xFFFF])
            places = perhaps[np.isin(words[perhaps], self._firsts)]
            for place in places.tolist():
                at = place * FIRST_BYTES + shift
                for piece in self._pieces[int(words[place])]:
                    if data.startswith(piece, at):
                        found.add(piece)
        yield from found


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())
