"""Consent as its page, the interface and the command line show and change it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from tests.checked import Checked
from tests.service.people import signed_in
from tests.service.signing import made
from tests.service.tus import Tus
from tests.stored_jobs import SEALED
from transcriber.cli.parser import build_parser
from transcriber.domain.consent import Answer, Consent, ConsentTo
from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Participant
from transcriber.exports.consent_words import withdraw_by_sentence
from transcriber.pipeline import DIARISE
from transcriber.services.consent.book import shown_consents
from transcriber.services.consent.log import consents_in, read_consents
from transcriber.services.rights.participant import held_on
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import edit_roster, show_study
from transcriber.storage.database.tables import BLOB, STAGE_RESULT
from transcriber.storage.ids import new_id
from transcriber.web.app import make_app

LOG = """Name,Label,Recorded,Transcribed,Quoted,Archived,Voices,Date of consent,Withdraw by,Notes
Sarah Whitfield,P01,yes,ja,x,nein,no,2026-01-12,31.03.2027,morning
Tom Greenwood,,yes,yes,declined,,,12th January 2026,,
"""


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    return made(open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "home")})), tmp_path)


@pytest.fixture
def client(checked: Checked) -> TestClient:
    client = TestClient(make_app(checked.store), base_url="https://testserver")
    client.headers.update(signed_in(checked.store, checked.actor_id))
    return client


def kept(checked: Checked, label: str) -> Consent:
    return shown_consents(checked.store, checked.study_id).of(label)


# The log.


def test_a_log_is_read_by_its_header_in_the_words_that_people_write(checked: Checked) -> None:
    read = read_consents(checked.store, checked.study_id, LOG)
    yes, no = Answer.AGREED, Answer.NOT_AGREED
    day = date(2026, 1, 12)
    assert read.consents == (
        Consent("P01", None, yes, yes, yes, no, no, day, date(2027, 3, 31)),
        Consent("P02", None, yes, yes, no, given_on=day),
    )
    assert read.not_understood == ()
    assert kept(checked, "P01").says_nothing


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("P09,yes,,,", "Nobody has this label"),
        (",yes,,,", "no name and no label"),
        ("INT,yes,,,", "no label of a participant"),
        ("P01,maybe,,,", "neither yes nor no"),
        ("P01,n/a,,,", "neither yes nor no"),
        ("P01,yes,03/04/2026,,", "may be two days"),
        ("P01,yes,31.02.2026,,", "not understood"),
        ("P01,yes,soon,,", "not understood"),
        ("P01,,,,", "says nothing on consent"),
        ("P01,yes,2026-02-02,2026-01-01,", "before the day of the consent"),
        ("P01,yes,,,INT77", "no recording of this code"),
    ],
)
def test_what_is_not_understood_is_told_by_its_line_and_not_guessed(
    checked: Checked, line: str, why: str
) -> None:
    text = f"label,quoted,date,withdraw by,recording\nP02,yes,,,\n{line}"
    read = read_consents(checked.store, checked.study_id, text)
    assert [each.label for each in read.consents] == ["P02"]
    (told,) = read.not_understood
    assert told.line == 3
    assert why in told.reason


def test_a_name_that_is_another_label_and_a_person_who_stands_twice(checked: Checked) -> None:
    text = "name,label,quoted\nTom Greenwood,P01,yes\nNobody Known,,yes\n,P02,yes\n,P02,no"
    read = read_consents(checked.store, checked.study_id, text)
    assert [told.line for told in read.not_understood] == [2, 3, 5]
    assert read.consents == (Consent("P02", quoted=Answer.AGREED),)


def test_no_to_all_is_no_to_each_unless_the_line_contradicts_itself(checked: Checked) -> None:
    text = "label,consent,quoted\nP01,withdrawn,\nP02,no,yes"
    read = read_consents(checked.store, checked.study_id, text)
    (refused,) = read.consents
    assert {refused.answer(to) for to in ConsentTo} == {Answer.NOT_AGREED}
    assert [told.line for told in read.not_understood] == [3]


def test_recording_is_a_code_or_the_first_of_the_five_and_other_columns_are_named(
    checked: Checked,
) -> None:
    shown = shown_consents(checked.store, checked.study_id)
    roster = show_study(checked.store, checked.study_id).agreed.roster
    ((recording_id, code),) = shown.codes.items()
    one = consents_in(f"label\trecording\tquoted\tshoes\nP01\t{code}\tno\t42", roster, shown)
    assert one.consents == (Consent("P01", recording_id, quoted=Answer.NOT_AGREED),)
    assert one.passed_over == ("shoes",)
    first = consents_in("label\trecording\tquoted\nP01\tno\tno", roster, shown)
    assert first.consents[0].recorded is Answer.NOT_AGREED


@pytest.mark.parametrize("text", ["", "P01 yes", "P01,yes,no", "label,shoes\nP01,42"])
def test_without_a_header_nothing_is_read(checked: Checked, text: str) -> None:
    with pytest.raises(UsageError) as error:
        read_consents(checked.store, checked.study_id, text)
    assert error.value.code == "no_header"


# The interface.


def test_the_interface_shows_changes_and_takes_a_log(checked: Checked, client: TestClient) -> None:
    place = f"/api/v1/studies/{checked.study_id}/consent"
    body = {"quoted": "not_agreed", "given_on": "2026-01-12"}
    assert client.put(f"{place}/p01", json=body).status_code == 204
    answer = client.get(place).json()
    assert answer["consent_per_person"] is False
    assert answer["people"][0] == {"label": "P01", "name": "Sarah Whitfield"}
    assert answer["consents"][0]["quoted"] == "not_agreed"
    read = client.post(f"{place}/log", json={"text": "label,archived\nP01,yes\nP77,yes"})
    assert [told["line"] for told in read.json()["not_understood"]] == [3]
    assert kept(checked, "P01").archived is Answer.NOT_ON_RECORD
    client.post(f"{place}/log", json={"text": "label,archived\nP01,yes", "keep": True})
    # What the log does not speak of stays as it was.
    assert kept(checked, "P01") == Consent(
        "P01",
        quoted=Answer.NOT_AGREED,
        archived=Answer.AGREED,
        given_on=date(2026, 1, 12),
    )
    assert client.put(f"{place}/INT", json=body).json()["code"] == "bad_label"


def test_who_takes_part_is_said_and_asked_before_work(checked: Checked, client: TestClient) -> None:
    study = f"/api/v1/studies/{checked.study_id}"
    place = f"{study}/recordings/{checked.recording_id}/participants"
    assert client.put(place, json={"labels": ["p01", "P02"]}).status_code == 204
    assert client.get(place).json() == {"labels": ["P01", "P02"]}
    client.put(f"{study}/consent/P02", json={"recorded": "not_agreed"})
    form = {"kind": "individual", "takes_part": "P01, P02"}
    sent = client.post(f"{study}/recordings", data=form, files={"file": ("a.wav", b"RIFF")})
    assert sent.status_code == 409
    assert sent.json()["code"] == "no_consent"
    assert "P02 did not agree to be recorded" in sent.json()["detail"]
    assert client.get(f"{study}/recordings").json()["items"][1:] == []


def test_an_upload_that_is_refused_waits_until_consent_is_written_down(
    checked: Checked, client: TestClient
) -> None:
    study = f"/api/v1/studies/{checked.study_id}"
    client.put(f"{study}/consent/P02", json={"recorded": "not_agreed"})
    upload_id = Tus(client, checked.study_id).sent(b"RIFF hours of talk")
    wanted = {"uploads": [upload_id], "kind": "individual", "takes_part": "P02"}
    assert client.post(f"{study}/recordings", json=wanted).status_code == 409
    client.put(f"{study}/consent/P02", json={"recorded": "agreed"})
    assert client.post(f"{study}/recordings", json=wanted).status_code == 201


def test_an_export_that_is_refused_says_why(checked: Checked, client: TestClient) -> None:
    checked.all_passes()
    study = f"/api/v1/studies/{checked.study_id}"
    client.put(f"{study}/consent/P02", json={"quoted": "not_agreed"})
    page = client.get(f"/studies/{checked.study_id}/recordings/{checked.recording_id}/sign-off")
    assert "P02 did not agree to be quoted" in page.text
    assert f'/studies/{checked.study_id}/consent">Look at consent' in page.text


# The page.


def test_whoever_leads_the_talk_is_asked_for_no_consent_and_withdraws_nothing(
    checked: Checked, client: TestClient
) -> None:
    now = show_study(checked.store, checked.study_id)
    people = (*now.agreed.roster.participants, Participant("Daniel Price", "MOD-A"))
    roster = replace(now.agreed.roster, participants=people)
    edit_roster(checked.store, checked.actor_id, checked.study_id, roster, now.version)
    pages = ("consent", "withdrawal")
    texts = [client.get(f"/studies/{checked.study_id}/{page}").text for page in pages]
    assert all("Sarah Whitfield" in text for text in texts)
    assert not any("Daniel Price" in text for text in texts)
    assert "MOD_A: by this label somebody leads the talk, and is asked for no consent" in texts[0]
    assert shown_consents(checked.store, checked.study_id).unlabelled == 0


def test_the_page_shows_changes_and_reads_a_log_before_it_is_kept(
    checked: Checked, client: TestClient
) -> None:
    place = f"/studies/{checked.study_id}/consent"
    assert "Sarah Whitfield" in client.get(place).text
    assert "Change what P02 agreed to" in client.get(f"{place}?label=P02").text
    client.post(place, data={"label": "P02", "voices": "not_agreed", "withdraw_by": "2020-01-01"})
    assert kept(checked, "P02").voices is Answer.NOT_AGREED
    assert "not refused after that day" in client.get(f"{place}?label=P02").text
    wrong = client.post(place, data={"label": "P02", "given_on": "yesterday"})
    assert wrong.status_code == 422
    assert "Write a date as" in wrong.text
    preview = client.post(f"{place}/log", data={"log": LOG + "P09,P09,yes\n"})
    assert "Line 4: Nobody has this label" in preview.text
    assert kept(checked, "P01").says_nothing
    client.post(f"{place}/log", data={"log": LOG, "then": "keep"})
    assert kept(checked, "P01").archived is Answer.NOT_AGREED
    assert client.post(f"{place}/log", data={"log": "nothing"}).status_code == 422


def test_the_switch_is_a_promise(checked: Checked, client: TestClient) -> None:
    place = f"/studies/{checked.study_id}/promises"
    client.post(place, data={"version": 1, "consent_per_person": "true"})
    assert show_study(checked.store, checked.study_id).agreed.terms.consent_per_person
    assert "counts as not agreed" in client.get(f"/studies/{checked.study_id}/consent").text
    assert "so it has to be said" in client.get(f"/studies/{checked.study_id}/upload").text


# What participants are told.


def test_the_participants_file_tells_their_consent(checked: Checked, client: TestClient) -> None:
    client.put(
        f"/api/v1/studies/{checked.study_id}/consent/P01",
        json={"quoted": "agreed", "archived": "not_agreed", "withdraw_by": "2027-03-31"},
    )
    told = held_on(checked.store, checked.study_id, ["P01"]).consent
    assert "Quoted, as P01 in all recordings: agreed." in told
    assert "Archived, as P01 in all recordings: did not agree." in told
    assert any("until 31 March 2027" in sentence for sentence in told)
    assert not any(
        "P01" in each for each in held_on(checked.store, checked.study_id, ["P02"]).consent
    )


def test_the_participants_file_tells_what_voice_prints_are_held(
    checked: Checked, tmp_path: Path
) -> None:
    def told() -> str:
        return " ".join(held_on(checked.store, checked.study_id, ["P01"]).consent)

    assert "It holds none of this study now." in told()
    with checked.store.database.write() as connection:
        blob = connection.execute(select(BLOB.c.id)).scalars().first()
        connection.execute(
            insert(STAGE_RESULT).values(
                id=new_id(),
                recording_id=checked.recording_id,
                stage=DIARISE.name,
                fingerprint=SEALED,
                fingerprint_tag=bytes(32),
                blob_id=blob,
                took_ms=1,
                created_at_ms=1,
            )
        )
    assert "It holds those of one recording of this study now" in told()


def test_a_day_to_withdraw_by_is_told_and_never_a_refusal() -> None:
    consent = Consent("P01", withdraw_by=date(2026, 5, 1))
    assert withdraw_by_sentence(Consent("P01"), date(2026, 1, 1)) == ""
    assert "can withdraw until 1 May 2026" in withdraw_by_sentence(consent, date(2026, 5, 1))
    after = withdraw_by_sentence(consent, date(2026, 5, 2))
    assert "at any time" in after
    assert "not refused" in after


# The command line.


def test_the_command_line_takes_a_log(
    checked: Checked,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRANSCRIBER_HOME", str(checked.store.settings.data_folder))
    name = show_study(checked.store, checked.study_id).name
    log = tmp_path / "log.csv"
    log.write_text(LOG + "Nobody Known,,yes\n")

    def run(*words: str) -> int:
        arguments = build_parser().parse_args(["study", "consent", name, *words])
        return int(arguments.command(arguments))

    assert run("--import", str(log), "--dry-run") == 1
    assert kept(checked, "P01").says_nothing
    log.write_text(LOG)
    assert run("--import", str(log)) == 0
    assert kept(checked, "P02").quoted is Answer.NOT_AGREED
    capsys.readouterr()
    assert run() == 0
    printed = capsys.readouterr().out
    assert "P02" in printed
    assert "Greenwood" not in printed
