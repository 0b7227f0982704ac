"""What studies, recordings and their keys promise, on both databases."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, delete, select, update

from tests.stores import AGREED, SOUND, Stored
from transcriber.domain.errors import KeyUnusable, StorageError, UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Roster
from transcriber.storage.database.columns import SealedType
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.recordings import Recordings
from transcriber.storage.database.schema import METADATA
from transcriber.storage.database.studies import Studies
from transcriber.storage.database.tables import STUDY, WRAPPED_KEY
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.keys.master_key import KeyFile


def test_a_study_is_there_again(store: Stored) -> None:
    study = store.study()
    assert study.agreed == AGREED
    with store.database.read() as connection:
        studies = Studies(store.keyring)
        assert studies.get(connection, study.id) == study
        assert studies.named(connection, " breast-FEEDING ") == study
        assert studies.named(connection, "another") is None
        assert studies.all(connection) == (study,)


def test_an_empty_store_has_no_studies(store: Stored) -> None:
    with store.database.read() as connection:
        assert Studies(store.keyring).named(connection, "any") is None
        assert Studies(store.keyring).all(connection) == ()


def test_two_studies_have_two_names(store: Stored) -> None:
    store.study()
    other = store.study("Other")
    with pytest.raises(Conflict):
        store.study("BREAST-feeding")
    with store.database.read() as connection:
        assert len(Studies(store.keyring).all(connection)) == 2
    assert other.name == "Other"


def test_a_study_agrees_on_something_else(store: Stored) -> None:
    study = store.study()
    agreed = replace(AGREED, roster=Roster(people=("Tom Green",)))
    with store.database.write() as connection:
        Studies(store.keyring).agree(connection, study, agreed)
    with store.database.read() as connection:
        found = Studies(store.keyring).get(connection, study.id)
    assert found == replace(study, agreed=agreed, version=2)


def test_a_recording_is_there_again_and_its_sound_too(store: Stored) -> None:
    study = store.study()
    added = store.recording(study)
    assert added.recording.code == "FG01"
    assert added.recording.parts_sha256 == ("a",)
    with store.database.read() as connection:
        recordings = Recordings(store.keyring)
        assert recordings.get(connection, study, added.id) == added
        assert recordings.coded(connection, study, "FG01") == added
        assert recordings.with_content(connection, study, ["a"]) == added
        assert recordings.with_content(connection, study, ["b"]) is None
        assert recordings.all(connection, study) == (added,)
        key = store.keyring.recording(connection, added.id)
    (part,) = added.parts
    assert part.file_name == "Sarah Whitfield.m4a"
    assert store.blobs.read(key, part.blob) == SOUND


def test_a_recording_is_of_its_study_only(store: Stored) -> None:
    study, other = store.study(), store.study("Other")
    added = store.recording(study)
    assert store.recording(other).recording.code == "FG01"
    with store.database.read() as connection:
        assert Recordings(store.keyring).get(connection, other, added.id) is None


def test_codes_go_on_and_are_never_given_twice(store: Stored) -> None:
    study = store.study()
    store.recording(study, "a")
    store.recording(study, "b", code="FG02")
    added = [store.recording(study, content) for content in "cd"]
    assert [stored.recording.code for stored in added] == ["FG03", "FG04"]
    with store.database.write() as connection:
        assert Recordings(store.keyring).free_code(connection, study, Kind.INDIVIDUAL) == "INT01"
        for table in ("recording_part", "blob", "recording"):
            connection.execute(delete(METADATA.tables[table]))
        assert Recordings(store.keyring).free_code(connection, study, Kind.GROUP) == "FG05"


def test_a_name_that_is_taken_is_told(store: Stored) -> None:
    study = store.study()
    store.recording(study, "a", code="Sarah")
    with store.database.write() as connection:
        Recordings(store.keyring).require_free(connection, study, "Tom")
        with pytest.raises(UsageError) as refused:
            Recordings(store.keyring).require_free(connection, study, "Sarah")
    assert refused.value.code == "name_taken"


def test_the_same_files_are_not_kept_twice_and_leave_no_blob(store: Stored) -> None:
    study = store.study()
    store.recording(study, "a")
    with pytest.raises(Conflict):
        store.recording(study, "a")
    assert len(list(store.blobs.place.listed())) == 1


def test_a_name_that_is_not_utf8_stays_as_it_is(store: Stored) -> None:
    study = store.study()
    added = store.recording(study, code="Sarah\udce9")
    with store.database.read() as connection:
        assert Recordings(store.keyring).coded(connection, study, "Sarah\udce9") == added


def add_recordings(url: str, key_file: Path, folder: Path, contents: str) -> list[str]:
    from transcriber.storage.blobs.store import open_blobs

    store = Stored(open_database(url), open_blobs(f"file://{folder}"), KeyFile(key_file))
    with store.database.read() as connection:
        study = Studies(store.keyring).named(connection, "Breast-feeding")
    assert study is not None
    return [store.recording(study, content).recording.code for content in contents]


def test_processes_that_add_together_give_no_code_twice(
    store: Stored, database_url: str, tmp_path: Path
) -> None:
    store.study()
    contents = ("abcde", "fghij", "klmno")
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        places = (database_url, store.key_file.path, tmp_path / "blobs")
        codes = [*pool.map(add_recordings, *([place] * 3 for place in places), contents)]
    given = sorted(code for some in codes for code in some)
    assert given == [f"FG{number:02d}" for number in range(1, 16)]


def test_nothing_of_a_recording_opens_without_its_key(store: Stored) -> None:
    study = store.study()
    added, other = store.recording(study, "a"), store.recording(study, "b")
    with store.database.write() as connection:
        store.keyring.destroy_recording(connection, added.id)
    with store.database.read() as connection:
        assert Recordings(store.keyring).all(connection, study) == (other,)
        with pytest.raises(StorageError) as refused:
            store.keyring.recording(connection, added.id)
    assert refused.value.code == "key_destroyed"


def test_without_a_studys_key_nothing_of_it_opens(store: Stored) -> None:
    study, other = store.study(), store.study("Other")
    added = store.recording(study)
    with store.database.write() as connection:
        store.keyring.destroy_study(connection, study.id)
    with store.database.read() as connection:
        assert Studies(store.keyring).all(connection) == (other,)
        assert Studies(store.keyring).get(connection, study.id) is None
        for ask in (store.keyring.study, store.keyring.pseudonyms):
            with pytest.raises(StorageError):
                ask(connection, study.id)
        with pytest.raises(StorageError):
            store.keyring.recording(connection, added.id)


def test_another_master_key_opens_nothing_and_says_so(store: Stored, tmp_path: Path) -> None:
    study = store.study()
    other = KeyFile(tmp_path / "other.key")
    other.create()
    with store.database.read() as connection, pytest.raises(KeyUnusable) as refused:
        Keyring(other).study(connection, study.id)
    assert refused.value.code == "other_master_key"


def test_keys_that_change_places_do_not_open(store: Stored) -> None:
    study, other = store.study(), store.study("Other")
    with store.database.write() as connection:
        wrapped = connection.execute(
            select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.study_id == other.id)
        ).scalars()
        connection.execute(
            update(WRAPPED_KEY)
            .where(WRAPPED_KEY.c.study_id == study.id, WRAPPED_KEY.c.kind == "study")
            .values(wrapped=next(iter(wrapped)))
        )
    with store.database.read() as connection, pytest.raises(StorageError) as refused:
        store.keyring.study(connection, study.id)
    assert refused.value.code == "key_damaged"


def test_names_that_change_places_do_not_open(store: Stored) -> None:
    study = store.study()
    with store.database.write() as connection:
        connection.execute(update(STUDY).values(settings=STUDY.c.name))
    with store.database.read() as connection, pytest.raises(StorageError) as refused:
        Studies(store.keyring).get(connection, study.id)
    assert refused.value.code == "row_damaged"


def test_no_text_lies_in_the_tables(store: Stored) -> None:
    """Whatever is bytes is sealed, a tag or a wrapped key; nothing that was given is readable."""
    store.recording(store.study(), code="Sarah")
    secrets = [b"Sarah", b"Breast", b"Leeds", b"Whitfield", b"Saz"]
    with store.database.read() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                shown = b" ".join(
                    value if isinstance(value, bytes) else str(value).encode()
                    for value in row.values()
                )
                assert not [secret for secret in secrets if secret in shown], table.name
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and not isinstance(column.type, SealedType):
                # Besides tags, also several in a row, keys that are wrapped and hashes of such.
                assert column.name.endswith("_tag") or column.name in (
                    "wrapped",
                    "key_sha256",
                    "marks",
                )
