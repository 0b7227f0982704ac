"""Spoken and written numbers, codes and addresses: a share of the generated stress set."""

import pytest

from tests.stress.detector import find
from tests.stress.items import KINDS, make_items
from tests.stress.score import Score, measure


@pytest.fixture(scope="module")
def score() -> Score:
    return measure(find, items=204, ordinary_words=1200, seed=7)


def test_recall_on_generated_items(score: Score) -> None:
    assert sum(score.made.values()) == 204
    assert score.recall >= 0.98, [(item.kind, item.text) for item in score.missed]


def test_false_alarms_in_ordinary_talk_with_many_numbers(score: Score) -> None:
    assert score.words > 3000
    assert score.alarms_per_1000_words < 1, score.alarms


def test_every_kind_is_generated_with_marks_inside_the_text() -> None:
    items = make_items(len(KINDS), seed=3)
    assert {item.kind for item in items} == set(KINDS)
    for item in items:
        assert item.gold
        assert all(item.text[start:end].strip() for start, end in item.gold)
