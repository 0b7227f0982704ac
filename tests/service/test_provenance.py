"""How a release and a study were made is said from what happened, and never more than is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.checked import LINES, Checked
from tests.service.signing import made, searched, signed_all
from transcriber.domain.edit import IdentifierMarked, WordCorrected
from transcriber.domain.estimate import Agreement
from transcriber.domain.finding import EntityType
from transcriber.domain.redacted import Checked as CheckedBy
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.provenance.committee import committee_sections
from transcriber.exports.provenance.facts import Facts, Residue, SecondReview, facts_of
from transcriber.exports.provenance.figures import length, listed, share
from transcriber.exports.provenance.methods import methods_paragraph
from transcriber.exports.provenance.page import write_provenance_page
from transcriber.exports.release_json import ReleasedText
from transcriber.services.packaged_release import release_provenance
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.study_provenance import study_facts, study_provenance

OLD = {
    "heard_ms": 60_000,
    "speech_ms": 60_000,
    "read_turns": 2,
    "turns": 2,
    "bulk": {"accepted": 0, "read": 0},
    "replaced": {"PERSON": 3},
    "withheld": [],
    "leak_check": {"verdict": "pass", "looked_at": 0},
    "signed": [{"account": "a", "at_ms": 1}],
    "draft_override": None,
}
"""What the first releases told of themselves."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("provenance")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


@pytest.fixture
def checked(store: Store, tmp_path: Path) -> Checked:
    return made(store, tmp_path, lines=(*LINES, ("P02", "then somebody came.")))


def old() -> Facts:
    text = RedactedTranscript(
        "FG01",
        "Peers",
        "en",
        Quality.FULL,
        CheckedBy.YES,
        60_000,
        Coverage(60_000),
        (RedactedTurn("P01", (Token("hello", 0, 400),)),),
    )
    return facts_of([ReleasedText(text, OLD)])


def sheet(checked: Checked, release: str) -> str:
    place = checked.store, checked.actor_id, checked.study_id, release
    return " ".join(release_provenance(*place, "txt").data.decode().split())


def test_it_counts_what_people_did(checked: Checked) -> None:
    ids = checked.ids()
    checked.decide(WordCorrected(ids[13], "drank"))
    checked.decide(IdentifierMarked(ids[31], ids[31], EntityType.PERSON))
    searched(checked.store)
    said = sheet(checked, signed_all(checked))
    assert "The recording of 1 focus group (" in said
    assert "In all, 4 mentions were replaced under the policy 'default': people (3)" in said
    assert "People marked 1 mention that the software had not found, and left 0" in said
    assert "People corrected 1 of 33 words (3%)." in said
    assert "100% of the speech was listened to" in said
    assert "all 6 turns were read in the form that was released." in said
    assert "The transcript was signed off by one person before release." in said
    assert "not estimated" in said
    for name in ("Quenilla", "Whitfield", "Ada", checked.actor_id):
        assert name not in said


def test_a_study_adds_up_the_releases_that_stand(store: Store, checked: Checked) -> None:
    assert study_facts(store, checked.study_id).recordings == 0
    empty = study_provenance(store, checked.actor_id, checked.study_id, "txt").data.decode()
    assert "nothing to report" in empty
    signed_all(checked)
    facts = study_facts(store, checked.study_id)
    assert (facts.recordings, facts.turns, sum(facts.replaced.values())) == (1, 6, 3)
    page = study_provenance(store, checked.actor_id, checked.study_id)
    assert page.name == "provenance.html"
    assert b"<script" not in page.data


def test_what_old_releases_do_not_tell_is_said_to_be_unknown() -> None:
    paragraph = methods_paragraph(old())
    assert paragraph.startswith("1 recording (1 minute; 1 words as released) was transcribed")
    assert "Which software recognised the speech was not recorded." in paragraph
    assert "How many words people corrected was not recorded." in paragraph
    assert "under the policy" not in paragraph
    assert "decided on every finding" not in paragraph
    write_provenance_page("Old", old())


def test_several_are_added_and_one_that_does_not_tell_makes_the_sum_unknown() -> None:
    one = old()
    text = RedactedTranscript(
        "FG02", "Peers", "en", Quality.DRAFT, CheckedBy.YES, 1, Coverage(1), ()
    )
    told = {**OLD, "words": {"said": 10, "corrected": 1, "given_to_another": 0}, "kind": "group"}
    both = facts_of([ReleasedText(text, told), ReleasedText(text, OLD)])
    assert (both.recordings, both.replaced["PERSON"], both.words, both.kinds) == (2, 6, None, None)
    assert facts_of([ReleasedText(text, told)]).words is not None
    assert "2 of them the words are a draft" in methods_paragraph(both)
    assert one.drafts == 0


def test_an_estimate_stands_with_its_interval_and_what_it_is_worth() -> None:
    bounded = methods_paragraph(replace(old(), residue=Residue(22, 50, 45, 64, 2, 19)))
    assert "between 2 and 19 identifying mentions may be left in the 22 recordings" in bounded
    assert "95% interval" in bounded
    assert "optimistic" in bounded
    open_ended = methods_paragraph(replace(old(), residue=Residue(1, 1, 0, 0, 0, None)))
    assert "too little to say how many are left" in open_ended


def test_a_second_review_stands_with_its_agreement() -> None:
    second = SecondReview(300, 296, 4500, Agreement(120, 4, 9, 15_000))
    paragraph = methods_paragraph(replace(old(), second_review=second))
    assert "agreed on more than 99% of 15,133 words (kappa 0.95)" in paragraph


def test_a_committee_reads_what_is_left_to_people_and_not_looked_for() -> None:
    policy = {"name": "mine", "types": {"PERSON": "replace", "HEALTH": "flag"}}
    told = [
        line
        for _, lines in committee_sections(replace(old(), policies=(policy,)))
        for line in lines
    ]
    rules = next(line for line in told if "'mine'" in line)
    assert "left in the text unless they decided: health." in rules
    assert "Not looked for: places," in rules


def test_a_page_shows_hostile_names_as_text() -> None:
    page = write_provenance_page("<script>alert(1)</script>", old())
    assert b"<script" not in page


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (0, 10, "0%"),
        (1, 1000, "less than 1%"),
        (999, 1000, "more than 99%"),
        (1000, 1000, "100%"),
        (1, 3, "33%"),
        (0, 0, "none"),
    ],
)
def test_a_share_never_says_more_than_is_so(part: int, whole: int, written: str) -> None:
    assert share(part, whole) == written


def test_lengths_and_lists_read_well() -> None:
    assert [length(ms) for ms in (1_000, 40_000, 60_000, 3_600_000, 5_460_000)] == [
        "1 second",
        "1 minute",
        "1 minute",
        "1 hour",
        "1 hour 31 minutes",
    ]
    assert [listed(each) for each in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
