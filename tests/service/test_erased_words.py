"""What was erased is gone from the memory of every process that had it open."""

import gc
import weakref
from pathlib import Path

import pytest

from tests.checked_study import Written, write_recording
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.services.erase import erase_recording
from transcriber.services.review.entities import study_entities
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.studies import StudyDraft
from transcriber.storage.database.tombstones import Grave, bury


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


def is_kept(store: Store, written: Written) -> "weakref.ref[object]":
    return weakref.ref(review_of(store, written.study_id, written.recording_id).fold)


def test_whoever_erases_forgets_at_once(served: Served) -> None:
    study = served.begin(StudyDraft("Peer support"), Role.LEAD)
    gone = write_recording(served.store, study, content="a")
    fold = is_kept(served.store, gone)
    assert fold() is not None
    code = review_of(served.store, study.id, gone.recording_id).recording.code
    erase_recording(served.store, study, code)
    gc.collect()
    assert fold() is None


def test_other_processes_forget_when_they_look_at_anything(served: Served) -> None:
    store = served.store
    study = served.begin(StudyDraft("Peer support"), Role.LEAD)
    gone, stays = (write_recording(store, study, content=content) for content in "ab")
    fold = is_kept(store, gone)
    with store.database.write() as connection:  # as another process does, which is then killed
        store.keyring.destroy_recording(connection, gone.recording_id)
        bury(connection, Grave(gone.recording_id, "recording", study.id))
    assert fold() is not None
    review = review_of(store, study.id, stays.recording_id)
    gc.collect()
    assert fold() is None
    # What is erased and not deleted yet keeps nobody from deciding for the study.
    found = study_entities(store, study.id)
    assert sum(one.mentions for one in found) <= len(review.findings)
    assert {mention.recording_id for one in found for mention in one.recordings} == {
        stays.recording_id
    }
