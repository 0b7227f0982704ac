"""Names to voices, where checking goes on, and what was heard, through pages and interface."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.hostile import HOSTILE
from tests.listening import Heard, put_recording, spoken
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.roster import Participant, Roster
from transcriber.pipeline import REVIEW_COPY, TURNS
from transcriber.services.review.leads import LeadState, Step, leads_of
from transcriber.services.review.state import review_of
from transcriber.services.review.voices import voices_of
from transcriber.services.stages_done import result_id_of
from transcriber.services.studies import StudyDraft
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.tables import STEP

ROSTER = Roster((Participant("Sarah Whitfield", "P07"), Participant("Tom Hale")))


@dataclass
class Desk:
    """A reviewer's desk: the app, and a recording whose voices have no names yet."""

    served: Served
    heard: Heard
    client: TestClient

    def post(self, **form: str) -> tuple[int, str]:
        answer = self.client.post(f"{self.heard.page}/voices", data=form, follow_redirects=False)
        return answer.status_code, answer.text

    def labels(self) -> dict[str, tuple[str, bool]]:
        found = voices_of(self.served.store, self.heard.study.id, self.heard.id)
        return {card.id: (card.label, card.is_confirmed) for card in found.cards}

    def heard_ms(self) -> int:
        return review_of(self.served.store, self.heard.study.id, self.heard.id).progress.heard_ms

    def lead(self, step: Step) -> tuple[LeadState, str, str]:
        found = leads_of(self.served.store, self.heard.study.id, self.heard.id)
        (lead,) = [lead for lead in found.steps if lead.step is step]
        return lead.state, lead.told, lead.path

    def play(self, *stretches: tuple[int, int]) -> int:
        body = {"stretches": [{"start_ms": start, "end_ms": end} for start, end in stretches]}
        return self.client.post(f"{self.heard.place}/heard", json=body).status_code


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    served = serve_in(tmp_path / "home")
    study = served.begin(StudyDraft("Feeding", ROSTER), Role.RESEARCHER)
    heard = put_recording(served.store, study, tmp_path / "work", spoken(60_000))
    return Desk(served, heard, served.client())


def test_voices_are_shown_with_what_is_known_of_them(desk: Desk) -> None:
    page = desk.client.get(f"{desk.heard.page}/voices").text
    assert page.count('class="voice"') == 3
    assert page.count("#t=") == 9  # three clips each
    assert "INT looks like the interviewer: asks 12 of 14 questions" in page
    assert "word0 word1" in page
    assert "P07: Sarah Whitfield" in page
    assert "Tom Hale" not in page  # without a label there is nothing to give
    with desk.served.store.database.read() as connection:
        assert [event.action for _, event in events(connection)][-1] == "viewed"


def test_a_voice_gets_the_label_of_a_participant(desk: Desk) -> None:
    assert desk.labels()["S2"] == ("P01", False)
    assert desk.post(act="name", voice="S2", label="P07")[0] == 303
    assert desk.labels()["S2"] == ("P07", True)
    lanes = desk.client.get(f"{desk.heard.place}/lanes").json()
    assert [voice["label"] for voice in lanes["voices"]] == ["INT", "P07", "P02"]


def test_a_label_of_ones_own_goes_before_the_chosen_one(desk: Desk) -> None:
    assert desk.post(act="name", voice="S1", label="INT", code=" mod_2 ")[0] == 303
    assert desk.labels()["S1"] == ("MOD_2", True)


def test_a_guess_is_confirmed_by_saying_so(desk: Desk) -> None:
    assert desk.labels()["S1"] == ("INT", False)
    assert desk.post(act="name", voice="S1", label="INT")[0] == 303
    assert desk.labels()["S1"] == ("INT", True)
    assert "looks like the interviewer" not in desk.client.get(f"{desk.heard.page}/voices").text


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("P02", "Another voice is P02 already"),
        ("Sarah Whitfield", "Names of people are no labels"),
        ("9", "A label begins with a letter"),
        ("", "A label begins with a letter"),
    ],
)
def test_a_label_that_will_not_do_is_told_at_the_voice(desk: Desk, label: str, code: str) -> None:
    status, page = desk.post(act="name", voice="S2", label=label)
    assert status == 422
    assert code in page
    assert 'id="wrong-S2"' in page
    assert desk.labels()["S2"] == ("P01", False)


def test_nobody_known_and_several_at_once_are_answers_too(desk: Desk) -> None:
    assert desk.post(act="name", voice="S2", label="UNK")[0] == 303
    assert desk.post(act="name", voice="S3", label="SEVERAL")[0] == 303
    assert set(desk.labels()) == {"S1"}
    page = desk.client.get(f"{desk.heard.page}/voices").text
    assert "of nobody that is known" in page
    assert "of several people at once" in page


def test_voices_are_merged_and_that_is_undone(desk: Desk) -> None:
    assert desk.post(act="merge", voice="S3", into="S2")[0] == 303
    assert set(desk.labels()) == {"S1", "S2"}
    assert desk.post(act="merge", voice="S3", into="S2")[0] == 422
    assert desk.post(act="merge", voice="S2", into="S2")[0] == 422
    assert desk.post(act="undo")[0] == 303
    assert set(desk.labels()) == {"S1", "S2", "S3"}
    assert desk.post(act="undo")[0] == 422


