"""The shipped sample is whole: sound, truth, script and roster belong together."""

import json
import re
from itertools import pairwise
from typing import Any

import av
import pytest
import yaml

from transcriber.domain.finding import EntityType
from transcriber.sample import sample_audio, sample_gold, sample_roster, sample_script

MARKED = re.compile(r"\[([A-Z]+) ([^\]]+)\]")
OFF_ROSTER = {"Karen"}


@pytest.fixture(scope="module")
def gold() -> Any:
    return json.loads(sample_gold().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script() -> Any:
    return yaml.safe_load(sample_script().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def roster() -> Any:
    return yaml.safe_load(sample_roster().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def duration_ms() -> int:
    """Length of the sound as decoded, not as the header states it."""
    with av.open(str(sample_audio())) as container:
        rate = container.streams.audio[0].rate
        samples = sum(frame.samples for frame in container.decode(audio=0))
    return int(samples * 1000 // rate)


def test_audio_is_small_enough_to_ship() -> None:
    assert sample_audio().stat().st_size < 2_000_000


def test_audio_decodes_to_about_three_minutes(duration_ms: int) -> None:
    assert 150_000 <= duration_ms <= 210_000


def test_gold_turns_lie_within_the_audio(gold: Any, duration_ms: int) -> None:
    assert all(0 <= turn["start_ms"] < turn["end_ms"] <= duration_ms for turn in gold["turns"])


def test_gold_says_what_the_script_says(gold: Any, script: Any) -> None:
    scripted = [
        (turn["speaker"], MARKED.sub(r"\2", turn["text"]).strip()) for turn in script["turns"]
    ]
    assert [(turn["speaker"], turn["text"]) for turn in gold["turns"]] == scripted


def test_gold_identifiers_are_those_marked_in_the_script(gold: Any, script: Any) -> None:
    marked = [
        (kind, text, number)
        for number, turn in enumerate(script["turns"])
        for kind, text in MARKED.findall(turn["text"])
    ]
    found = [(i["entity_type"], i["text"], i["turn"]) for i in gold["identifiers"]]
    assert found == marked


def test_gold_identifiers_are_spoken_in_their_turn(gold: Any) -> None:
    for identifier in gold["identifiers"]:
        assert identifier["text"] in gold["turns"][identifier["turn"]]["text"]


def test_identifiers_are_of_seven_known_types(gold: Any) -> None:
    kinds = {EntityType(identifier["entity_type"]) for identifier in gold["identifiers"]}
    assert kinds == {
        EntityType.PERSON,
        EntityType.LOCATION,
        EntityType.ORGANISATION,
        EntityType.PHONE,
        EntityType.EMAIL,
        EntityType.AGE,
        EntityType.DATE,
    }


def test_four_voices_speak_and_each_is_on_the_roster(gold: Any, script: Any, roster: Any) -> None:
    speakers = {turn["speaker"] for turn in gold["turns"]}
    assert len(speakers) == 4
    assert {person["label"]: person["name"] for person in roster["participants"]} == {
        label: speaker["name"] for label, speaker in script["speakers"].items()
    }
    assert speakers == set(script["speakers"])


def test_every_participant_is_named_aloud(gold: Any, roster: Any) -> None:
    spoken = {i["text"] for i in gold["identifiers"] if i["entity_type"] == "PERSON"}
    assert {person["name"] for person in roster["participants"]} <= spoken


def test_roster_knows_all_names_but_the_one_left_out_on_purpose(gold: Any, roster: Any) -> None:
    known = {
        "PERSON": {
            *roster["people"],
            # A first name alone is known from the full one.
            *(name.partition(" ")[0] for name in roster["people"]),
            *(person["name"] for person in roster["participants"]),
            *(alias for person in roster["participants"] for alias in person["aliases"]),
        },
        "LOCATION": set(roster["places"]),
        "ORGANISATION": set(roster["organisations"]),
    }
    named = [i for i in gold["identifiers"] if i["entity_type"] in known]
    unknown = {i["text"] for i in named if i["text"] not in known[i["entity_type"]]}
    assert unknown == OFF_ROSTER


def test_two_stretches_of_over_talk(gold: Any) -> None:
    overlaps_ms = [
        before["end_ms"] - after["start_ms"]
        for before, after in pairwise(gold["turns"])
        if after["start_ms"] < before["end_ms"]
    ]
    assert len(overlaps_ms) == 2
    assert all(300 <= overlap_ms <= 1500 for overlap_ms in overlaps_ms)


def test_a_long_pause(gold: Any) -> None:
    longest_ms = max(
        after["start_ms"] - before["end_ms"] for before, after in pairwise(gold["turns"])
    )
    assert 3000 < longest_ms < 6000


def test_one_turn_is_to_be_left_out_at_the_speakers_wish(gold: Any) -> None:
    (withheld,) = [turn for turn in gold["turns"] if turn["withhold"]]
    assert "please do not put that in" in withheld["text"]
