"""A folder that is watched: everything is taken once, when it is complete."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.stores import AGREED
from transcriber.domain.consent import NOBODY_SAID, Answer, Consent
from transcriber.domain.errors import InputError
from transcriber.domain.recording import Kind
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.consent.book import put_consents, say_who_takes_part
from transcriber.services.jobs import list_jobs
from transcriber.services.recording_list import show_recording
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.submit import Submission
from transcriber.services.watched_folder import STEADY_S, NotTaken, Taken, WatchedFolder
from transcriber.storage.database.studies import Study


def sound(seed: int, size: int = 20_000) -> bytes:
    return b"RIFF\0\0\0\0WAVE" + Random(seed).randbytes(size)


class Watch:
    """A folder, who watches it, and a clock that goes when it is told to."""

    def __init__(self, store: Store, study: Study, folder: Path) -> None:
        self.store, self.study, self.folder = store, study, folder
        self.now_s = 0.0
        self.watched = self.again()

    def again(self) -> WatchedFolder:
        """Return another that knows nothing, as after a restart."""
        submission = Submission((), Kind.INDIVIDUAL, may_wait=True)
        return WatchedFolder(self.store, self.study, self.folder, submission, lambda: self.now_s)

    def put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def look(self) -> list[Taken | NotTaken]:
        """Look once, and again when everything was steady for long enough."""
        early = list(self.watched.look())
        self.now_s += STEADY_S
        return early + list(self.watched.look())

    def stored(self) -> dict[str, str]:
        with self.store.database.read() as connection:
            found = self.store.recordings.all(connection, self.study)
        return {one.recording.code: one.parts[0].file_name for one in found}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "home")}))


@pytest.fixture
def study(store: Store) -> Study:
    with store.database.write() as connection:
        return store.studies.add(connection, "Breast-feeding", AGREED)


@pytest.fixture
def watch(store: Store, study: Study, tmp_path: Path) -> Watch:
    (tmp_path / "folder").mkdir()
    return Watch(store, study, tmp_path / "folder")


def test_what_appears_is_taken_once_and_left_where_it_is(watch: Watch) -> None:
    first = watch.put("a.wav", sound(1))
    second = watch.put("Week 2/b.wav", sound(2))
    assert watch.look() == [Taken(second, "INT01"), Taken(first, "INT02")]
    assert watch.look() == []
    assert first.read_bytes() == sound(1)
    watch.put("copy of a.wav", sound(1))
    assert watch.look() == []
    assert watch.stored() == {"INT01": "b.wav", "INT02": "a.wav"}


def test_nothing_is_taken_twice_after_a_restart(watch: Watch) -> None:
    watch.put("a.wav", sound(1))
    watch.look()
    blobs = list(watch.store.blobs.place.listed())
    watch.watched = watch.again()
    assert watch.look() == []
    assert list(watch.store.blobs.place.listed()) == blobs


def test_where_each_is_asked_it_waits_for_who_takes_part(watch: Watch) -> None:
    terms = StudyTerms(consent_per_person=True)
    with watch.store.database.write() as connection:
        agreed_on = replace(watch.study.agreed, terms=terms)
        watch.study = watch.store.studies.agree(connection, watch.study, agreed_on)
    path = watch.put("a.wav", sound(1))
    assert watch.look() == [Taken(path, "INT01", waits=True)]
    assert watch.look() == []
    (row,) = list_jobs(watch.store, watch.study)
    recording_id = row.state.recording_id
    shown = show_recording(watch.store, watch.study.id, recording_id)
    assert (shown.state.value, shown.failure_code) == ("failed", "no_consent")
    assert shown.failure_sentence == NOBODY_SAID
    say_who_takes_part(watch.store, None, watch.study.id, recording_id, ["P01"])
    shown = show_recording(watch.store, watch.study.id, recording_id)
    assert "No consent of P01 to be recorded" in (shown.failure_sentence or "")
    agreed = Consent("P01", recorded=Answer.AGREED, transcribed=Answer.AGREED)
    put_consents(watch.store, None, watch.study.id, [agreed])
    shown = show_recording(watch.store, watch.study.id, recording_id)
    assert (shown.state.value, shown.failure_code) == ("waiting", None)
    say_who_takes_part(watch.store, None, watch.study.id, recording_id, [])
    shown = show_recording(watch.store, watch.study.id, recording_id)
    assert shown.state.value == "cancelled"


def test_a_file_that_still_grows_is_waited_for(watch: Watch) -> None:
    path = watch.put("a.wav", sound(1)[:100])
    for size in (1000, 5000, 20_000):
        list(watch.watched.look())
        watch.now_s += STEADY_S
        path.write_bytes(sound(1)[:size])
    assert list(watch.watched.look()) == []
    watch.now_s += STEADY_S
    assert list(watch.watched.look()) == [Taken(path, "INT01")]


def test_a_file_that_somebody_has_open_to_write_is_waited_for(watch: Watch) -> None:
    path = watch.folder / "a.wav"
    with path.open("wb") as file:
        file.write(sound(1))
        file.flush()
        assert watch.look() == []
    assert watch.look() == [Taken(path, "INT01")]


def test_a_bad_file_is_told_once_and_stops_nobody(watch: Watch) -> None:
    empty = watch.put("a.wav", b"")
    photo = watch.put("b.wav", b"\xff\xd8\xff" + bytes(1000))
    good = watch.put("c.wav", sound(3))
    outcomes = watch.look()
    told = {
        outcome.path: outcome.error.code for outcome in outcomes if isinstance(outcome, NotTaken)
    }
    assert told == {empty: "empty", photo: "not_sound"}
    assert Taken(good, "INT01") in outcomes
    assert watch.look() == []
    watch.put("a.wav", sound(4))
    assert watch.look() == [Taken(empty, "INT02")]


def test_hidden_and_unfinished_files_and_links_are_passed_over(
    watch: Watch, tmp_path: Path
) -> None:
    for name in (".DS_Store", "a.wav.part", "~$notes.docx", ".Trash/b.wav"):
        watch.put(name, sound(1))
    (tmp_path / "elsewhere.wav").write_bytes(sound(2))
    (watch.folder / "link.wav").symlink_to(tmp_path / "elsewhere.wav")
    assert watch.look() == []


def test_transcripts_are_taken_too(watch: Watch) -> None:
    path = watch.put("a.txt", b"Interviewer: How are you?\nP1: Fine.\nInterviewer: Good.\n")
    assert watch.look() == [Taken(path, "INT01")]


def test_a_folder_that_is_not_there_is_told(watch: Watch, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        WatchedFolder(watch.store, watch.study, tmp_path / "no", Submission((), Kind.GROUP))


@pytest.fixture
def process(watch: Watch, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command itself."""
    process = subprocess.Popen(
        [
            Path(sys.executable).parent / "transcriber",
            "watch",
            str(watch.folder),
            "--study",
            "Breast-feeding",
            "--kind",
            "group",
        ],
        env={**os.environ, "TRANSCRIBER_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_command_takes_in_what_is_copied_while_it_runs(
    watch: Watch, process: subprocess.Popen[str]
) -> None:
    assert process.stdout is not None
    assert "Watching" in process.stdout.readline()
    with (watch.folder / "Zebedee Quillfeather.wav").open("wb") as file:
        for start in range(0, 20_000, 5_000):
            file.write(sound(1)[start : start + 5_000])
            file.flush()
            time.sleep(0.3)
        file.write(sound(1)[20_000:])
    assert process.stdout.readline().split() == ["FG01", "taken"]
    assert watch.stored() == {"FG01": "Zebedee Quillfeather.wav"}
    process.send_signal(signal.SIGINT)
    assert process.wait() == 0
