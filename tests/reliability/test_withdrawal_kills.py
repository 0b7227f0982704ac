"""A withdrawal whose process is killed, again and again, by what the kernel lets nobody catch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.withdrawing import SAID_IN_GROUP, study_to_withdraw_from
from transcriber.services.review.state import review_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.receipt import receipts_of
from transcriber.services.withdrawal.withdraw import finish_withdrawals

pytestmark = pytest.mark.slow

STEP_S = 0.4
"""Each process lives that much longer than the one before."""


def killed_after(home: Path, life_s: float, *words: str) -> int | None:
    """Run a command for so long, and kill it; return its exit status where it ended before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "transcriber", *words],
        env={**os.environ, "TRANSCRIBER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(life_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()


def test_however_often_it_is_killed_it_ends_and_counts_nothing_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    study = study_to_withdraw_from(
        open_store(load_settings({"TRANSCRIBER_HOME": str(home)})), tmp_path
    )
    words = ("study", "withdraw", study.name, "--participant", "P01", "--yes")
    life_s, killed = STEP_S, 0
    while not receipts_of(study.store, study.study_id):  # it has begun, or it is done
        killed += killed_after(home, life_s, *words) is None
        life_s += STEP_S
    while receipts_of(study.store, study.study_id)[0].finished_at_ms is None:
        killed += killed_after(home, life_s, "purge") is None
        life_s += STEP_S
    assert killed > 0
    assert finish_withdrawals(study.store) == 0
    (receipt,) = receipts_of(study.store, study.study_id)
    counted = {each.recording_id: each.turns for each in receipt.recordings}
    assert counted[study.group.recording_id] == 2
    assert sorted(each.next_number or 0 for each in receipt.recalled) == [0, 2]
    text = review_of(study.store, *study.group.here).transcript.text
    assert SAID_IN_GROUP not in text
    roster = show_study(study.store, study.study_id).agreed.roster
    assert [each.label for each in roster.participants] == ["P02"]
