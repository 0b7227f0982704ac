"""What a person's time buys: the scripted reviewer on half an hour of talk with planted misses.

The study of 25 hours: `python -m tests.benchmarks.scripted_reviewer` (docs/measurements.md).
"""

from pathlib import Path

import pytest

from tests.benchmarks.generated_study import MEANT_TO_BE_FOUND, Planted, generated_study
from tests.benchmarks.scripted_reviewer import SIZES, checked, table
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

pytestmark = pytest.mark.slow

MOST_MIN = 95
"""Minutes for an hour of talk. The full study has to stay under 90; in half an hour hardly any name
comes back, so each is decided on for itself."""


def test_planted_names_stand_before_the_reviewer_before_anything_is_played(tmp_path: Path) -> None:
    made = generated_study(*SIZES["ci"])
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "h")}))
    outcome = checked(store, made)
    assert all(outcome.planted[kind] for kind in Planted)
    assert outcome.by(outcome.before_listening_min, MEANT_TO_BE_FOUND) == 1.0
    assert outcome.by(outcome.before_listening_min) < outcome.by(outcome.after_risky_min) < 1.0
    assert outcome.by(outcome.heard_min) == 1.0
    assert outcome.read_min / outcome.hours < MOST_MIN
    assert f"| minutes in all | {outcome.read_min / outcome.hours:.1f} |" in list(table(outcome))
