"""The annotated interviews are redacted no worse than they were.

A change that lowers direct recall fails here. The floors lie 0.01 under what was measured; raise
them when the figures rise. docs/measurements.md has what is to be reached.
"""

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from tests.interviews import BLIND, KEPT_BACK, THIRD, Interview, interviews
from tests.memory_register import MemoryRegister
from transcriber.bootstrap import build_detectors
from transcriber.domain.roster import Roster
from transcriber.evaluation.redaction import Identifies, Mention, RedactionScore, score_redaction
from transcriber.evaluation.redaction_totals import RedactionTotals, total_redaction
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect
from transcriber.stages.protocols import Detector
from transcriber.stages.pseudonymise.apply import apply_policy

pytestmark = pytest.mark.slow

FLOORS = {
    "as written": {"direct": 0.962, "quasi": 0.902, "precision": 0.894},
    "with their rosters": {"direct": 0.969, "quasi": 0.943, "precision": 0.893},
    "lower-cased without punctuation": {"direct": 0.941, "quasi": 0.826, "precision": 0.794},
    "written blind, with rosters": {"direct": 0.989, "quasi": 0.947, "precision": 0.916},
    "written blind, lower-cased": {"direct": 0.969, "quasi": 0.895, "precision": 0.857},
    "third, with rosters": {"direct": 0.988, "quasi": 0.903, "precision": 0.963},
    "third, lower-cased": {"direct": 0.970, "quasi": 0.775, "precision": 0.866},
    "kept back, with rosters": {"direct": 0.984, "quasi": 0.875, "precision": 0.926},
}
"""Recall of direct and of quasi mentions, and precision by letters and digits."""

IN_WORDS = "'\u2019-"
"""Signs that a recogniser without punctuation still writes inside words."""


@cache
def _detectors() -> tuple[Detector, ...]:
    return build_detectors()


def _as_written(interview: Interview) -> RedactionScore:
    return _score(interview, interview.text, Roster())


def _with_roster(interview: Interview) -> RedactionScore:
    assert interview.roster is not None
    return _score(interview, interview.text, interview.roster)


def _lower_cased(interview: Interview) -> RedactionScore:
    return _score(interview, without_punctuation(interview.text), Roster())


def without_punctuation(text: str) -> str:
    """Return as many characters, so that the offsets of the gold stay."""
    plain = "".join(
        sign if sign.isalnum() or sign.isspace() or sign in IN_WORDS else " " for sign in text
    ).lower()
    assert len(plain) == len(text)
    return plain


def _score(interview: Interview, text: str, roster: Roster) -> RedactionScore:
    policy = load_policy()
    found = detect(text, policy, roster, _detectors())
    findings = apply_policy(found, policy, roster, MemoryRegister(), {None: text})
    gold = [Mention(m.start, m.end, m.type, Identifies(m.group)) for m in interview.gold]
    return score_redaction(text, gold, findings)


@pytest.mark.parametrize(
    ("way", "scored", "chosen"),
    [
        ("as written", _as_written, interviews()),
        ("with their rosters", _with_roster, [i for i in interviews() if i.roster is not None]),
        ("lower-cased without punctuation", _lower_cased, interviews()),
        ("written blind, with rosters", _with_roster, interviews(BLIND)),
        ("written blind, lower-cased", _lower_cased, interviews(BLIND)),
        ("third, with rosters", _with_roster, interviews(THIRD)),
        ("third, lower-cased", _lower_cased, interviews(THIRD)),
        ("kept back, with rosters", _with_roster, interviews(KEPT_BACK)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_redaction_is_no_worse_than_it_was(
    way: str, scored: Callable[[Interview], RedactionScore], chosen: Iterable[Interview]
) -> None:
    figures = _figures(total_redaction([scored(interview) for interview in chosen]))
    worse = {name: figure for name, figure in figures.items() if figure < FLOORS[way][name]}
    assert worse == {}


def _figures(totals: RedactionTotals) -> dict[str, float]:
    direct, quasi = totals.direct.tally.recall, totals.quasi.tally.recall
    assert direct is not None
    assert quasi is not None
    assert totals.precision is not None
    return {"direct": direct, "quasi": quasi, "precision": totals.precision}
