"""A withdrawal that has begun and cannot go on says why, and goes on; two that go on do it once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.service.signing import signed
from tests.withdrawing import Withdrawn, study_to_withdraw_from
from transcriber.domain.audit import Action
from transcriber.domain.errors import Defect, StorageError, UsageError
from transcriber.domain.withdrawal import Receipt, Stopped
from transcriber.exports.rights.withdrawal import receipt_sections, written
from transcriber.services.retention.keeping import lift_hold, place_hold
from transcriber.services.review.withdraw import withdraw as recall
from transcriber.services.store import Store, open_store
from transcriber.services.withdrawal import withdraw as steps
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.receipt import receipts_of
from transcriber.services.withdrawal.withdraw import finish_withdrawals, withdraw_participant
from transcriber.storage.database.audit_events import events

pytestmark = pytest.mark.slow


@pytest.fixture
def study(opened: Store, tmp_path: Path) -> Withdrawn:
    return study_to_withdraw_from(opened, tmp_path)


def withdraw(study: Withdrawn, label: str = "P01") -> None:
    stamp = preview_withdrawal(study.store, study.study_id, [label]).stamp
    withdraw_participant(study.store, study.actor_id, study.study_id, [label], stamp)


def only_receipt(study: Withdrawn) -> Receipt:
    (receipt,) = receipts_of(study.store, study.study_id)
    return receipt


def told(receipt: Receipt) -> str:
    return " ".join(written("Receipt", receipt_sections(receipt)).split())


def hold_placed_after_it_began(study: Withdrawn, monkeypatch: pytest.MonkeyPatch) -> str:
    """Begin a withdrawal that a hold stops; return the hold's id."""
    held, begin = list[str](), steps._begin

    def then_held(*given: object) -> str:
        withdrawal_id = begin(*given)  # type: ignore[arg-type]
        held.append(
            place_hold(
                study.store, study.actor_id, study.study_id, study.group.recording_id, "A court."
            )
        )
        return withdrawal_id

    with monkeypatch.context() as patched:
        patched.setattr(steps, "_begin", then_held)
        with pytest.raises(UsageError) as refused:
            withdraw(study)
    assert refused.value.code == "held"
    return held[0]


def stopped(study: Withdrawn) -> Stopped:
    now = only_receipt(study).stopped
    assert now is not None
    return now


def test_a_hold_placed_after_it_began_stands_on_the_receipt_until_it_is_lifted(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_id = hold_placed_after_it_began(study, monkeypatch)
    before = stopped(study)
    assert before.by == "held"
    assert finish_withdrawals(study.store) == 0
    assert stopped(study) == before
    assert "it does not go on. A legal hold stands on a recording of it." in told(
        only_receipt(study)
    )
    lift_hold(study.store, study.actor_id, study.study_id, hold_id)
    assert finish_withdrawals(study.store) == 1
    ended = only_receipt(study)
    assert ended.stopped is None
    assert ended.finished_at_ms is not None
    assert "It ended on" in told(ended)


def test_nothing_is_signed_of_which_something_is_still_to_be_taken_out(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id = study.releases[study.interview.recording_id]
    recall(study.store, study.actor_id, study.study_id, release_id, "Signed too early.")

    def interrupted(*_: object) -> bool:
        raise StorageError("database_unavailable", "The database is away.")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "_go_on", interrupted)
        with pytest.raises(StorageError):
            withdraw(study)
    with pytest.raises(UsageError) as refused:
        signed(study.interview)
    assert refused.value.code == "withdrawal_running"
    assert finish_withdrawals(study.store) == 1


def test_the_reason_is_the_latest_one(study: Withdrawn, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_placed_after_it_began(study, monkeypatch)

    def full(*_: object) -> None:
        raise StorageError("disk_full", "The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(steps, "_one_recording", full)
        assert finish_withdrawals(study.store) == 0
    assert stopped(study).by == "disk_full"
    assert "The disk is full. It goes on by itself once there is room." in told(only_receipt(study))


def test_others_are_told_why_they_have_to_wait(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_id = hold_placed_after_it_began(study, monkeypatch)
    lift_hold(study.store, study.actor_id, study.study_id, hold_id)
    before = only_receipt(study)
    with pytest.raises(UsageError) as refused:
        withdraw(study, "P02")
    assert refused.value.code == "withdrawal_running"
    assert "it does not go on. A legal hold stands on a recording" in refused.value.sentence
    assert only_receipt(study) == before
    assert finish_withdrawals(study.store) == 1
    withdraw(study, "P02")
    assert len(receipts_of(study.store, study.study_id)) == 2


def test_one_that_stands_still_keeps_no_other_study_waiting(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hold_placed_after_it_began(study, monkeypatch)
    (tmp_path / "other").mkdir()
    other = study_to_withdraw_from(study.store, tmp_path / "other")

    def dying(*_: object) -> None:
        raise OSError("What nobody foresaw, about Sarah Whitfield.")

    with monkeypatch.context() as broken:
        broken.setattr(steps, "_erase", dying)
        with pytest.raises(Defect) as defect:
            withdraw(other)
        assert finish_withdrawals(study.store) == 0
    assert "Whitfield" not in defect.value.sentence
    assert f"Something went wrong ({defect.value.code})." in told(only_receipt(other))
    assert finish_withdrawals(study.store) == 1
    assert only_receipt(other).finished_at_ms is not None
    assert stopped(study).by == "held"


def test_two_machines_that_go_on_with_one_do_it_once(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is one machine's: without it two are at the same withdrawal at once."""
    hold_id = hold_placed_after_it_began(study, monkeypatch)
    lift_hold(study.store, study.actor_id, study.study_id, hold_id)
    withdrawal_id = only_receipt(study).id

    def go_on(store: Store) -> bool:
        try:
            return steps._go_on(store, study.study_id, withdrawal_id)
        except UsageError as error:
            if error.code != "changed_meanwhile":  # what the other one did; it is tried again
                raise
            return False

    stores = [open_store(study.store.settings) for _ in range(2)]
    with ThreadPoolExecutor(len(stores)) as machines:
        ended = list(machines.map(go_on, stores))
    assert sum(ended) + finish_withdrawals(study.store) == 1
    receipt = only_receipt(study)
    assert receipt.finished_at_ms is not None
    assert sorted(each.next_number or 0 for each in receipt.recalled) == [0, 2]
    assert {each.recording_id: each.turns for each in receipt.recordings}[
        study.group.recording_id
    ] == 2
    with study.store.database.read() as connection:
        made = Counter((event.action, event.recording_id) for _, event in events(connection))
    assert made[Action.WITHDRAWAL_FINISHED, None] == 1
    assert made[Action.RELEASED, study.group.recording_id] == 2
    assert made[Action.RELEASE_RECALLED, study.interview.recording_id] == 1
