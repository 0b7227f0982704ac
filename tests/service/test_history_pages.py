"""The history of a recording: told in sentences, taken back step by step, compared with before."""

import re
from pathlib import Path

import pytest

from tests.service.test_sign_off_pages import Desk
from transcriber.domain.access import Role
from transcriber.domain.edit import (
    EntityDecided,
    FindingRejected,
    Heard,
    IdentifierMarked,
    Noted,
    SpeakersMerged,
    TurnsRead,
    Verdict,
    WordCorrected,
    WordsReassigned,
)
from transcriber.domain.finding import EntityType
from transcriber.services.review.decide import redo, undo
from transcriber.services.review.state import review_of
from transcriber.services.store import Store

QUENILLA, DRINKS = 6, 13


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def page(desk: Desk, path: str = "") -> str:
    answer = desk.client.get(f"{desk.place}/review/history{path}")
    assert answer.status_code == 200
    return answer.text


def batches(text: str) -> list[str]:
    return re.findall(r'name="batch" value="([0-9a-f]+)"', text)


def test_an_empty_history_says_so(desk: Desk) -> None:
    assert "Nothing was decided yet" in page(desk)
    assert "Nothing differs" in page(desk, "/0")


def test_each_kind_of_decision_is_told(desk: Desk) -> None:
    checked, ids = desk.checked, desk.checked.ids()
    one, other = (speaker.id for speaker in review_of(*_here(desk)).transcript.speakers[:2])
    checked.decide(WordCorrected(ids[DRINKS], "thinks {text}"))
    checked.decide(WordsReassigned(ids[0], ids[3], other))
    checked.decide(IdentifierMarked(ids[DRINKS], ids[DRINKS], EntityType.HEALTH))
    checked.decide(EntityDecided(EntityType.LOCATION, "garstang", Verdict.REJECT))
    checked.decide(Noted(ids[4], ids[5], "<b>Ask her</b>"))
    checked.decide(SpeakersMerged(one, other))
    checked.decide(Heard(ids[0], ids[-1]))
    checked.decide(TurnsRead(ids[0], ids[3]))
    checked.withhold(DRINKS, DRINKS + 1)
    text = page(desk)
    for told in (
        "Corrected “drinks” to “thinks {text}”.",
        "Gave “Shall we begin then?” to P01.",
        "Marked “drinks” as health.",
        "Left all mentions of “garstang”, place.",
        "Left a note on “My sister”: &lt;b&gt;Ask her&lt;/b&gt;",
        "one person.",
        "Confirmed turns as read.",
        "Withheld “drinks a”",
    ):
        assert told in text, told
    assert "Listened" not in text


def test_a_passage_withheld_long_ago_is_given_back_alone(desk: Desk) -> None:
    checked, ids = desk.checked, desk.checked.ids()
    checked.withhold(DRINKS, DRINKS + 2)
    checked.decide(FindingRejected(ids[QUENILLA], ids[QUENILLA]))
    checked.decide(WordCorrected(ids[0], "Will"))
    *_, withheld = batches(page(desk))
    answer = desk.client.post(f"{desk.place}/review/history", data={"batch": withheld})
    assert answer.status_code == 200  # after it was led back
    review = review_of(*_here(desk))
    assert review.withheld == ()
    assert review.transcript.words[0].text == "Will"
    assert "Took back: Withheld" in answer.text
    assert withheld not in batches(answer.text)
    again = desk.client.post(f"{desk.place}/review/history", data={"batch": withheld})
    assert again.status_code == 409
    assert "was taken back before" in again.text
    redo(desk.served.store, desk.actor, *checked.here)
    assert len(review_of(*_here(desk)).withheld) == 1
    assert "Did again: Withheld" in page(desk)


def test_two_versions_are_compared(desk: Desk) -> None:
    checked, ids = desk.checked, desk.checked.ids()
    checked.decide(WordCorrected(ids[DRINKS], "thinks"))
    checked.decide(FindingRejected(ids[QUENILLA], ids[QUENILLA]))
    whole = page(desk, "/0")
    assert "2 turns differ" in whole
    assert "Quenilla <ins>[PERSON_1]</ins>" in whole
    since = page(desk, "/1")
    assert "1 turn differs" in since
    assert "drinks" not in since
    undo(desk.served.store, desk.actor, *checked.here)
    undo(desk.served.store, desk.actor, *checked.here)
    assert "Nothing differs" in page(desk, "/0")


def test_what_comes_before_a_page_of_steps_is_a_link_away(desk: Desk) -> None:
    checked, ids = desk.checked, desk.checked.ids()
    for number in range(53):
        checked.decide(WordCorrected(ids[0], f"Shall{number}"))
    text = page(desk)
    assert len(batches(text)) == 50
    (earlier,) = re.findall(r'href="(\?before=\d+)"', text)
    assert len(batches(page(desk, earlier))) == 3


def test_whoever_only_reads_takes_nothing_back(desk: Desk) -> None:
    desk.checked.withhold(DRINKS, DRINKS)
    (withheld,) = batches(page(desk))
    desk.be(Role.DATA_MANAGER)
    place = f"{desk.place}/review/history"
    assert desk.client.post(place, data={"batch": withheld}).status_code == 403
    assert desk.client.get(place).status_code == 403
    desk.be(Role.ANALYST)
    assert desk.client.get(place).status_code == 403
    assert len(review_of(*_here(desk)).withheld) == 1


def _here(desk: Desk) -> tuple[Store, str, str]:
    return (desk.served.store, *desk.checked.here)
