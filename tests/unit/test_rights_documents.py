"""Documents say what is set up: another setting gives another sentence, and none stays too many."""

from dataclasses import replace
from datetime import date

import pytest

from transcriber.domain.access import Role
from transcriber.domain.processing import Places, Processing
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import Checking, HandOff, Listening, StudyTerms
from transcriber.exports.rights.document import (
    DOCUMENTS,
    write_document_page,
    write_document_text,
)
from transcriber.services.policy_file import load_policy

HERE = Places(True, True, True, key_from_command=False, anchors_elsewhere=False)
ABOUT = Processing(
    study="Feeding <b>",
    made_at_ms=1_795_737_600_000,
    individual=1,
    groups=2,
    participants=19,
    releases=0,
    engines=("faster-whisper 1.1 small.en",),
    policies=(load_policy("default"),),
    terms=StudyTerms(),
    roles={Role.LEAD: 1, Role.ANALYST: 2, Role.REVIEWER: 0},
    administrators=1,
    webhooks=0,
    holds=0,
    single_sign_on=False,
    places=HERE,
    version="0.1.0",
)


def told(which: str, about: Processing = ABOUT) -> str:
    return " ".join(write_document_text(DOCUMENTS[which], about).decode().split())


@pytest.mark.parametrize("which", DOCUMENTS)
def test_each_is_a_draft_of_a_day_and_escapes_what_people_typed(which: str) -> None:
    page = write_document_page(DOCUMENTS[which], ABOUT).decode()
    assert "checked, completed and decided on by your data-protection officer" in page
    assert "27 November 2026" in page
    assert "Feeding &lt;b&gt;" in page
    assert "<b>" not in page
    assert "Draft, written by Transcriber" in told(which)


TERMS = {
    "days": StudyTerms(retention=Retention(Rule(30), Rule(30), Rule(30))),
    "words": StudyTerms(retention=Retention(transcript=Rule(on=date(2027, 3, 31)))),
    "voices": StudyTerms(voice_comparison=True),
    "archive": StudyTerms(archiving=True),
    "sound": StudyTerms(release_sound=True),
    "nvivo": StudyTerms(hand_off=(HandOff.NVIVO,)),
    "each": StudyTerms(consent_per_person=True),
    "two": StudyTerms(checking=Checking(second_reviewer=True)),
    "risky": StudyTerms(checking=Checking(listening=Listening.RISKY)),
    "unchecked": StudyTerms(checking=Checking(False, Listening.NOTHING, cold_read=False)),
}


@pytest.mark.parametrize(
    ("which", "terms", "there", "gone"),
    [
        ("record", "days", "destroyed 30 days after", "No day is set"),
        ("dpia", "days", "destroyed 30 days after", "longer than needed"),
        ("information", "days", "the recording 30 days after release", "[Say when"),
        (
            "record",
            "words",
            "The sound is to be destroyed by 31 March 2027",
            "destroying the sound",
        ),
        ("information", "words", "We destroy the recording by 31 March 2027", ""),
        ("record", "voices", "biometric data, may be made", "Voices are not compared"),
        ("information", "voices", "we compare voices", ""),
        ("record", "archive", "data archive. [Name it.]", ""),
        ("information", "archive", "goes to a data archive", ""),
        ("record", "each", "each of five things by itself", "[Say where the consent"),
        ("information", "each", "five things, each by itself", ""),
        ("dpia", "sound", "A voice in released sound", ""),
        ("information", "sound", "may know your voice", ""),
        ("record", "nvivo", "handed to NVivo", "No hand-off"),
        ("information", "nvivo", "analysed with NVivo", ""),
        ("dpia", "two", "once two people have", "once a person has"),
        ("information", "two", "Two people check each text", ""),
        ("dpia", "risky", "the risky parts", "the whole recording"),
        ("information", "risky", "parts of the recording", "the whole recording"),
        ("dpia", "unchecked", "nothing else is asked for", "listened"),
    ],
)
def test_another_promise_gives_another_sentence(
    which: str, terms: str, there: str, gone: str
) -> None:
    changed = told(which, replace(ABOUT, terms=TERMS[terms]))
    assert there in changed
    assert there not in told(which)
    if gone:
        assert gone not in changed
        assert gone in told(which)


@pytest.mark.parametrize(
    ("about", "there"),
    [
        (replace(ABOUT, places=replace(HERE, database_here=False)), "database is a server"),
        (replace(ABOUT, places=replace(HERE, files_here=False)), "named by its address"),
        (replace(ABOUT, places=replace(HERE, broker_here=False)), "only ids are sent there"),
        (replace(ABOUT, places=replace(HERE, key_from_command=True)), "comes from a command"),
        (replace(ABOUT, places=replace(HERE, anchors_elsewhere=True)), "outside the data folder"),
        (replace(ABOUT, single_sign_on=True), "identity provider"),
        (replace(ABOUT, webhooks=1), "1 address is told"),
        (replace(ABOUT, holds=1), "1 legal hold stands"),
        (replace(ABOUT, roles={Role.LEAD: 2}), "In the study: 2 leads."),
    ],
)
def test_another_set_up_gives_another_sentence(about: Processing, there: str) -> None:
    assert there in told("record", about)
    assert there not in told("record")
