"""The pages on which the checking itself is judged: shown, filled in and kept."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.checked_study import Written, write_recording
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.recording import Kind
from transcriber.services.review.blind import blind_result
from transcriber.services.review.samples import sound_results
from transcriber.services.studies import StudyDraft
from transcriber.services.submit import PRIORITIES, Submission, submit
from transcriber.storage.database.tables import JOB

BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


@pytest.fixture
def written(served: Served) -> Written:
    study = served.begin(StudyDraft("Peer support"), Role.LEAD)
    return write_recording(served.store, study)


def browser(served: Served) -> TestClient:
    client = served.client()
    client.headers.update(BROWSER)
    return client


def sample_on(page: str) -> str:
    found = re.search(r'name="sample" value="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def numbers_on(page: str, word: str) -> Sequence[str]:
    return re.findall(rf'value="(\d+)"><span>{word}</span>', page)


def test_checking_tells_how_far_and_how_long(served: Served, written: Written) -> None:
    page = browser(served).get(f"/studies/{written.study_id}/checking")
    assert page.status_code == 200
    assert "hearing everything" in page.text
    assert "0:00 of" in page.text
    assert "Sarah" not in page.text
    for query in (
        "show=waiting",
        "show=begun",
        "show=to-check&order=longest",
        "order=least-checked",
    ):
        assert (
            browser(served).get(f"/studies/{written.study_id}/checking?{query}").status_code == 200
        )


def test_checking_of_an_empty_study_says_what_comes(served: Served) -> None:
    study = served.begin(StudyDraft("Empty"), Role.LEAD)
    page = browser(served).get(f"/studies/{study.id}/checking")
    assert "Nothing to check yet" in page.text


def test_pictures_have_their_figures_and_no_words(served: Served, written: Written) -> None:
    page = browser(served).get(
        f"/studies/{written.study_id}/recordings/{written.recording_id}/pictures"
    )
    assert page.status_code == 200
    assert page.text.count("<svg") >= 3
    assert "Whitfield" not in page.text


def test_a_blind_stretch_shows_no_mark_and_is_compared(served: Served, written: Written) -> None:
    place = f"/studies/{written.study_id}/recordings/{written.recording_id}/blind"
    client = browser(served)
    page = client.get(place).text
    assert "<mark" not in page
    assert "PERSON" not in page
    first = sample_on(page)
    assert sample_on(client.get(place).text) == first  # the same until it is answered
    names = [n for word in ("Sarah", "Whitfield", "Leeds") for n in numbers_on(page, word)]
    answer = client.post(place, data={"sample": first, "word": names})
    assert answer.status_code == 200
    assert "Kept." in answer.text
    assert sample_on(answer.text) != first
    result = blind_result(served.store, written.study_id)
    assert (result.stretches, result.clean, result.only_first, result.only_second) == (1, 1, 0, 0)
    assert result.alike.kappa == 1.0
    again = client.post(place, data={"sample": first, "word": names})
    assert again.status_code == 422
    assert "already" in again.text


def test_what_the_second_reviewer_finds_anew_counts_as_missed(
    served: Served, written: Written
) -> None:
    place = f"/studies/{written.study_id}/recordings/{written.recording_id}/blind"
    client = browser(served)
    page = client.get(place).text
    anew = numbers_on(page, "clinic")[:1]
    client.post(place, data={"sample": sample_on(page), "word": anew})
    result = blind_result(served.store, written.study_id)
    assert (result.clean, result.only_second) == (0, 1)
    assert result.only_first > 0
    assert "something was missed" in result.sentence


def test_words_outside_the_stretch_are_refused(served: Served, written: Written) -> None:
    place = f"/studies/{written.study_id}/recordings/{written.recording_id}/blind"
    client = browser(served)
    sample = sample_on(client.get(place).text)
    answer = client.post(place, data={"sample": sample, "word": ["100000"]})
    assert answer.status_code == 422
    assert blind_result(served.store, written.study_id).stretches == 0


def test_a_stretch_is_corrected_by_its_sound(served: Served, written: Written) -> None:
    place = f"/studies/{written.study_id}/recordings/{written.recording_id}/sample"
    client = browser(served)
    page = client.get(place).text
    texts = re.findall(r'name="text" rows="2" spellcheck="false">([^<]*)</textarea>', page)
    chosen = re.findall(r'<option value="(\w+)" selected>', page)
    assert len(texts) == len(chosen) >= 2
    heard = [texts[0].replace(texts[0].split()[0], "otherwise", 1), *texts[1:]]
    swapped = ["P01" if who == "INT" else "INT" for who in chosen[:1]]
    answer = client.post(
        place,
        data={
            "sample": sample_on(page),
            "speaker": [*swapped, *chosen[1:]],
            "text": heard,
            "invented": [str(len(texts) - 1)],
            "added": "clocks outside chimed seven times",  # words of no stretch
            "added_speaker": "UNK",
        },
    )
    assert "Kept." in answer.text
    (result,) = sound_results(served.store, written.study_id)
    assert result.stretches == 1
    assert result.invented == 1
    assert result.pieces == len(texts)
    assert result.words.errors >= 1 + 5
    assert result.speakers.errors == len(texts[0].split())
    assert result.words.interval is None
    shown = client.get(f"/studies/{written.study_id}/checking").text
    assert "too few stretches for an interval" in shown


def test_the_key_is_for_those_who_may_take_it_out(served: Served, written: Written) -> None:
    client = browser(served)
    answer = client.post(f"/studies/{written.study_id}/key.csv")
    assert "[PERSON_1],PERSON,Sarah" in answer.text
    served.be(Role.REVIEWER, written.study_id)
    page = client.get(f"/studies/{written.study_id}/checking").text
    assert "key.csv" not in page
    assert client.post(f"/studies/{written.study_id}/key.csv").status_code == 403


def test_what_anonymisation_promises_is_told_to_anybody(served: Served) -> None:
    page = browser(served).get("/help/promises").text
    assert "up to 43 of the 4,500" in page
    assert "about 45" in page


def test_waiting_recordings_are_put_first_together(served: Served, tmp_path: Path) -> None:
    study = served.begin(StudyDraft("Waiting"), Role.LEAD)
    sounds = [tmp_path / f"{number}.wav" for number in range(2)]
    for number, sound in enumerate(sounds):
        sound.write_bytes(b"sound %d" % number)
    made = [submit(served.store, study, Submission((sound,), Kind.INDIVIDUAL)) for sound in sounds]
    without_job = write_recording(served.store, study)
    client = browser(served)
    place = f"/studies/{study.id}/checking"
    ids = [one.stored.id for one in made] + [without_job.recording_id]
    assert all(f'value="{recording_id}"' in client.get(place).text for recording_id in ids[:2])
    answer = client.post(f"{place}/start", data={"recording": ids})
    assert "2 recordings go first now" in answer.text
    with served.store.database.read() as connection:
        found = connection.execute(select(JOB.c.priority)).scalars().all()
    assert found == [PRIORITIES["high"]] * 2
    served.be(Role.REVIEWER, study.id)
    assert client.post(f"{place}/start", data={"recording": ids}).status_code == 403
