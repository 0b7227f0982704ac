"""All that is held on one participant, and nothing that is others'."""

import io
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.checked import NAMES, Checked, recording_to_check
from tests.service.signing import actions, made, signed_all
from transcriber.domain.access import Principal
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.retention import DAY_MS, Retention, Rule
from transcriber.services.audit import record_use
from transcriber.services.retention.keeping import place_hold
from transcriber.services.retention.purge import Look, purge
from transcriber.services.rights.participant import participant_file
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import draft_of, edit_study, show_study

LINES = (
    ("MOD", "Shall we begin then?"),
    ("P01", "My sister Quenilla told me about it, and I am Sarah Whitfield, ring 07700 900123."),
    ("P02", "Tom Greenwood here, and Sarah Whitfield is right."),
    ("P01", "Tom Greenwood and I left for Garstang."),
)
FOUND = (
    *NAMES,
    ("Sarah Whitfield", EntityType.PERSON, "[P01]"),
    ("Tom Greenwood", EntityType.PERSON, "[P02]"),
    ("07700 900123", EntityType.PHONE, "[PHONE_1]"),
)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder: Path = tmp_path_factory.mktemp("held")
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(folder / "home")}))
    names = tuple(dict.fromkeys(FOUND))
    checked = made(store, folder, lines=LINES, names=names)
    record_use(store, Principal(checked.actor_id), Action.PLAYED, *checked.here)
    return checked


def unpacked(checked: Checked, *labels: str) -> tuple[str, dict[str, Any]]:
    file = participant_file(checked.store, checked.actor_id, checked.study_id, labels)
    with ZipFile(io.BytesIO(file.data)) as archive:
        page = archive.read("participant.html").decode()
        return page, json.loads(archive.read("participant.json"))


def test_before_sign_off_it_warns_that_names_of_others_may_be_left(checked: Checked) -> None:
    page, record = unpacked(checked, "P01")
    assert "Nobody has signed this text yet" in page
    assert record["recordings"][0]["released"] == []


def test_their_talk_key_mentions_decisions_and_uses_are_told(checked: Checked) -> None:
    signed_all(checked)
    page, record = unpacked(checked, "p01")
    assert record["roster"]["name"] == "Sarah Whitfield"
    assert record["key"] == [{"replacement": "[P01]", "spellings": ["Sarah Whitfield"]}]
    (recording,) = record["recordings"]
    assert [turn["said"] for turn in recording["turns"]] == [
        "My sister [PERSON_1] told me about it, and I am Sarah Whitfield, ring [PHONE_1]",
        "[P02] and I left for Garstang.",
    ]
    assert [each["by"] for each in recording["mentions"]] == ["P01", "P02"]
    assert all(not each["leaves"] for each in recording["decisions"])
    assert recording["decisions"][0]["by_role"] == "lead"
    paragraphs = recording["released"][0]["paragraphs"]
    assert paragraphs[1].startswith("[P02] and I left for [PLACE_1]")
    assert {"listened", "released a transcript"} <= {each["action"] for each in recording["uses"]}
    assert "Nobody has signed this text yet" not in page
    assert "Sarah Whitfield" in page


def test_nobody_else_is_in_it_by_name_or_by_what_they_said(checked: Checked) -> None:
    page, record = unpacked(checked, "P01")
    whole = (page + json.dumps(record)).casefold()
    for others in ("quenilla", "greenwood", "07700", "is right."):
        assert others not in whole


def test_a_name_that_the_machine_missed_once_is_replaced_in_talk_of_theirs(
    checked: Checked, tmp_path: Path
) -> None:
    """The second Quenilla, in small letters, is no finding; the name is known from the first."""
    lines = (("P01", "Quenilla told me."), ("P02", "Tom Greenwood here, I like quenilla."))
    missed = made(checked.store, tmp_path, lines=lines, names=(FOUND[0], FOUND[-2]))
    _, record = unpacked(missed, "P02")
    (turn,) = record["recordings"][0]["turns"]
    assert turn["said"] == "Tom Greenwood here, I like [a name]."


def test_a_label_of_nobody_is_refused_and_what_was_taken_is_on_record(checked: Checked) -> None:
    with pytest.raises(UsageError) as refused:
        unpacked(checked, "P09")
    assert refused.value.code == "no_such_participant"
    before = len(actions(checked.store))
    unpacked(checked, "MOD")
    assert actions(checked.store)[before:] == [Action.PARTICIPANT_EXPORTED]


def promise(checked: Checked, rules: Retention) -> None:
    study = show_study(checked.store, checked.study_id)
    terms = replace(study.agreed.terms, retention=rules)
    changed = replace(draft_of(study), terms=terms)
    edit_study(checked.store, checked.actor_id, checked.study_id, changed, study.version)


def test_what_is_destroyed_held_or_due_is_told_of_each_recording(
    checked: Checked, tmp_path: Path
) -> None:
    """Of one the words are gone and the release stays; of another the sound; one is held."""
    store = checked.store
    talk: dict[str, Any] = {"lines": LINES, "names": tuple(dict.fromkeys(FOUND))}
    first = made(store, tmp_path, **talk)
    lead_id, study_id = first.actor_id, first.study_id
    held, due = (
        recording_to_check(store, tmp_path, lead_id, study_id=study_id, **talk) for _ in range(2)
    )
    for each in (first, held):
        signed_all(each)
    rules = Retention(sound=Rule(days_after_release=30), transcript=Rule(days_after_release=60))
    promise(first, rules)
    place_hold(store, lead_id, study_id, held.recording_id, "A complaint is open")
    purge(store, Look(round(time.time() * 1000) + 31 * DAY_MS, study_id, trusted=True))
    signed_all(due)
    page, record = unpacked(first, "P01")
    told = {each["code"]: each for each in record["recordings"]}
    assert [each["sound_destroyed"] for each in told.values()] == [True, False, False]
    assert [each["is_held"] for each in told.values()] == [False, True, False]
    assert [each["destroyed_after_ms"] is None for each in told.values()] == [True, True, False]
    assert "Its sound was destroyed." in page
    assert "A legal hold stands on it" in page
    purge(store, Look(round(time.time() * 1000) + 61 * DAY_MS, study_id, trusted=True))
    page, record = unpacked(first, "P01")
    gone = record["recordings"][0]
    assert (gone["words_destroyed"], gone["turns"], record["not_ready"]) == (True, [], 0)
    assert gone["released"][0]["paragraphs"][1].startswith("[P02] and I left for [PLACE_1]")
    assert "These words were destroyed." in page
