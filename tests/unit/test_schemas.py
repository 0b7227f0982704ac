"""The published schemas describe what is written, and what is written can be read again."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.talk import talk, turns_of
from transcriber.domain.clip import Clip
from transcriber.domain.errors import InputError
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.interval import Interval
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.suggestion import Reason, Sign, Suggestion
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Role,
    RoleGuess,
    Segment,
    Speaker,
    Transcript,
    Word,
)
from transcriber.domain.voice_print import Proposal
from transcriber.exports.findings_json import read_findings, write_findings
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.speakers_csv import write_speakers_csv
from transcriber.exports.speakers_json import write_speakers
from transcriber.exports.transcript_json import read_transcript, write_transcript
from transcriber.stages.interview.figures import talk_figures
from transcriber.stages.interview.speaking import speaking

# A busy machine is slow at times; that is no failure.
CHARACTERS = st.text(max_size=12)
MS = st.integers(0, 10**9)
GUESSES = st.builds(
    RoleGuess,
    st.sampled_from(Role),
    st.integers(0, 99),
    st.integers(0, 99),
    st.floats(0, 1),
    st.booleans(),
)


def schema(name: str) -> Draft202012Validator:
    text = files("transcriber.exports").joinpath("schemas", f"{name}.schema.json").read_text()
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    texts = draw(st.lists(st.lists(CHARACTERS, min_size=1, max_size=3), max_size=4))
    speakers = [draw(st.none() | st.just("S1")) for _ in texts]
    words: list[Word] = []
    segments = []
    for speaker, spoken in zip(speakers, texts, strict=True):
        segments.append(Segment(speaker, len(words), len(words) + len(spoken) - 1))
        for text in spoken:
            start = draw(MS)
            confidence = draw(st.none() | st.floats(0, 1))
            word = Word(f"w{len(words)}", text, start, start + 5, speaker, confidence)
            words.append(replace(word, speaker_uncertain=draw(st.booleans())))
    return Transcript(
        draw(CHARACTERS),
        draw(st.sampled_from(Quality)),
        draw(MS),
        (Speaker("S1", "P01", draw(st.none() | GUESSES)), Speaker("S2", "UNK")),
        tuple(words),
        tuple(segments),
        Coverage(draw(MS), (Interval(1, 7),) if draw(st.booleans()) else ()),
        {"engine": draw(CHARACTERS), "settings": {"beam": 5}},
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    action = draw(st.none() | st.sampled_from(Action))
    replaced = action in {Action.REPLACE, Action.GENERALISE}
    return Finding(
        draw(MS),
        draw(MS),
        draw(st.sampled_from(EntityType)),
        draw(CHARACTERS),
        draw(st.floats(0, 1)),
        "roster",
        draw(CHARACTERS),
        draw(st.none() | st.just(Place(3, 4, 500, 900))),
        draw(st.none() | st.just("header-1")),
        action,
        draw(CHARACTERS) if replaced else None,
    )


@given(transcripts())
def test_a_transcript_comes_back_as_it_was(transcript: Transcript) -> None:
    data = write_transcript(transcript)
    schema("transcript").validate(json.loads(data))
    again = read_transcript(data)
    assert again == transcript
    assert again.text == transcript.text
    assert write_transcript(again) == data


@given(transcripts())
def test_fields_from_later_versions_are_ignored(transcript: Transcript) -> None:
    record = json.loads(write_transcript(transcript))
    record["later"] = 1
    for word in record["words"]:
        word["later"] = [1]
    assert read_transcript(json.dumps(record).encode()) == transcript


@given(st.lists(findings(), max_size=4))
def test_findings_come_back_as_they_were(found: list[Finding]) -> None:
    data = write_findings(found)
    schema("findings").validate(json.loads(data))
    assert read_findings(data) == tuple(found)


def test_a_flag_has_no_replacement() -> None:
    flagged = Finding(0, 5, EntityType.HEALTH, "asthma", 0.5, "x", action=Action.FLAG)
    (record,) = json.loads(write_findings([flagged]))
    assert record == {
        "start": 0,
        "end": 5,
        "entity_type": "HEALTH",
        "text": "asthma",
        "score": 0.5,
        "source": "x",
        "action": "flag",
    }
    assert not schema("findings").is_valid([record | {"replacement": "[X]"}])


WRONG = [
    (b"{", "bad_json"),
    (b"[" * 100_000, "bad_json"),
    (b'{"schema": NaN}', "bad_json"),
    (b"{}", "bad_transcript"),
    (b"[]", "bad_transcript"),
    (b"\0\0", "not_text"),
    (b" ", "empty"),
]


@pytest.mark.parametrize(("data", "code"), WRONG)
def test_what_is_no_transcript_is_named_so(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_transcript(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("segments", [{"speaker": None, "first_word": 0, "last_word": 9}]),
        ("segments", []),
        ("quality", "good"),
        ("duration_ms", -1),
        ("duration_ms", True),
        ("speakers", None),
    ],
)
def test_a_broken_promise_is_refused(key: str, value: object) -> None:
    record = {
        "schema": "transcriber/1",
        "language": "en",
        "quality": "full",
        "duration_ms": 5,
        "speakers": [],
        "words": [{"id": "w0", "text": "a", "start_ms": 0, "end_ms": 1}],
        "segments": [{"speaker": None, "first_word": 0, "last_word": 0}],
        "coverage": {"speech_ms": 0, "untranscribed": []},
    }
    read_transcript(json.dumps(record).encode())
    with pytest.raises(InputError, match=r"transcript\.json"):
        read_transcript(json.dumps(record | {key: value}).encode())


def test_what_is_no_list_of_findings_is_named_so() -> None:
    for data in (b"{}", b"[1]", b'[{"start": 1}]'):
        with pytest.raises(InputError) as caught:
            read_findings(data)
        assert caught.value.code == "bad_findings"


def test_the_redacted_file_follows_its_schema() -> None:
    turn = RedactedTurn("P01", (Token("hello", 0, 400), Token("[TOWN_1]", 500, 900, redacted=True)))
    transcript = RedactedTranscript(
        "INT01",
        "S",
        "en",
        Quality.FULL,
        Checked.YES,
        1000,
        Coverage(900, (Interval(1, 2),)),
        (turn,),
        guessed=("INT",),
    )
    record = json.loads(write_redacted_json(transcript))
    schema("redacted").validate(record)
    assert record["status"] == "checked by a person"
    assert record["coverage"]["untranscribed_ms"] == 1
    assert record["turns"][0]["text"] == "hello [TOWN_1]"
    assert record["guessed_labels"] == ["INT"]


def test_the_speakers_file_follows_its_schema() -> None:
    said = talk(("S1", "how did you come to this work"), ("S2", "a friend told me about it"))
    guess = RoleGuess(Role.INTERVIEWER, 1, 1, 0.5, True)
    overview = SpeakerOverview(
        code="INT01",
        speakers=(Speaker("S1", "INT", guess), Speaker("S2", "P01"), Speaker("S3", "P02")),
        figures=talk_figures(speaking(turns_of(said), said, said), said),
        clips={"S1": (Clip("S1", Interval(800, 2_900), 0.8),)},
        suggestions=(Suggestion("S2", "Maud", None, (Reason(Sign.THANKED, 900),)),),
        proposals=(Proposal("S1", "INT00/S2", "INT00", "S2", "INT", 0.93),),
    )
    record = json.loads(write_speakers(overview))
    schema("speakers").validate(record)
    asks, answers, silent = record["speakers"]
    assert asks["guess"]["role"] == "INT"
    assert asks["clips"] == [{"start_ms": 800, "end_ms": 2_900, "clarity": 0.8}]
    assert asks["sounds_like"][0]["similarity"] == 0.93
    assert answers["may_be"][0]["reasons"] == [{"sign": "thanked", "at_ms": 900}]
    assert silent["talk"] is None
    table = write_speakers_csv(overview).decode().splitlines()
    assert table[0].startswith("recording,label,talk_ms,share,turns")
    assert [row.split(",")[1] for row in table[1:]] == ["INT", "P01"]
