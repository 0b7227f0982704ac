"""A spoken and recognised interview is redacted better than exact words do, with few false alarms.

The whole table comes from `python -m tests.benchmarks.through_recogniser`.
"""

from pathlib import Path

import pytest

from tests.benchmarks.through_recogniser import (
    Tally,
    by_exact_words,
    by_roster,
    score,
    sounding,
    with_sound,
)
from tests.interviews import interviews

STRETCHES = 22
"""Under three minutes of sound."""


@pytest.mark.slow
def test_names_are_found_in_what_a_recogniser_wrote(tmp_path: Path) -> None:
    (interview,) = (one for one in interviews() if one.name == "ward_nurse_antrim")
    told = sounding(interview, tmp_path, STRETCHES)
    exact, ours, sound = Tally(), Tally(), Tally()
    score(interview, told, by_exact_words, exact)
    score(interview, told, by_roster, ours)
    score(interview, told, with_sound, sound)
    assert ours.mentions >= 10
    assert ours.name_left <= 0.1
    assert ours.word_left <= exact.word_left - 0.2
    assert ours.alarms_per_100_words < 1
    # What is heard in the sound takes out more, at the price of false alarms.
    assert sound.name_left <= ours.name_left
    assert sound.word_left <= ours.word_left
    assert sound.alarms_per_100_words < 3
