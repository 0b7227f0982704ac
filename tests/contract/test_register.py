"""What any register of pseudonyms must do: a file beside results, or a study in the store."""

import multiprocessing
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection

from tests.databases import KINDS, new_database_url
from tests.stores import Stored
from transcriber.domain.entity import Entity, Invented
from transcriber.domain.errors import StorageError
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.stages.pseudonymise.apply import apply_policy, introduce
from transcriber.stages.pseudonymise.ledger import Ledger
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.studies import Agreed, Studies
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.register import SqliteRegister

pytestmark = pytest.mark.slow

P = EntityType.PERSON
KEYS = [f"person {number}" for number in range(40)]
SARAH = Entity(1, P, "sarah whitfield", frozenset({"sarah", "saz"}), 1, Invented("Helen", "Marsh"))


Opener = Callable[[], SqliteRegister | StoreRegister]
"""Opens a register, in this process or another."""


def open_stored(url: str, key_file: Path, study_id: str) -> StoreRegister:
    return StoreRegister(open_database(url), Keyring(KeyFile(key_file)), study_id)


@pytest.fixture(params=["file", *KINDS])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    if request.param == "file":
        return partial(SqliteRegister, tmp_path / "register.sqlite")
    url = new_database_url(request, request.param, tmp_path)
    key_file = KeyFile(tmp_path / "master.key")
    key_file.create()
    with open_database(url).write() as connection:
        study = Studies(Keyring(key_file)).add(connection, "Study", Agreed(Roster(), ()))
    return partial(open_stored, url, key_file.path, study.id)


def keep(opener: Opener, *entities: Entity) -> None:
    opener().update(lambda known: (entities, None))


def test_what_is_kept_is_there_again(opener: Opener) -> None:
    town = Entity(2, EntityType.LOCATION, "leeds", frozenset({"leeds"}))
    keep(opener, SARAH, town)
    assert opener().entities() == (SARAH, town)


def test_an_entity_takes_the_place_of_the_one_before(opener: Opener) -> None:
    keep(opener, Entity(1, P, "sarah", number=1))
    keep(opener, SARAH, Entity(2, P, "sarah", number=2))
    assert [entity.key for entity in opener().entities()] == [SARAH.key, "sarah"]


@pytest.mark.parametrize(
    "other",
    [
        Entity(2, P, SARAH.key),
        Entity(2, P, "tom", number=1),
        Entity(2, P, "tom", invented=Invented("Helen")),
        Entity(2, P, "tom", invented=Invented("Ann", "Marsh")),
    ],
)
def test_no_two_entities_share_anything(opener: Opener, other: Entity) -> None:
    keep(opener, SARAH)
    with pytest.raises(StorageError):
        keep(opener, Entity(3, P, "lily"), other)
    assert opener().entities() == (SARAH,)


def test_nothing_is_kept_when_the_decision_fails(opener: Opener) -> None:
    def fail(known: Sequence[Entity]) -> tuple[Sequence[Entity], None]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        opener().update(fail)
    assert opener().entities() == ()


def test_the_file_of_an_earlier_version_keeps_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE pseudonym (entity_type TEXT, entity TEXT, number INTEGER) STRICT"
        )
        rows = [("PERSON", "sarah whitfield", 2), ("ORGANISATION", "saint marys hospital", 1)]
        connection.executemany("INSERT INTO pseudonym VALUES (?, ?, ?)", rows)
    connection.close()
    found = [
        Finding(0, 5, P, "Sarah", 1.0, "x"),
        Finding(9, 12, P, "Tom", 1.0, "x"),
        Finding(20, 30, EntityType.ORGANISATION, "St Mary's Hospital", 1.0, "x"),
    ]
    policy = Policy("p", Style.LABEL, {})
    applied = apply_policy(found, policy, Roster(), SqliteRegister(path))
    labels = [finding.replacement for finding in applied]
    assert labels == ["[PERSON_2]", "[PERSON_3]", "[ORGANISATION_1]"]


def test_a_speaker_keeps_a_label_that_nobody_else_has(opener: Opener) -> None:
    register = opener()
    assert register.labels("INT01", ["S1", "S2"], ()) == ("P01", "P02")
    assert register.labels("INT02", ["S2"], {"P03"}) == ("P04",)
    assert register.labels("INT01", ["S2", "S1"], ()) == ("P02", "P01")
    assert register.labels("INT01", ["S1"], {"P01"}) == ("P03",)
    assert register.labels("INT09", [], ()) == ()


def labelled(opener: Opener, recording: str) -> tuple[str, ...]:
    return opener().labels(recording, ["S1", "S2", "S3"], {"P02"})


