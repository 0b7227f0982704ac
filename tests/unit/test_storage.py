"""Files are there whole or not at all; codes are given once."""

import os
import stat
from pathlib import Path

import pytest

from transcriber.domain.errors import InputError, StorageError
from transcriber.stages.protocols import Record
from transcriber.storage.files import private_directory, write_all, write_whole
from transcriber.storage.folder_journal import FolderJournal
from transcriber.storage.study_folder import StudyFolder


def test_a_private_folder_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir(mode=0o755)
    assert stat.S_IMODE(private_directory(tmp_path / "p").stat().st_mode) == 0o700


def test_a_failed_write_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"old")
    with pytest.raises(StorageError):
        write_all({tmp_path / "a": b"new", tmp_path / "missing" / "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_storage_errors_hold_no_path(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_whole(tmp_path / "missing" / "b", b"new")
    assert str(tmp_path) not in caught.value.sentence


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StorageError):
        StudyFolder(tmp_path / "out")


def test_a_record_holds_for_its_fingerprint_only(tmp_path: Path) -> None:
    journal = FolderJournal(tmp_path / "j")
    record = Record(b'{"a":\n1}', took_ms=7)
    journal.record("align", "one", record)
    assert FolderJournal(tmp_path / "j").load("align", "one") == record
    assert journal.load("align", "two") is None
    assert journal.load("detect", "one") is None


def test_a_half_written_record_is_no_record(tmp_path: Path) -> None:
    journal = FolderJournal(tmp_path / "j")
    (journal.workspace / ".align.json.part").write_bytes(b'{"fingerprint": "one"}\n{')
    assert journal.load("align", "one") is None


def test_the_same_content_keeps_its_code_and_other_content_gets_another(tmp_path: Path) -> None:
    first = StudyFolder(tmp_path / "out")
    assert first.code_for("a" * 64, "x.wav", "INT") == "INT01"
    assert first.code_for("b" * 64, "x.wav", "INT") == "INT02"
    again = StudyFolder(tmp_path / "out")
    assert again.code_for("a" * 64, "renamed.wav", "FG") == "INT01"
    assert again.code_for("c" * 64, "y.wav", "FG") == "FG01"


def test_two_inputs_with_one_kept_name_are_refused(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path / "out")
    assert folder.keep_name("x", "a" * 64, "x.wav") == "x"
    assert folder.keep_name("x", "a" * 64, "x.wav") == "x"
    with pytest.raises(InputError) as caught:
        folder.keep_name("x", "b" * 64, "x.mp3")
    assert caught.value.code == "name_taken"


def test_two_runs_do_not_work_in_one_folder_at_once(tmp_path: Path) -> None:
    first, second = StudyFolder(tmp_path / "out"), StudyFolder(tmp_path / "out")
    with first.only_one():
        with pytest.raises(StorageError) as caught, second.only_one():
            pass
        assert caught.value.code == "folder_in_use"
    with second.only_one():
        pass


def test_private_files_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = StudyFolder(tmp_path / "out")
        folder.write({"INT01.txt": b"clean"}, {"INT01.findings.json": b"raw"})
    finally:
        os.umask(old)
    for path in (tmp_path / "out" / "private").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