def test_all_are_confirmed_at_once_and_the_words_come_next(desk: Desk) -> None:
    assert desk.lead(Step.VOICES) == (LeadState.OPEN, "0 of 3 confirmed", "voices")
    desk.post(act="name", voice="S2", label="P07")
    assert desk.lead(Step.VOICES)[:2] == (LeadState.BEGUN, "1 of 3 confirmed")
    found = leads_of(desk.served.store, desk.heard.study.id, desk.heard.id)
    assert found.next.step is Step.VOICES
    assert desk.post(act="all")[0] == 303
    assert desk.lead(Step.VOICES)[:2] == (LeadState.DONE, "3 of 3 confirmed")
    found = leads_of(desk.served.store, desk.heard.study.id, desk.heard.id)
    assert (found.next.step, found.next.path) == (Step.WORDS, "review#turn-w0")


def test_what_was_played_is_heard_and_nothing_else(desk: Desk) -> None:
    assert desk.play((0, 11_000)) == 204
    assert desk.heard_ms() == 8_000
    assert desk.lead(Step.WORDS) == (
        LeadState.BEGUN,
        "0.1 of 0.7 min heard",
        "review#turn-w20",
    )
    assert desk.play((15_000, 19_000)) == 204  # half of a turn
    assert desk.heard_ms() == 8_000
    assert desk.play((12_900, 15_100)) == 204  # and the other half
    assert desk.heard_ms() == 12_000
    number = review_of(desk.served.store, desk.heard.study.id, desk.heard.id).number
    assert desk.play((0, 19_000)) == 204
    after = review_of(desk.served.store, desk.heard.study.id, desk.heard.id).number
    assert after == number  # again is not more
    assert desk.play() == 204
    assert desk.play((5, 4)) == 422
    assert desk.play((-1, 4)) == 422


def test_all_that_was_played_is_the_end_of_the_words(desk: Desk) -> None:
    desk.play((0, 60_000))
    assert desk.lead(Step.WORDS)[::2] == (LeadState.DONE, "review")


def test_doubtful_stretches_come_first(desk: Desk) -> None:
    stretches = desk.client.get(f"{desk.heard.place}/doubts").json()["stretches"]
    points = [row[2] for row in stretches]
    assert points == sorted(points, reverse=True)
    assert stretches[0][0] <= 23_200 <= stretches[0][1] + 2_000  # beside speech without words


def test_whoever_may_not_check_may_not_name(desk: Desk) -> None:
    for role in (Role.DATA_MANAGER, Role.ANALYST):
        desk.served.be(role, desk.heard.study.id)
        assert desk.post(act="name", voice="S2", label="P07")[0] == 403
        assert desk.client.get(f"{desk.heard.page}/listen").status_code == 403
        assert desk.play((0, 4_000)) == 403
    desk.served.be(Role.RESEARCHER, desk.heard.study.id)
    assert desk.labels()["S2"] == ("P01", False)


def test_hostile_labels_are_refused_and_shown_nowhere(desk: Desk) -> None:
    for text in HOSTILE:
        status, page = desk.post(act="name", voice="S2", code=text, label="P01")
        assert status == 422
        assert text not in page
    assert desk.labels()["S2"] == ("P01", False)


def test_turns_are_shown_to_be_read_along(desk: Desk) -> None:
    desk.play((0, 5_100))
    page = desk.client.get(f"{desk.heard.page}/listen").text
    assert page.count('id="turn-') == len(desk.heard.transcript.segments)
    assert page.count('class="turn heard"') == 1
    assert "/heard" in page


def test_while_the_first_recording_is_checked_alone_no_other_is_opened(
    desk: Desk, tmp_path: Path
) -> None:
    assert desk.client.get(f"{desk.heard.page}/voices").status_code == 200
    other = put_recording(desk.served.store, desk.heard.study, tmp_path / "two", spoken(61_000))
    for path in ("voices", "listen"):
        answer = desk.client.get(f"{other.page}/{path}")
        assert answer.status_code == 409
        assert "first" in answer.text
    body = {"stretches": [{"start_ms": 0, "end_ms": 9_000}]}
    assert desk.client.post(f"{other.place}/heard", json=body).status_code == 409
    assert desk.client.get(f"{desk.heard.page}/listen").status_code == 200


def test_without_sound_the_pages_say_so_and_offer_no_player(desk: Desk) -> None:
    result_id = result_id_of(
        desk.served.store, desk.heard.study.id, desk.heard.id, REVIEW_COPY.name
    )
    with desk.served.store.database.write() as connection:
        connection.execute(
            update(STEP).where(STEP.c.stage_result_id == result_id).values(stage_result_id=None)
        )
    for path in ("voices", "listen"):
        page = desk.client.get(f"{desk.heard.page}/{path}").text
        assert "There is no sound to listen to" in page
        assert "<audio" not in page
        assert "player" not in page
        assert f"{path}.js" not in page


def test_without_turns_of_the_voices_words_tell_how_long_somebody_talks(desk: Desk) -> None:
    result_id = result_id_of(desk.served.store, desk.heard.study.id, desk.heard.id, TURNS.name)
    with desk.served.store.database.write() as connection:
        connection.execute(
            update(STEP).where(STEP.c.stage_result_id == result_id).values(stage_result_id=None)
        )
    cards = voices_of(desk.served.store, desk.heard.study.id, desk.heard.id).cards
    assert all(card.talk_ms > 0 and card.turns > 0 for card in cards)
    assert abs(sum(card.share for card in cards) - 1) < 0.01
