"""How long checking takes a person yet, under two ways of going about it.

The speeds are assumptions, stated where the figures stand, and the same that the scripted reviewer
of `tests/benchmarks` works with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.services.review.doubt import Doubtful

LISTENING = 1.5
"""Times the speed of talk; silence is skipped."""

DECISION_S = 3.0
KEY_S = 0.3
READING_WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction: 238 words a minute (M. Brysbaert, "How many words do we
read per minute?", Journal of Memory and Language 109, 2019), and a little less for care."""

RISKY_SHARE = 0.15
"""How much of the talk counts as risky: the most doubtful stretches, up to this share of it."""

SAMPLE_SHARE = 0.10
"""How much of the rest is heard besides, at random."""

ASSUMPTIONS = (
    f"Assumed: listening at {LISTENING:g} times the speed, {DECISION_S:g} seconds for a decision, "
    f"reading {READING_WORDS_A_MINUTE} words a minute. Risky parts are the most doubtful "
    f"{RISKY_SHARE:.0%} of the talk, and a random {SAMPLE_SHARE:.0%} of the rest is heard besides."
)


@dataclass(frozen=True, slots=True)
class PersonTime:
    """Minutes of a person's time: hearing everything, or the risky parts and a sample."""

    everything_min: float = 0.0
    risky_min: float = 0.0

    def __add__(self, other: "PersonTime") -> "PersonTime":
        return PersonTime(
            self.everything_min + other.everything_min, self.risky_min + other.risky_min
        )


def risky_part(stretches: Sequence[Doubtful]) -> tuple[Doubtful, ...]:
    """Return the stretches to hear first, in order of doubt: `RISKY_SHARE` of all that is said.

    What gives no reason for doubt is not among them.
    """
    budget_ms = RISKY_SHARE * sum(stretch.duration_ms for stretch in stretches)
    chosen: list[Doubtful] = []
    for stretch in stretches:
        if budget_ms <= 0 or not stretch.reasons:
            break
        chosen.append(stretch)
        budget_ms -= stretch.duration_ms
    return tuple(chosen)


def time_left(
    *,
    unheard_ms: int,
    risky_unheard_ms: int,
    undecided: int,
    unread_words: int,
) -> PersonTime:
    """Return the minutes that are left of one recording; lengths in milliseconds of talk."""
    both = undecided * DECISION_S / 60 + unread_words / READING_WORDS_A_MINUTE
    rest_ms = max(unheard_ms - risky_unheard_ms, 0)
    return PersonTime(
        everything_min=both + unheard_ms / 60_000 / LISTENING,
        risky_min=both + (risky_unheard_ms + SAMPLE_SHARE * rest_ms) / 60_000 / LISTENING,
    )
