"""Voices are compared with consent only, confirmed by a person, and leave no print elsewhere."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import fake_engines
from transcriber.cli import main
from transcriber.domain.errors import ConsentError, UsageError
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import ANY_COUNT, Kind
from transcriber.domain.roster import Roster
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.outcome import Done, Outcome
from transcriber.services.voices import (
    all_proposals,
    confirm_voice,
    forget_all_voices,
    forget_voice,
    kept_voices,
)

CONSENT = "voice_prints: yes\nrecorded_on: 2026-11-20\nrecorded_by: consent form 3\n"


class Silent:
    """A reporter that shows nothing."""

    def searching(self, number: int, total: int, path: Path) -> None: ...

    def writing(self, number: int, total: int, path: Path) -> None: ...

    def stage(self, stage: str, done: int, total: int) -> None: ...

    def ended(self, outcome: Outcome | None) -> None: ...


@pytest.fixture
def request_(tmp_path: Path) -> BatchRequest:
    inputs = []
    for name in ("first", "second"):
        path = tmp_path / f"{name}.wav"
        path.write_text(name)
        inputs.append(path)
    out = tmp_path / "study"
    (out / "private").mkdir(parents=True)
    (out / "private" / "consent.yaml").write_text(CONSENT)
    return BatchRequest(
        inputs=[(path,) for path in inputs],
        out=out,
        study="",
        kind=Kind.INDIVIDUAL,
        speakers=ANY_COUNT,
        roster=Roster(),
        policies=(Policy("test", Style.LABEL, {}),),
        labels=Labels.LINKED,
        compare_voices=True,
    )


def go(request: BatchRequest) -> None:
    outcomes = run_batch(request, fake_engines(), Silent())
    assert all(isinstance(outcome, Done) for outcome in outcomes)


def test_a_voice_heard_before_is_proposed_and_a_person_confirms(request_: BatchRequest) -> None:
    go(request_)
    private = request_.out / "private"
    (found,) = (p for p in all_proposals(request_.out)["INT02"] if p.speaker == "S1")
    assert (found.known_recording, found.known_label, found.similarity) == ("INT01", "P01", 1.0)
    report = (private / "INT02.report.html").read_text()
    assert "P01 of INT01" in report
    assert "transcriber voices confirm INT02 S1 INT01 S1" in report
    assert "P01 of INT01" not in (private / "INT02.safe-report.html").read_text()
    listed = json.loads((private / "INT02.speakers.json").read_text())["speakers"]
    assert listed[0]["label"] == "P03"  # proposed, not applied
    assert listed[0]["sounds_like"][0]["recording"] == "INT01"

    assert confirm_voice(request_.out, ("INT02", "S1"), ("INT01", "S1")) == "P01"
    go(request_)
    listed = json.loads((private / "INT02.speakers.json").read_text())["speakers"]
    assert (listed[0]["label"], listed[0]["sounds_like"]) == ("P01", [])
    assert {v.person for v in kept_voices(request_.out) if v.label == "P01"} == {"INT01/S1"}


def test_without_the_option_no_print_is_left_anywhere(request_: BatchRequest) -> None:
    go(replace(request_, compare_voices=False))
    private = request_.out / "private"
    assert not (private / "voices.sqlite").exists()
    for path in request_.out.rglob("*"):
        assert path.is_dir() or b'"print"' not in path.read_bytes()


def test_with_the_option_prints_are_in_the_store_alone(request_: BatchRequest) -> None:
    go(request_)
    assert len(kept_voices(request_.out)) == 4
    for path in request_.out.rglob("*"):
        assert path.is_dir() or b'"print"' not in path.read_bytes()


def test_an_unlinked_study_compares_no_participants(request_: BatchRequest) -> None:
    go(replace(request_, labels=Labels.UNLINKED))
    assert kept_voices(request_.out) == ()
    assert all_proposals(request_.out) == {}


def test_a_recording_without_consent_is_left_out(request_: BatchRequest) -> None:
    (request_.out / "private" / "consent.yaml").write_text(CONSENT + "except: [INT01]\n")
    go(request_)
    assert {voice.recording for voice in kept_voices(request_.out)} == {"INT02"}


def test_what_was_erased_is_not_taken_again(request_: BatchRequest) -> None:
    go(request_)
    forget_voice(request_.out, "INT01", "S1")
    go(request_)
    kept = {(voice.recording, voice.speaker) for voice in kept_voices(request_.out)}
    assert kept == {("INT01", "S2"), ("INT02", "S1"), ("INT02", "S2")}
    assert forget_all_voices(request_.out) == 3
    with pytest.raises(UsageError):
        forget_voice(request_.out, "INT01", "S1")
    with pytest.raises(UsageError):
        confirm_voice(request_.out, ("INT02", "S1"), ("INT01", "S1"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "no_consent"),
        ("voice_prints: no\nrecorded_on: 2026-11-20\nrecorded_by: x\n", "no_consent"),
        ("voice_prints: 1\nrecorded_on: 2026-11-20\nrecorded_by: x\n", "no_consent"),
        ("voice_prints: yes\nrecorded_by: x\n", "incomplete_consent"),
        ("voice_prints: yes\nrecorded_on: 2026-11-20\n", "incomplete_consent"),
        (CONSENT + "except: INT01\n", "not_a_list"),
        (CONSENT + "voice_print: yes\n", "unknown_field"),
        ("voice_prints: [\n", "not_valid"),
    ],
)
def test_without_consent_on_record_nothing_is_compared(
    request_: BatchRequest, text: str | None, code: str
) -> None:
    path = request_.out / "private" / "consent.yaml"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(ConsentError) as caught:
        run_batch(request_, fake_engines(), Silent())
    assert caught.value.code == code
    assert kept_voices(request_.out) == ()


def test_the_command_lists_confirms_and_erases(
    request_: BatchRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    go(request_)
    out = ["--out", str(request_.out)]
    assert main(["voices", "list", *out]) == 0
    assert "sounds like P01 of INT01, similarity 1.00" in " ".join(capsys.readouterr().out.split())
    assert main(["voices", "confirm", "INT02", "S1", "INT01", "S1", *out]) == 0
    assert main(["voices", "forget", "INT02", "S2", *out]) == 0
    capsys.readouterr()
    assert main(["voices", "list", "--json", *out]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(v["recording"], v["voice"]) for v in listed["voices"]] == [
        ("INT01", "S1"),
        ("INT01", "S2"),
        ("INT02", "S1"),
    ]
    assert listed["proposals"] == []
    assert "vector" not in json.dumps(listed)
    assert main(["voices", "forget", *out]) == 2
    assert main(["voices", "forget", "INT09", "S1", *out]) == 2
    assert main(["voices", "list", "--out", str(request_.out / "nowhere")]) == 2
    assert main(["voices", "forget", "--all", *out]) == 0
    assert kept_voices(request_.out) == ()
