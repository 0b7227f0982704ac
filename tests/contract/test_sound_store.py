"""What can be listened to, on both databases and with files in a folder."""

from pathlib import Path

import pytest

from tests.listening import put_recording, spoken
from tests.stores import Stored
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.pipeline import CLIPS, REVIEW_COPY
from transcriber.services.review import sound
from transcriber.services.review.sound import review_sound
from transcriber.services.stages_done import left_by, result_id_of
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import events

WHO = "a" * 32


def played(store: Store) -> int:
    with store.database.read() as connection:
        return [event.action for _, event in events(connection)].count(Action.PLAYED)


def test_the_copy_is_read_from_anywhere_and_once_a_sitting_written_down(
    opened: Store, store: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = store.study()
    heard = put_recording(opened, study, tmp_path / "work", spoken(20_000))
    found = review_sound(opened, WHO, study.id, heard.id)
    assert (found.media_type, found.size_bytes) == ("audio/mp4", len(heard.copy))
    with found.open() as file:
        file.seek(5_000)
        assert file.read(3_000) == heard.copy[5_000:8_000]
    assert played(opened) == 1
    review_sound(opened, WHO, study.id, heard.id)
    # Another process knows of no sitting, and finds it in the audit.
    monkeypatch.setattr(sound, "_SITTINGS", sound._Sittings())
    review_sound(opened, WHO, study.id, heard.id)
    assert played(opened) == 1
    review_sound(opened, "b" * 32, study.id, heard.id)
    assert played(opened) == 2
    monkeypatch.setattr(sound, "_SITTINGS", sound._Sittings())
    monkeypatch.setattr(sound, "SITTING_MS", -60_000)
    review_sound(opened, WHO, study.id, heard.id)
    assert played(opened) == 3


def test_what_was_forgotten_is_told_and_not_a_fault(
    opened: Store, store: Stored, tmp_path: Path
) -> None:
    study = store.study()
    heard = put_recording(opened, study, tmp_path / "work", spoken(20_000))
    assert left_by(opened, study.id, heard.id, CLIPS)
    for stage in (CLIPS, REVIEW_COPY):
        result_id = result_id_of(opened, study.id, heard.id, stage.name)
        assert result_id is not None
        opened.results.forget(result_id)
    assert left_by(opened, study.id, heard.id, CLIPS) is None
    with pytest.raises(UsageError) as told:
        review_sound(opened, WHO, study.id, heard.id)
    assert told.value.code == "no_sound_yet"