def test_processes_at_once_share_no_label(opener: Opener) -> None:
    recordings = [f"INT{number:02d}" for number in range(8)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as processes:
        given = list(processes.map(partial(labelled, opener), recordings))
    labels = [label for of_recording in given for label in of_recording]
    assert len(set(labels)) == len(labels) == 24
    assert "P02" not in labels


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "private" / "register.sqlite"
    keep(partial(SqliteRegister, path), SARAH)
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        yield pool


def allot(opener: Opener, shift: int) -> dict[str, int]:
    register = opener()
    return {key: register.update(partial(_numbered, key)) for key in KEYS[shift:] + KEYS[:shift]}


def _numbered(key: str, known: Sequence[Entity]) -> tuple[Sequence[Entity], int]:
    ledger = Ledger(known)
    identity = ledger.find(P, key) or ledger.add(P, key)
    number = ledger.number(identity)
    return ledger.changed, number


def test_four_processes_at_once_agree(opener: Opener, pool: ProcessPoolExecutor) -> None:
    answers = list(pool.map(allot, [opener] * 4, (0, 10, 20, 30)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(answers[0].values()) == list(range(1, len(KEYS) + 1))


PEOPLE = (
    ("Sarah Whitfield", "Sarah", "Mrs Whitfield", "Saz"),
    ("Tom Green", "Tom", "Green"),
    ("Shazia Akhtar", "Shaz", "Shazia"),
    ("Priya Patel",),
    ("Denise",),
    ("Imran Khan", "Imran"),
    ("Fatima Khan", "Fatima"),
)
NAMES = tuple(name for names in PEOPLE for name in names)


TURNS = pytest.mark.parametrize(
    ("opener", "turn"),
    [*(("file", turn) for turn in range(3)), *((kind, 0) for kind in KINDS)],
    indirect=["opener"],
)


def said_in(recording: int, everything: bool) -> tuple[str, list[Finding]]:
    """Names in another order in each recording: all of them, or a third except in every tenth."""
    everything = everything or recording % 10 == 0
    drawn = Random(recording).sample(NAMES, len(NAMES) if everything else len(NAMES) // 3)
    text, findings = "", []
    for name in drawn:
        findings.append(Finding(len(text), len(text) + len(name), P, name, 1.0, "x"))
        text += f"{name} and "
    return text, findings


def introduced(opener: Opener, recording: int) -> None:
    text, findings = said_in(recording, everything=False)
    introduce(findings, Roster(), opener(), {None: text})


def pseudonymised(opener: Opener, recording: int, everything: bool) -> dict[str, str]:
    policy = Policy("p", Style.PSEUDONYM, {P: Action.REPLACE})
    text, findings = said_in(recording, everything)
    applied = apply_policy(findings, policy, Roster(), opener(), {None: text})
    return {finding.text: finding.replacement or "" for finding in applied}


def require_one_each(answers: Sequence[dict[str, str]]) -> None:
    """A name is replaced by one text everywhere; nobody has a word of somebody else's pseudonym."""
    named: dict[str, set[str]] = {}
    for answer in answers:
        for name, invented in answer.items():
            named.setdefault(name, set()).add(invented)
    assert {name: len(invented) for name, invented in named.items()} == dict.fromkeys(named, 1)
    words = [
        {word for name in names for text in named.get(name, ()) for word in text.split()}
        for names in PEOPLE
    ]
    assert max(map(len, words)) == 2
    assert len(set().union(*words)) == sum(map(len, words))


@TURNS
def test_ten_recordings_by_four_processes_give_each_person_one_name(
    opener: Opener, turn: int, pool: ProcessPoolExecutor
) -> None:
    recordings = range(10 * turn, 10 * turn + 10)
    require_one_each(list(pool.map(pseudonymised, [opener] * 10, recordings, [True] * 10)))


@TURNS
def test_introduced_first_one_recording_with_full_names_will_do(
    opener: Opener, turn: int, pool: ProcessPoolExecutor
) -> None:
    recordings = range(10 * turn, 10 * turn + 10)
    list(pool.map(introduced, [opener] * 10, recordings))
    require_one_each(list(pool.map(pseudonymised, [opener] * 10, recordings, [False] * 10)))


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    path.write_bytes(b"no database at all, but long enough to look at" * 10)
    with pytest.raises(StorageError) as refused:
        keep(partial(SqliteRegister, path), SARAH)
    assert "sarah" not in refused.value.sentence


def test_whoever_may_not_write_any_more_changes_nothing(store: Stored) -> None:
    study = store.study()

    def guard(connection: Connection) -> None:
        raise StorageError("lease_lost", "another worker has it")

    zombie = StoreRegister(store.database, store.keyring, study.id, guard)
    with pytest.raises(StorageError):
        zombie.update(lambda known: ((SARAH,), None))
    assert StoreRegister(store.database, store.keyring, study.id).entities() == ()


def test_nobody_is_known_once_the_key_of_pseudonyms_is_destroyed(store: Stored) -> None:
    study = store.study()
    register = StoreRegister(store.database, store.keyring, study.id)
    register.update(lambda known: ((SARAH,), None))
    with store.database.write() as connection:
        store.keyring.destroy_pseudonyms(connection, study.id)
    with pytest.raises(StorageError) as refused:
        register.entities()
    assert refused.value.code == "key_destroyed"
