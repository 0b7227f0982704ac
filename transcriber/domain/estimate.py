"""How much may be left, and how sure anybody can be: shares, bounds and agreement with intervals.

Every interval is of 95 %. Formulas are exact where the numbers are small, because here they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma, sqrt

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2
_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""

MOST_LEFT = 100_000
"""Where a bound would be higher than this it tells nothing, and is not told."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, and between which shares (0 to 1) the true one lies."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """The share that was seen; None of nothing."""
        return self.hits / self.of if self.of else None


def share(hits: int, of: int) -> Share:
    """Return a share with Wilson's score interval.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927). Of nothing, anything is possible. Raises
    ValueError for more hits than trials.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return Share(0, 0, 0.0, 1.0)
    rate, square = hits / of, _Z * _Z
    centre = (rate + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    low = 0.0 if hits == 0 else max(centre - reach, 0.0)
    high = 1.0 if hits == of else min(centre + reach, 1.0)
    return Share(hits, of, low, high)


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many identifiers are still there after somebody looked.

    `likely` is None where nothing planted was caught; `high` is None where nothing bounds it.
    """

    caught: Share
    finds: int
    likely: float | None
    low: int
    high: int | None


def remaining(caught: int, hidden: int, finds: int) -> Remaining:
    """Estimate what is left from what somebody caught of what was hidden, and from their finds.

    The assumption: what the machine missed is as easy to see as what was hidden. Then the finds are
    the same share of all that was missed as the caught are of the hidden (Lincoln and Petersen's
    estimate): left = finds * (hidden - caught) / caught. The interval inverts the exact
    hypergeometric test that the two shares are one (as Fisher's exact test does): it holds every
    number left under which neither so many nor so few of those caught would be rare (2.5 % each).
    So it covers the truth in at least 95 of 100 studies, as far as the assumption holds. Certain
    findings are easier to see than missed ones, so the truth is rather higher: call it optimistic.
    Raises ValueError for more caught than hidden.
    """
    seen = share(caught, hidden)
    likely = finds * (hidden - caught) / caught if caught else None
    if not hidden:
        return Remaining(seen, finds, None, 0, None)

    def at_most(left: int) -> float:
        """The chance of so few hidden ones among those caught, or fewer; it grows with `left`."""
        return _hypergeometric(range(caught + 1), hidden, finds + left, caught + finds)

    def at_least(left: int) -> float:
        """The chance of so many hidden ones among those caught, or more; it falls with `left`."""
        return _hypergeometric(range(caught, hidden + 1), hidden, finds + left, caught + finds)

    low = _first(lambda left: at_most(left) > _TAIL)
    beyond = _first(lambda left: left > (low or 0) and at_least(left) <= _TAIL)
    return Remaining(seen, finds, likely, low or 0, None if beyond is None else beyond - 1)


def most_left(looked: int, of: int, leaking: int = 0) -> int:
    """Return how many of `of` stretches may leak if `leaking` of those `looked` at, at random, do.

    The largest number under which a sample with so few would still not be rarer than 5 %: exact, by
    the hypergeometric distribution (drawing without replacement). Where none leaks, the rule of
    three says much the same, of * 3 / looked (J. A. Hanley, A. Lippman-Hand, "If nothing goes
    wrong, is everything all right?", JAMA 249, 1983). Raises ValueError for more than there are.
    """
    if not 0 <= leaking <= looked <= of:
        raise ValueError(f"{leaking} of {looked} of {of} cannot be looked at")
    most = of - looked + leaking

    def is_rare(bad: int) -> bool:
        few = _hypergeometric(range(leaking + 1), bad, of - bad, looked)
        return bad > most or (bad > leaking and few < 1 - LEVEL)

    beyond = _first(is_rare, most=most + 1)
    return most if beyond is None else beyond - 1


def rule_of_three(clean: int, of: int) -> int | None:
    """Return what the rule of three allows to leak: of * 3 / clean; None where none were clean."""
    return round(of * 3 / clean) if clean else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two people's marks on the same words: `both` marked, `one` and `other` alone, `neither`."""

    both: int = 0
    one: int = 0
    other: int = 0
    neither: int = 0

    def __add__(self, more: "Agreement") -> "Agreement":
        return Agreement(
            self.both + more.both,
            self.one + more.one,
            self.other + more.other,
            self.neither + more.neither,
        )

    @property
    def words(self) -> int:
        """How many words both looked at."""
        return self.both + self.one + self.other + self.neither

    @property
    def alike(self) -> Share:
        """The words on which both say the same."""
        return share(self.both + self.neither, self.words)

    @property
    def kappa(self) -> float | None:
        """Agreement beyond chance, at most 1; None where chance alone explains all of it.

        J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
        Measurement 20 (1960).
        """
        words = self.words
        if not words:
            return None
        marked_one, marked_other = self.both + self.one, self.both + self.other
        chance = (
            marked_one * marked_other + (words - marked_one) * (words - marked_other)
        ) / words**2
        seen = (self.both + self.neither) / words
        return None if chance == 1 else (seen - chance) / (1 - chance)


def _first(is_true: Callable[[int], bool], most: int = MOST_LEFT) -> int | None:
    """Return the first number of which something holds that, once it holds, holds from there on.

    None where it does not hold up to `most`.
    """
    step = 1
    while step < most and not is_true(step - 1):
        step *= 2
    low, high = 0, min(step, most + 1)
    if not is_true(min(high, most)):
        return None
    while low < high:
        middle = (low + high) // 2
        if is_true(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _hypergeometric(wanted: Sequence[int], marked: int, plain: int, drawn: int) -> float:
    """The chance that as many of those drawn are marked ones as `wanted` says."""
    all_ways = _log_comb(marked + plain, drawn)
    logs = [_log_comb(marked, hits) + _log_comb(plain, drawn - hits) for hits in wanted]
    return min(sum(exp(each - all_ways) for each in logs if each > -inf), 1.0)


def _log_comb(of: int, drawn: int) -> float:
    if not 0 <= drawn <= of:
        return -inf
    return lgamma(of + 1) - lgamma(drawn + 1) - lgamma(of - drawn + 1)
