"""Diarisation error rate and its parts, on turns made up here."""

import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Turn
from transcriber.evaluation.diarisation import score_diarisation, total_diarisation


def turns(*stretches: tuple[str, int, int]) -> tuple[Turn, ...]:
    return tuple(Turn(speaker, Interval(start, end)) for speaker, start, end in stretches)


GOLD = turns(("ann", 0, 10_000), ("ben", 10_000, 20_000))
WHOLE = (Interval(0, 20_000),)
SCORED_S = 19.0
"""20 s less 0.25 s on either side of the border and at both ends."""


def test_each_part_is_measured_beside_the_collar() -> None:
    found = turns(("S1", 0, 10_000), ("S1", 10_000, 12_250), ("S2", 12_250, 18_000))
    score = score_diarisation(GOLD, found, WHOLE)
    assert score.talk_s == pytest.approx(SCORED_S)
    assert score.confusion_s == pytest.approx(2.0)
    assert score.missed_s == pytest.approx(1.75)
    assert score.false_alarm_s == 0
    assert score.error_rate == pytest.approx(3.75 / SCORED_S)
    assert (score.gold_speakers, score.found_speakers) == (2, 2)


def test_talk_outside_the_scored_stretches_does_not_count() -> None:
    found = (*GOLD, Turn("S9", Interval(21_000, 30_000)))
    assert score_diarisation(GOLD, found, WHOLE).error_rate == 0
    everything = score_diarisation(GOLD, found, ())
    assert everything.false_alarm_s == pytest.approx(9.0)


def test_talk_at_once_is_scored() -> None:
    both = turns(("ann", 0, 10_000), ("ben", 0, 10_000))
    score = score_diarisation(both, turns(("S1", 0, 10_000)), (Interval(0, 10_000),))
    assert score.error_rate == pytest.approx(0.5)


def test_a_speaker_never_found_costs_half_of_the_jaccard_rate_of_two() -> None:
    score = score_diarisation(GOLD, turns(("S1", 0, 10_000)), WHOLE)
    assert score.jaccard_error_rate == pytest.approx(0.5)


def test_nothing_found_misses_everything_and_nothing_there_has_no_rate() -> None:
    assert score_diarisation(GOLD, (), WHOLE).error_rate == 1
    nothing = score_diarisation((), (), ())
    assert nothing.error_rate is None
    assert nothing.jaccard_error_rate is None


def test_the_total_weighs_seconds_alike() -> None:
    short = turns(("ann", 0, 1_500))
    scores = [score_diarisation(GOLD, GOLD, WHOLE), score_diarisation(short, (), ())]
    assert total_diarisation(scores).error_rate == pytest.approx(1 / (SCORED_S + 1))
