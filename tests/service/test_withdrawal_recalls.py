"""Whoever has a release of somebody who withdraws is told, or the receipt says who was not."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.withdrawing import Withdrawn, study_to_withdraw_from
from transcriber.domain.withdrawal import Receipt
from transcriber.exports.rights.withdrawal import receipt_sections, written
from transcriber.services.hand_off.bring import NOTICE, hand_off_due
from transcriber.services.hand_off.destinations import add_destination
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.withdraw import withdraw_participant
from transcriber.storage.database.hand_off_tables import HAND_OFF


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def study(tmp_path: Path, shared: Path) -> Withdrawn:
    """A study both releases of which lie in the folder."""
    config = tmp_path / "own.yaml"
    config.write_text(f"hand_off: {{folders: ['{shared}']}}\n")
    home = {"TRANSCRIBER_HOME": str(tmp_path / "home"), "TRANSCRIBER_CONFIG": str(config)}
    made = study_to_withdraw_from(open_store(load_settings(home)), tmp_path)
    add_destination(made.store, made.actor_id, made.study_id, str(shared), None)
    assert hand_off_due(made.store) == 2
    return made


def withdrawn(study: Withdrawn) -> Receipt:
    stamp = preview_withdrawal(study.store, study.study_id, ["P01"]).stamp
    return withdraw_participant(study.store, study.actor_id, study.study_id, ["P01"], stamp)


def notices(folder: Path) -> set[str]:
    return {path.name.partition("-")[0] for path in folder.iterdir() if path.name.endswith(NOTICE)}


def untold(study: Withdrawn, receipt: Receipt) -> dict[str, int]:
    names = {study.interview.recording_id: "interview", study.group.recording_id: "group"}
    return {names[each.recording_id]: each.places_untold for each in receipt.recalled}


def test_the_notice_lies_beside_the_release_before_the_recording_is_erased(
    study: Withdrawn, shared: Path
) -> None:
    code = study.code(study.interview)
    receipt = withdrawn(study)
    assert code in notices(shared)
    assert untold(study, receipt) == {"interview": 0, "group": 0}
    assert "could not be told" not in written("Receipt", receipt_sections(receipt))


def test_a_place_that_is_away_is_on_the_receipt_and_the_erasure_does_not_wait_for_it(
    study: Withdrawn, shared: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    shutil.move(shared, away)
    receipt = withdrawn(study)
    assert receipt.finished_at_ms is not None
    assert untold(study, receipt) == {"interview": 1, "group": 0}
    text = " ".join(written("Receipt", receipt_sections(receipt)).split())
    assert (
        "1 place that it was handed off to could not be told before it was erased: tell whoever "
        "runs it."
    ) in text
    shutil.move(away, shared)
    with study.store.database.write() as connection:
        waits = HAND_OFF.c.next_at_ms.is_not(None)
        connection.execute(update(HAND_OFF).where(waits).values(next_at_ms=0))
    hand_off_due(study.store)
    assert notices(shared) == {study.code(study.group)}  # which stays, and so does what it tells
