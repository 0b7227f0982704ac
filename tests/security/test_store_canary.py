"""Names made for this run go into the store and are then sought where nobody looks."""

import io
import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.buckets import BucketServer
from tests.databases import KINDS, new_database_url
from tests.postgres import PostgresServer
from tests.stores import AGREED, POLICY, Stored
from transcriber.domain.audit import Action
from transcriber.domain.edit import EntityDecided, Verdict, WordCorrected
from transcriber.domain.entity import Entity, Invented
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Quality
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.accounts import Accounts, Subject
from transcriber.storage.database.api_tokens import ApiTokens, NewToken
from transcriber.storage.database.audit_events import Audit, AuditEvent
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.decisions import Decisions
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.links import LinkKind, Links
from transcriber.storage.database.recordings import NewRecording, Recordings, StoredPart
from transcriber.storage.database.sessions import Sessions, SessionTerms
from transcriber.storage.database.sign_in_attempts import SignInAttempts
from transcriber.storage.database.studies import Agreed
from transcriber.storage.database.study_decisions import StudyDecisions
from transcriber.storage.database.transcripts import Transcripts
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import KeyFile

pytestmark = pytest.mark.slow


class Canaries:
    """Names that nobody else has."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def name(self) -> str:
        self.names.append(f"Canary{secrets.token_hex(8)}")
        return self.names[-1]

    def hits(self, where: bytes) -> list[str]:
        folded = where.lower()
        return [name for name in self.names if name.lower().encode() in folded]


def fill(store: Stored, canaries: Canaries) -> None:
    """Put a name into every place that takes one."""
    name = canaries.name
    roster = Roster((Participant(name(), "P01", (name(),)),), (name(),), (name(),), (name(),))
    study = store.study(name(), Agreed(roster, (replace(POLICY, name=name()),)))
    StoreRegister(store.database, store.keyring, study.id).update(
        lambda known: (
            (Entity(1, EntityType.PERSON, name(), frozenset({name()}), 1, Invented(name())),),
            None,
        )
    )
    recordings, transcripts = Recordings(store.keyring), Transcripts(store.keyring)
    recording_id, key = new_id(), Key.random(new_id())
    with store.blobs.staged() as staged:
        source = staged.put(key, recording_id, Purpose.SOURCE, io.BytesIO(name().encode() * 99))
        words = staged.put_bytes(key, recording_id, Purpose.TRANSCRIPT, name().encode())
        sha256 = name()  # a hash tells who has the file
        recording = Recording(name(), study.name, Kind.GROUP, (sha256,))
        new = NewRecording(recording_id, key, recording, (StoredPart(name(), sha256, source),))
        with store.database.write() as connection:
            recordings.add(connection, study, new)
            add_blobs(connection, [words])
            added = transcripts.add(connection, recording_id, Quality.FULL, words)
            found = Finding(0, 5, EntityType.PERSON, name(), 1.0, "roster", name())
            transcripts.found(connection, added, 0, [found])
            Decisions(store.keyring).append(
                connection, added, [WordCorrected("w1", name())], new_id()
            )
            decided = EntityDecided(EntityType.PERSON, name(), Verdict.CHANGE, None, name())
            StudyDecisions(store.keyring).add(connection, study.id, new_id(), decided, None)


def fill_accounts(store: Stored, canaries: Canaries) -> None:
    """The same with whatever says who somebody is or lets them in."""
    name, keyring = canaries.name, store.keyring
    accounts, links = Accounts(keyring), Links(keyring)
    sessions, tokens = Sessions(keyring, SessionTerms(1, 1)), ApiTokens(keyring)
    with store.database.write() as connection:
        account = accounts.add(
            connection, f"{name()}@x", name(), is_admin=True, begins_studies=True
        )
        accounts.set_password_hash(connection, account.id, name())
        accounts.set_subject(connection, account.id, Subject(name(), name()))
        token, secret = tokens.add(connection, account.id, NewToken(name(), frozenset(), None, 1))
        canaries.names += [
            secret,
            sessions.begin(connection, account.id),
            links.add(connection, account.id, LinkKind.RESET),
        ]
        SignInAttempts(keyring).admit(connection, f"{name()}@x", name())
        Audit(keyring).record(connection, AuditEvent(Action.TOKEN_CREATED, subject_id=token.id))


def provoke(store: Stored, canaries: Canaries) -> str:
    """Break a rule of the database with a name in hand; return all that is told of it."""
    name = canaries.name()
    store.study(name)
    with pytest.raises(Conflict) as refused:
        store.study(name, AGREED)
    return "".join(traceback.format_exception(refused.value)) + repr(refused.value)


def everything_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        # A running server deletes files of its own meanwhile.
        with suppress(FileNotFoundError):
            if path.is_file():
                yield path, path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_lies_readable_anywhere(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bucket_server: BucketServer = request.getfixturevalue("bucket_server")
    url = new_database_url(request, kind, tmp_path)
    folders = [tmp_path]
    if kind == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        folders.append(postgres.folder)
    key_file = KeyFile(tmp_path / "master.key")
    key_file.create()
    canaries = Canaries()
    with caplog.at_level(logging.DEBUG):
        for place in ((tmp_path / "blobs").as_uri(), bucket_server.new_bucket()):
            store = Stored(open_database(url), open_blobs(place), key_file)
            fill(store, canaries)
            fill_accounts(store, canaries)
            told = provoke(store, canaries)
    if kind == "postgresql":
        postgres.checkpoint()
    assert len(canaries.names) == 2 * (21 + 11)
    assert canaries.hits(told.encode()) == []
    assert canaries.hits(caplog.text.encode()) == []
    for folder in folders:
        contents = dict(everything_in(folder))
        assert contents
        for path, content in contents.items():
            assert canaries.hits(content) == [], path.name
            assert canaries.hits(str(path).encode()) == []


def test_a_name_that_lies_readable_is_found(tmp_path: Path) -> None:
    """The search itself works: it finds a name in a file that is not encrypted."""
    canaries = Canaries()
    (tmp_path / "plain.txt").write_text(f"x{canaries.name().upper()}x")
    assert canaries.hits((tmp_path / "plain.txt").read_bytes()) == canaries.names
