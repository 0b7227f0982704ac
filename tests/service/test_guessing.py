"""An attack on passwords, small: `python -m tests.service.guessing --full` is the whole of it."""

from pathlib import Path

import pytest

from tests.service.guessing import EVALUATED, REFUSED, SIGNED_IN, SMALL, run
from transcriber.storage.database.sign_in_attempts import FOR_ACCOUNT


@pytest.mark.slow
def test_few_guesses_are_looked_at_and_nobody_else_notices(tmp_path: Path) -> None:
    outcome = run(SMALL, tmp_path)
    assert sum(outcome.answers.values()) == SMALL.guesses
    assert set(outcome.answers) == {EVALUATED, REFUSED}
    assert outcome.answers[EVALUATED] == outcome.evaluated
    assert outcome.most_in_a_minute <= FOR_ACCOUNT
    assert outcome.evaluated >= SMALL.accounts
    assert set(outcome.others_answers) == {SIGNED_IN}
    assert set(outcome.owners_answers) == {SIGNED_IN}
