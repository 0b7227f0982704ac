"""Replacements: the same for one entity, different for two, and the text holds together."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.memory_register import MemoryRegister
from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect
from transcriber.stages.pseudonymise.apply import apply_policy
from transcriber.stages.redact import redact_transcript
from transcriber.stages.words import plain_words, words_of

P = EntityType.PERSON
RECORDING = Recording("FG01", "study", Kind.GROUP, ("0" * 64,))
NAMES = frozenset(
    {P, EntityType.LOCATION, EntityType.ORGANISATION, EntityType.PHONE, EntityType.EMAIL}
)
DETECTOR = PresidioDetector()
ANONYMISER = PresidioAnonymiser()
ROSTER = Roster(
    participants=(
        Participant("Sarah Whitfield", "P01", ("Saz",)),
        Participant("Tom Greenwood", "P02"),
        Participant("Lily Price"),
    )
)


def left_behind(redacted: str, findings: Sequence[Finding]) -> list[str]:
    """Originals of four letters and more that were replaced and still stand there as words."""
    words = words_of(redacted)
    return [
        finding.text
        for finding in findings
        if finding.replacement is not None
        and finding.entity_type in NAMES
        and len(finding.text) >= 4
        and words.occurrences(plain_words(finding.text))
    ]


def redacted(text: str, policy: str = "default", roster: Roster = ROSTER) -> str:
    rules = load_policy(policy)
    findings = detect(text, rules, roster, [DETECTOR])
    return ANONYMISER.replace(text, apply_policy(findings, rules, roster, MemoryRegister()))


def one(kind: EntityType, text: str, entity: str = "") -> Finding:
    return Finding(0, len(text), kind, text, 1.0, "x", entity)


def transcript(*lines: tuple[str, str]) -> Transcript:
    words: list[Word] = []
    segments = []
    for speaker, line in lines:
        first = len(words)
        for text in line.split():
            n = len(words)
            words.append(Word(f"w{n}", text, n * 100, n * 100 + 90, speaker))
        segments.append(Segment(speaker, first, len(words) - 1))
    speakers = tuple(Speaker(name, f"L_{name}") for name in dict.fromkeys(s for s, _ in lines))
    return Transcript(
        "en", Quality.FULL, 9000, speakers, tuple(words), tuple(segments), Coverage(0)
    )


def test_participants_keep_their_label_over_all_their_names() -> None:
    text = "Sarah Whitfield, or Saz. Sarah's son. Mrs Whitfield. Tom and Lily."
    expected = "[P01], or [P01]. [P01]'s son. [P01]. [P02] and [PERSON_1]."
    assert redacted(text) == expected


def test_label_style_hides_study_labels() -> None:
    assert redacted("Sarah and Tom and Saz.", "open") == "[PERSON_1] and [PERSON_2] and [PERSON_1]."


def test_neighbours_are_not_merged() -> None:
    assert redacted("with Sarah Tom and so on") == "with [P01] [P02] and so on"


def test_a_number_is_one_entity_however_it_is_said() -> None:
    text = "It is 07700 900153. I repeat, oh seven seven double oh nine double oh one five three."
    assert redacted(text) == "It is [PHONE_1]. I repeat, [PHONE_1]."


def test_words_for_labels() -> None:
    assert redacted("We met in Leeds near France.") == "We met in [PLACE_1] near [PLACE_2]."


def test_what_a_person_marked_is_replaced_although_the_policy_does_not_seek_it() -> None:
    policy = Policy("p", Style.LABEL, {})
    marked = replace(one(EntityType.ADDRESS, "12 Mill Lane"), source="person")
    flagged = replace(one(EntityType.OCCUPATION, "midwife"), source="person")
    found = apply_policy([marked, flagged], policy, Roster(), MemoryRegister())
    assert [f.replacement for f in found] == ["[ADDRESS_1]", None]
    assert [f.action for f in found] == [Action.REPLACE, Action.FLAG]


def test_what_cannot_be_generalised_gets_a_label() -> None:
    policy = load_policy("default")
    (found,) = apply_policy([one(EntityType.DATE, "14/03/19")], policy, Roster(), MemoryRegister())
    assert found.replacement == "[DATE_1]"


def test_a_redacted_transcript_keeps_times_and_joins_turns() -> None:
    spoken = transcript(
        ("S1", "Hello, Sarah Whitfield's here."), ("S1", "And Tom/Lily."), ("S2", "Yes.")
    )
    policy = load_policy("default")
    found = apply_policy(
        detect(spoken.text, policy, ROSTER, [DETECTOR]), policy, ROSTER, MemoryRegister()
    )
    result = redact_transcript(RECORDING, spoken, found, ANONYMISER)
    assert [(turn.label, turn.text) for turn in result.turns] == [
        ("L_S1", "Hello, [P01]'s here. And [P02]/[PERSON_1]."),
        ("L_S2", "Yes."),
    ]
    token = result.turns[0].tokens[1]
    assert (token.text, token.start_ms, token.end_ms, token.redacted) == ("[P01]'s", 100, 290, True)
    assert left_behind("\n".join(turn.text for turn in result.turns), found) == []


def test_what_a_person_marked_over_lines_and_findings_is_written_once() -> None:
    spoken = transcript(("S1", "with Sarah Whitfield there"), ("S2", "and again"))
    marked = Finding(11, 30, EntityType.EVENT, spoken.text[11:30], 1.0, "person")
    marked = replace(marked, replacement="[EVENT_1]")
    found = replace(one(P, "Sarah Whitfield"), start=5, end=20, replacement="[P01]")
    result = redact_transcript(RECORDING, spoken, [found, marked], ANONYMISER)
    assert [turn.text for turn in result.turns] == ["with [P01] [EVENT_1]", "[EVENT_1] again"]


def test_two_ways_that_disagree_are_refused() -> None:
    class Careless:
        def replace(self, text: str, findings: object) -> str:
            return text

    spoken = transcript(("S1", "with Sarah there"))
    found = replace(one(P, "Sarah"), start=5, end=10, replacement="[P01]")
    with pytest.raises(RedactionRefused) as refused:
        redact_transcript(RECORDING, spoken, [found], Careless())
    assert refused.value.code == "mismatch"
    assert "Sarah" not in refused.value.sentence
