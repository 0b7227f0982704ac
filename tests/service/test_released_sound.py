"""The sound of a release: off unless asked for, without what the text leaves out, and audited."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.sounding_release import NOTHING_ASKED, WITH_SOUND, Decided, decided_in, samples
from transcriber.domain.access import Role
from transcriber.domain.consent import Answer, Consent
from transcriber.domain.edit import FindingRejected, PassageWithheld
from transcriber.domain.finding import EntityType
from transcriber.domain.interval import Interval
from transcriber.domain.participation import is_participant
from transcriber.domain.released_sound import USUAL_SOUND
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.consent.book import put_consents
from transcriber.services.review.taken_out import taken_out
from transcriber.services.review.withdraw import withdraw
from transcriber.services.shown_release import show_release
from transcriber.services.sightings.answer import recall
from transcriber.services.sightings.incident import incident_note
from transcriber.services.sightings.report import report
from transcriber.services.studies import draft_of, edit_study, show_study

UNWRITTEN = Interval(23_200, 24_800)
PADDING_MS = USUAL_SOUND.padding_ms


@pytest.fixture
def decided(tmp_path: Path) -> Decided:
    return decided_in(tmp_path)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Decided, str]:
    """One that was signed, and the address of its release; nothing of it is changed for good."""
    decided = decided_in(tmp_path_factory.mktemp("signed"))
    return decided, decided.sign()


@pytest.fixture
def shared(signed: tuple[Decided, str]) -> Decided:
    return signed[0]


def level(heard: NDArray[np.int16], start_ms: int, end_ms: int) -> float:
    return float(np.abs(heard[start_ms * 16 : end_ms * 16].astype(np.float64)).max())


def bleeped(heard: NDArray[np.int16], start_ms: int, end_ms: int) -> bool:
    """Whether nothing but the tone is heard from the first sample to the last."""
    part = heard[start_ms * 16 : end_ms * 16].astype(np.float64)
    turns = 2 * np.pi * 1_000 * np.arange(len(part)) / 16_000
    tone = np.stack((np.sin(turns), np.cos(turns)), axis=1)
    left = part - tone @ np.linalg.lstsq(tone, part, rcond=None)[0]
    return bool(np.abs(left).max() < 2)


def test_what_the_text_leaves_out_is_not_heard(signed: tuple[Decided, str]) -> None:
    decided, release = signed
    answer = decided.served.client().get(f"{release}/sound?format=flac")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/flac")
    assert answer.headers["content-disposition"] == 'attachment; filename="FG01-v1.flac"'
    heard = samples(answer.content)
    transcript = decided.heard.transcript
    assert len(heard) == transcript.duration_ms * 16
    for first, last in ((12, 13), (33, 33), (45, 54)):
        start_ms, end_ms = decided.time(first, last)
        assert bleeped(heard, start_ms - PADDING_MS + 8, end_ms + PADDING_MS - 8)
        assert level(heard, start_ms - PADDING_MS - 250, start_ms - PADDING_MS) > 0
    assert bleeped(heard, UNWRITTEN.start_ms, UNWRITTEN.end_ms)
    assert level(heard, *decided.time(15, 19)) > 4_000
    assert level(heard, *decided.time(60, 69)) > 4_000
    last = len(transcript.words) - 1
    assert bleeped(heard, decided.time(last - 3, last)[0], transcript.duration_ms)
    assert decided.actions()[-1] == "sound_exported"


def test_the_tone_covers_whatever_the_text_shows_as_replaced(shared: Decided) -> None:
    stretches = taken_out(shared.released).stretches
    tokens = [token for turn in shared.released.text.turns for token in turn.tokens]
    replaced = [token for token in tokens if token.redacted]
    assert len(replaced) == 3
    for token in replaced:
        assert any(
            each.start_ms <= token.start_ms - PADDING_MS
            and token.end_ms + PADDING_MS <= each.end_ms
            for each in stretches
        )


def test_talk_withheld_at_the_beginning_is_gone_from_the_first_sample(decided: Decided) -> None:
    decided.decide(PassageWithheld("w0", "w4", "chat"))
    first = taken_out(decided.released).stretches[0]
    assert first == Interval(0, decided.time(0, 4)[1] + PADDING_MS)


def test_what_was_rejected_is_heard(decided: Decided) -> None:
    decided.decide(FindingRejected("w12", "w13"))
    start_ms, end_ms = decided.time(12, 13)
    assert all(
        not each.overlap_ms(Interval(start_ms, end_ms))
        for each in taken_out(decided.released).stretches
    )


def test_no_sound_leaves_unless_the_study_asks_for_it(tmp_path: Path) -> None:
    decided = decided_in(tmp_path, StudyTerms(checking=NOTHING_ASKED))
    release, client = decided.sign(), decided.served.client()
    answer = client.get(f"{release}/sound")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_sound_released")
    page = client.get(release.removeprefix("/api/v1"))
    assert "The voice still identifies" not in page.text
    allow(decided, release_sound=True)  # what was signed without stays without
    assert client.get(f"{release}/sound").status_code == 409
    assert "sound_exported" not in decided.actions()


def test_a_study_that_gives_no_sound_any_more_gives_none(signed: tuple[Decided, str]) -> None:
    decided, release = signed
    client = decided.served.client()
    assert "The voice still identifies" in client.get(release.removeprefix("/api/v1")).text
    allow(decided, release_sound=False)
    assert client.get(f"{release}/sound").json()["code"] == "no_sound_released"
    assert "The voice still identifies" not in client.get(release.removeprefix("/api/v1")).text
    allow(decided, release_sound=True)


def test_the_sound_of_who_did_not_agree_to_be_quoted_does_not_leave(decided: Decided) -> None:
    release, client = decided.sign(), decided.served.client()
    spoken = filter(is_participant, {turn.label for turn in decided.released.text.turns})
    (label,) = sorted(spoken)[:1]
    put_consents(
        decided.served.store, None, decided.study.id, [Consent(label, quoted=Answer.NOT_AGREED)]
    )
    refused = client.get(f"{release}/sound")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_consent")
    assert "sound_exported" not in decided.actions()


def test_sound_goes_with_the_text_that_was_signed_and_with_no_stricter_one(tmp_path: Path) -> None:
    decided = decided_in(tmp_path, policies=("default", "open"))
    release, client = decided.sign(), decided.served.client()
    page = client.get(release.removeprefix("/api/v1")).text
    assert "Sound that goes with “Default”" in page
    assert "give it to nobody who is to have one of those only" in page
    told = {
        profile: client.get(f"{release}/file?format=json&profile={profile}").json()["release"]
        for profile in ("default", "open")
    }
    assert told["default"]["sound"]["taken_out"]
    assert told["open"]["sound"] is None
    answer = client.get(f"{release}/sound?format=wav&profile=open")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_sound_released")
    assert client.get(f"{release}/sound?format=wav&profile=default").status_code == 200


def test_sound_is_withdrawn_with_its_release(decided: Decided) -> None:
    release, client = decided.sign(), decided.served.client()
    assert client.get(f"{release}/sound?format=opus").status_code == 200
    assert decided.served.asks is not None
    actor = decided.served.asks.account_id
    withdraw(decided.served.store, actor, decided.study.id, release[-32:], "asked for")
    answer = client.get(f"{release}/sound?format=opus")
    assert (answer.status_code, answer.json()["code"]) == (410, "withdrawn")


def test_who_took_the_sound_of_a_recalled_release_stands_in_the_incident_note(
    decided: Decided,
) -> None:
    release, client = decided.sign(), decided.served.client()
    assert client.get(f"{release}/sound?format=opus").status_code == 200
    assert decided.served.asks is not None
    place = decided.served.store, decided.served.asks.account_id, decided.study.id
    seen = report(*place, release[-32:], 1)
    recall(*place, seen, {0}, EntityType.PERSON)
    note = " ".join(incident_note(*place, seen, "txt").data.decode().split())
    assert "FG01, version 1, its sound taken away by lead" in note
    assert client.get(f"{release}/sound?format=opus").json()["code"] == "withdrawn"


def test_an_analyst_gets_the_sound_of_a_release_and_no_other(signed: tuple[Decided, str]) -> None:
    decided, release = signed
    client, before = decided.served.client(), decided.served.asks
    decided.served.be(Role.ANALYST, decided.study.id)
    assert client.get(f"{release}/sound?format=mp3").status_code == 200
    assert client.get(f"{decided.heard.place}/audio").status_code == 403
    body = {"speaker": "S2"}
    assert client.post(f"{decided.heard.place}/own-turns", json=body).status_code == 403
    decided.served.asks = before


def test_a_release_says_what_is_not_heard(signed: tuple[Decided, str]) -> None:
    decided, release = signed
    assert decided.served.asks is not None
    shown = show_release(
        decided.served.store,
        decided.served.asks.account_id,
        decided.study.id,
        release[-32:],
        with_withdrawn=False,
    )
    told = shown.manifest["sound"]
    assert (told["fill"], told["padding_ms"]) == ("tone", PADDING_MS)
    assert [(each["start_ms"], each["end_ms"]) for each in told["taken_out"]] == [
        (each.start_ms, each.end_ms) for each in taken_out(decided.released).stretches
    ]


def test_the_one_who_signs_is_told_that_the_sound_leaves(shared: Decided) -> None:
    page = shared.served.client().get(f"{shared.heard.page}/sign-off").text
    assert "with a tone over 5 stretches" in page
    assert "The voice still identifies the person." in page


def test_a_participant_hears_their_own_turns_only(shared: Decided) -> None:
    at, client = f"{shared.heard.place}/own-turns", shared.served.client()
    assert client.post(at, json={"speaker": "S9"}).json()["code"] == "unknown_voice"
    answer = client.post(at, json={"speaker": "S2", "format": "wav"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    heard = samples(answer.content)
    for segment in shared.heard.transcript.segments[:4]:
        start_ms, end_ms = shared.time(segment.first_word, segment.last_word)
        assert bleeped(heard, start_ms + 8, end_ms - 8) == (segment.speaker != "S2")
    assert bleeped(heard, *shared.time(45, 49))  # withheld of what they said themselves
    assert shared.actions()[-1] == "sound_exported"


def allow(decided: Decided, *, release_sound: bool) -> None:
    assert decided.served.asks is not None
    store, actor = decided.served.store, decided.served.asks.account_id
    study = show_study(store, decided.study.id)
    draft = draft_of(study)
    terms = WITH_SOUND if release_sound else StudyTerms(checking=NOTHING_ASKED)
    edit_study(store, actor, study.id, type(draft)(draft.name, terms=terms), study.version)
