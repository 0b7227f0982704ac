"""Bounds and agreement against published values, and coverage where the assumption holds."""

import math
from random import Random

import pytest
from scipy.stats import hypergeom

from transcriber.domain.estimate import (
    Agreement,
    most_left,
    remaining,
    rule_of_three,
    share,
)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
        # Medicine 17 (1998), table I, method 3 (Wilson).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_is_that_of_newcombe(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_share_of_nothing_may_be_anything_and_too_many_hits_are_none() -> None:
    assert share(0, 0).rate is None
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)
    assert share(10, 10).high == 1.0
    with pytest.raises(ValueError, match="no share"):
        share(3, 2)


@pytest.mark.parametrize(("clean", "of"), [(300, 4_500), (10, 100), (59, 1_000), (100, 100)])
def test_what_clean_stretches_allow_is_exact(clean: int, of: int) -> None:
    most = most_left(clean, of)
    assert hypergeom.pmf(0, of, most, clean) >= 0.05
    assert most == of - clean or hypergeom.pmf(0, of, most + 1, clean) < 0.05


def test_leaking_stretches_allow_more() -> None:
    most = most_left(60, 900, leaking=2)
    assert hypergeom.cdf(2, 900, most, 60) >= 0.05
    assert hypergeom.cdf(2, 900, most + 1, 60) < 0.05
    assert most_left(5, 5, leaking=5) == 5


def test_300_clean_stretches_of_4_500_allow_about_45_that_leak() -> None:
    assert rule_of_three(300, 4_500) == 45
    assert most_left(300, 4_500) == 43
    assert most_left(0, 80) == 80
    assert rule_of_three(0, 80) is None


@pytest.mark.parametrize(("caught", "hidden", "finds"), [(45, 50, 12), (25, 50, 40), (49, 50, 3)])
def test_what_is_left_inverts_the_hypergeometric_test(caught: int, hidden: int, finds: int) -> None:
    found = remaining(caught, hidden, finds)
    assert found.high is not None

    def tails(left: int) -> tuple[float, float]:
        drawn = hypergeom(hidden + finds + left, hidden, caught + finds)
        return float(drawn.cdf(caught)), float(drawn.sf(caught - 1))

    assert min(tails(found.low)) > 0.025
    assert min(tails(found.high)) > 0.025
    assert min(tails(found.high + 1)) <= 0.025
    assert found.low == 0 or min(tails(found.low - 1)) <= 0.025
    assert found.likely == pytest.approx(finds * (hidden - caught) / caught)


def test_who_catches_nothing_learns_no_upper_bound() -> None:
    found = remaining(0, 50, 3)
    assert (found.likely, found.high) == (None, None)
    assert found.low > 0
    nothing_hidden = remaining(0, 0, 4)
    assert (nothing_hidden.likely, nothing_hidden.low, nothing_hidden.high) == (None, 0, None)


def test_no_finds_and_nothing_missed_leave_nothing() -> None:
    assert (remaining(50, 50, 0).likely, remaining(50, 50, 0).high) == (0.0, 0)


@pytest.mark.parametrize(("missed", "sees"), [(60, 0.8), (100, 0.5), (15, 0.9), (200, 0.7)])
def test_the_interval_holds_the_truth_in_at_least_95_of_100_where_the_assumption_holds(
    missed: int, sees: float
) -> None:
    random, studies, held = Random(8), 1_000, 0
    for _ in range(studies):
        caught = sum(random.random() < sees for _ in range(50))
        finds = sum(random.random() < sees for _ in range(missed))
        found = remaining(caught, 50, finds)
        held += found.low <= missed - finds <= (math.inf if found.high is None else found.high)
    # Three standard errors of a share of 0.95 in a thousand studies are 0.02.
    assert held / studies >= 0.93


def test_the_interval_is_optimistic_where_hidden_ones_are_easier_to_see() -> None:
    """What the page says in words: certain findings are easier to see than missed ones."""
    random, short = Random(9), 0
    for _ in range(300):
        caught = sum(random.random() < 0.9 for _ in range(50))
        finds = sum(random.random() < 0.5 for _ in range(60))
        found = remaining(caught, 50, finds)
        short += found.high is not None and found.high < 60 - finds
    assert short / 300 > 0.9


def test_kappa_is_that_of_the_textbook_example() -> None:
    # The example with which the formula is usually taught: two readers of 50 proposals say yes
    # together to 20 of them and no to 15, and differ on 5 and on 10.
    found = Agreement(both=20, one=5, other=10, neither=15)
    assert found.kappa == pytest.approx(0.4)
    assert found.alike.rate == pytest.approx(0.7)
    assert (found + found).words == 100
    assert Agreement().kappa is None
    assert Agreement(neither=8).kappa is None
