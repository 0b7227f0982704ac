"""Weeks of retention; the year is a command: `python -m tests.reliability.retention --full`."""

import pytest

from tests.reliability.retention import CI, trial


@pytest.mark.slow
def test_everything_is_destroyed_on_time_nothing_early_and_nothing_that_is_held() -> None:
    result = trial("sqlite", *CI)
    assert (result.early, result.held, result.late) == ([], [], [])
    assert result.destroyed > 10
    assert result.killed
    assert result.missed
    assert result.wrong_clock
