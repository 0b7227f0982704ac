"""A store of studies with all its keys, for contract tests."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import NerKind, NerModel, Policy, Style
from transcriber.domain.recording import Kind, Recording, SpeakerCount, Trim
from transcriber.domain.roster import Participant, Roster
from transcriber.services.settings import Settings, load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.blobs.store import BlobStore, open_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.recordings import (
    NewRecording,
    Recordings,
    StoredPart,
    StoredRecording,
)
from transcriber.storage.database.studies import Agreed, Studies, Study
from transcriber.storage.database.tables import RECORDING, WRAPPED_KEY
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.keys.sealing import Place, seal

ROSTER = Roster(
    participants=(Participant("Sarah Whitfield", "P01", ("Saz",), "she", "Helen Marsh"),),
    places=("Leeds",),
    keep=("Breastfeeding Network",),
)
POLICY = Policy(
    "our-own",
    Style.ROLE,
    {EntityType.PERSON: Action.REPLACE, EntityType.AGE: Action.GENERALISE},
    {EntityType.AGE: "band"},
    models=(NerModel(NerKind.SPACY, "en_core_web_sm"),),
)
AGREED = Agreed(ROSTER, (POLICY,))
SOUND = b"RIFF the voice of Sarah"


@dataclass
class Stored:
    """The parts of a store, as `transcriber.bootstrap` joins them."""

    database: Database
    blobs: BlobStore
    key_file: KeyFile

    @property
    def keyring(self) -> Keyring:
        """A keyring of another process, which knows nothing yet."""
        return Keyring(self.key_file)

    def study(self, name: str = "Breast-feeding", agreed: Agreed = AGREED) -> Study:
        with self.database.write() as connection:
            return Studies(self.keyring).add(connection, name, agreed)

    def recording(
        self, study: Study, content: str = "a", code: str = "", sound: bytes = SOUND
    ) -> StoredRecording:
        """Add a recording of one file, whose SHA-256 is said to be `content`."""
        recordings, recording_id, key = Recordings(self.keyring), new_id(), Key.random(new_id())
        recording = Recording(
            code, study.name, Kind.GROUP, (content,), SpeakerCount(2, 7), "en", Trim(500, 90_000)
        )
        with self.blobs.staged() as staged:
            blob = staged.put_bytes(key, recording_id, Purpose.SOURCE, sound)
            parts = (StoredPart("Sarah Whitfield.m4a", content, blob),)
            with self.database.write() as connection:
                code = code or recordings.free_code(connection, study, recording.kind)
                named = replace(recording, code=code)
                new = NewRecording(recording_id, key, named, parts)
                return recordings.add(connection, study, new)


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Stored:
    """An empty store on either database, with its files in a folder."""
    key_file = KeyFile(tmp_path / "keys" / "master.key")
    key_file.create()
    return Stored(open_database(database_url), open_blobs(f"file://{tmp_path / 'blobs'}"), key_file)


@pytest.fixture
def opened(store: Stored, database_url: str, tmp_path: Path) -> Store:
    """The same store as services see it."""
    return open_store(settings_in(tmp_path, database_url))


def settings_in(folder: Path, database_url: str) -> Settings:
    """Return the settings of a service that keeps all in a folder but for its database."""
    return load_settings(
        {"TRANSCRIBER_HOME": str(folder), "TRANSCRIBER_DATABASE_URL": database_url}
    )


def add_bare_recordings(
    keyring: Keyring, connection: Connection, like: StoredRecording, count: int
) -> None:
    """Add recordings that are nothing but a row and a key."""
    (row,) = connection.execute(select(RECORDING).where(RECORDING.c.id == like.id)).mappings()
    study_key = keyring.study(connection, like.study_id)
    keys = {new_id(): Key.random(new_id()) for _ in range(count)}
    connection.execute(
        insert(RECORDING),
        [
            {
                **row,
                "id": recording_id,
                "code": seal(key, Place("recording", "code", recording_id), b"INT99"),
                "code_tag": bytes.fromhex(recording_id),
                "content_tag": bytes.fromhex(recording_id),
            }
            for recording_id, key in keys.items()
        ],
    )
    connection.execute(
        insert(WRAPPED_KEY).values(created_at_ms=now_ms()),
        [
            {
                "id": key.id,
                "kind": "recording",
                "recording_id": recording_id,
                "wrapped_by": study_key.id,
                "wrapped": study_key.wrap(key, "recording"),
            }
            for recording_id, key in keys.items()
        ],
    )
