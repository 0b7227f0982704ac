"""Whatever a text holds, detection and redaction go through, and offsets stay right."""

import json
import os
import unicodedata
from collections import Counter
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.interviews import Interview, interviews
from tests.memory_register import MemoryRegister
from transcriber.bootstrap import build_detectors
from transcriber.domain.errors import InputError
from transcriber.domain.finding import Finding
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser
from transcriber.exports.documents import open_document
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import LABEL, detect
from transcriber.stages.protocols import Detector
from transcriber.stages.pseudonymise.apply import apply_policy
from transcriber.stages.redact import redact_transcript
from transcriber.stages.words import plain

POLICY = load_policy()
ROSTER = Roster(
    participants=(
        Participant("Sarah Whitfield", "P01"),
        Participant("Caitr\u00edona N\u00ed", "P02"),
    ),
    places=("Poulton",),
)
NFC, NFD = (
    unicodedata.normalize(form, "Caitr\u00edona Th\u00e9r\u00e8se") for form in ("NFC", "NFD")
)
ANONYMISER = PresidioAnonymiser()


@cache
def _detectors() -> tuple[Detector, ...]:
    return build_detectors()


def found(text: str) -> tuple[Finding, ...]:
    """What is found in a text, after looking at what holds for every text."""
    findings = detect(text, POLICY, ROSTER, _detectors())
    position = 0
    for finding in findings:
        assert position <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]
        position = finding.end
    return findings


def redacted(text: str) -> tuple[str, tuple[Finding, ...]]:
    findings = apply_policy(found(text), POLICY, ROSTER, MemoryRegister(), {None: text})
    return ANONYMISER.replace(text, findings), findings


HOSTILE = {
    "emoji": "\U0001f469\u200d\U0001f467 Sarah\U0001f642Whitfield of Poulton\ufe0f",
    "right to left": "\u202e\u0634\u0643\u0631\u0627 Sarah Whitfield\u202c Poulton",
    "NULs": "\0Sarah\0 Whitfield\0\0 of\0Poulton",
    "zero-width joins": "Sa\u200drah Whit\u200bfield of Poul\u2060ton \u200d\u200d Sarah",
    "mixed normal forms": f"{NFC} and {NFD}, then Sarah Whitfield of Poulton",
    "lone surrogates": "\ud800 Sarah \udfff Whitfield\udc80 of Poulton",
    "stacked marks": "S" + "\u0301" * 3_000 + "arah Whitfield and Sarah of Poulton",
    "compatibility forms": "\uff33\uff41\uff52\uff41\uff48 \u24c8arah \ufb01 \u2460 Poulton Sarah",
    "line ends of every kind": "Sarah\r\nWhitfield\x0b\x0c\x1c\x85\u2028\u2029Poulton\rSarah",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_names_are_found_among_odd_characters(text: str) -> None:
    output, findings = redacted(text)
    assert findings
    assert "Poulton" not in output
    assert "Whitfield" not in output


NOTHING = {
    "only punctuation": "?!.,;:-'\u2019\"()[]{}@#&%/\\|<>_*~`^+=$" * 300,
    "only dots": "." * 20_000,
    "only apostrophes": "'" * 20_000,
    "only line feeds": "\n" * 100_000,
    "only joiners": "\u200d" * 20_000,
    "only NULs": "\0" * 20_000,
    "nothing": "",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert redacted(text) == (text, ())


LONG = {
    "one letter": "a" * 20_000,
    "one digit": "7" * 20_000,
    "digits apart": "7 " * 4_000,
    "letters apart": "S-I-O-" * 300,
    "labels of a domain": "a." * 5_000,
    "at signs": "a@" * 5_000,
    "capitals": "Xq " * 4_000,
    "lines": "Sarah\n" * 8_000,
    "brackets": "[P01]" * 8_000,
}
AGAIN_AND_AGAIN = {
    "number words": "oh seven double ",
    "at and dot": "sarah at dot ",
    "one name": "Sarah Whitfield ",
    "false starts": "Sa- ",
}
"""Of these the search takes long: the long ones run with the slow and the full tests."""


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(text, id=name) for name, text in LONG.items()),
        *(pytest.param(text * 400, id=name) for name, text in AGAIN_AND_AGAIN.items()),
        *(
            pytest.param(text * 1_500, id=f"{name}, longer", marks=pytest.mark.slow)
            for name, text in AGAIN_AND_AGAIN.items()
        ),
        *(
            pytest.param(
                text * 4_000, id=f"{name}, longest", marks=[pytest.mark.slow, pytest.mark.full]
            )
            for name, text in AGAIN_AND_AGAIN.items()
        ),
    ],
)
def test_what_goes_on_and_on_is_gone_through(text: str) -> None:
    found(text)


LINE_BYTES = int(os.environ.get("TRANSCRIBER_LINE_BYTES", "1000000"))


@pytest.mark.slow
@pytest.mark.parametrize("size", [300_000, pytest.param(LINE_BYTES, marks=pytest.mark.full)])
def test_a_line_of_megabytes(size: int) -> None:
    """A third of one, and in full one; ten with `TRANSCRIBER_LINE_BYTES=10000000`."""
    talk = "so I said to Sarah that the bus from Poulton is late again and then it rained, erm, "
    text = talk * (size // len(talk))
    output, findings = redacted(text)
    assert len(findings) >= 2 * (size // len(talk))
    assert "Sarah" not in output
    assert "Poulton" not in output


def test_half_a_character_in_json_ends_as_the_documented_error_or_as_text() -> None:
    data = json.dumps({"text": "\ud83d Sarah Whitfield \ude42"}).encode()
    try:
        document = open_document(data, ".json")
    except InputError as error:
        assert error.code == "bad_json"  # noqa: PT017
        return
    output, _ = redacted(document.text)
    assert "Whitfield" not in output


NAMES = ("Sarah", "Sarah Whitfield", "whitfield", "Poulton", NFC, NFD, "Mrs Whitfield's", "Leeds")
SPOKEN = (
    "oh seven double nine",
    "sarah at gmail dot com",
    "07700 900153",
    "aged 34",
    "P R 3 1 A A",
)
ODD = st.text(
    st.sampled_from(
        "\0\u200d\u200b\u0301\u202e\U0001f642\ud800\u0130\ufb01\u00df'\u2019-@._[]\n\r\t "
    ),
    max_size=4,
)
PIECE = st.one_of(st.sampled_from(NAMES), st.sampled_from(SPOKEN), st.text(max_size=6), ODD)
TEXT = st.lists(st.tuples(PIECE, st.sampled_from([" ", " ", ", ", "\n", ""])), max_size=12).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
few = settings(max_examples=30)


@few
@given(TEXT)
def test_no_text_is_refused_and_offsets_are_right(text: str) -> None:
    output, findings = redacted(text)
    kept = sum(f.end - f.start for f in findings if f.replacement is not None)
    written = sum(len(f.replacement) for f in findings if f.replacement is not None)
    assert len(output) == len(text) - kept + written


@few
@given(TEXT)
@example("oh seven double nine Sarah oh seven double nine ")
def test_a_second_redaction_leaves_the_labels_of_the_first_alone(text: str) -> None:
    """It may find more, because a label beside a word says something new about the word."""
    once, _ = redacted(text)
    twice, findings = redacted(once)
    for label in LABEL.finditer(once):
        assert not any(f.start < label.end() and label.start() < f.end for f in findings)
    assert Counter(LABEL.findall(once)) <= Counter(LABEL.findall(twice))


@pytest.mark.parametrize("interview", interviews(), ids=lambda interview: interview.name)
def test_a_policy_applied_twice_changes_nothing(interview: Interview) -> None:
    findings = redacted(interview.text)[1]
    register = MemoryRegister()
    first = apply_policy(findings, POLICY, ROSTER, register, {None: interview.text})
    second = apply_policy(first, POLICY, ROSTER, register, {None: interview.text})
    assert first == second


@few
@given(TEXT)
def test_no_replacement_contains_an_original(text: str) -> None:
    _, findings = redacted(text)
    originals = {plain(f.text) for f in findings if f.replacement is not None} - {""}
    for finding in findings:
        words = {plain(word) for word in (finding.replacement or "").split()}
        assert not words & originals


SAID = ("Sarah", "Whitfield", "of", "Poulton's")
WORD = st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=1, max_size=8)


@few
@given(st.lists(st.one_of(WORD, st.sampled_from(SAID)), min_size=1))
def test_a_transcript_of_any_words_is_written_two_ways_alike(texts: list[str]) -> None:
    words = tuple(Word(f"w{n}", text, n * 100, n * 100 + 90, "S1") for n, text in enumerate(texts))
    transcript = Transcript(
        *("en", Quality.FULL, len(words) * 100, (Speaker("S1", "S1"),), words),
        (Segment("S1", 0, len(words) - 1),),
        Coverage(0),
    )
    _, findings = redacted(transcript.text)
    recording = Recording("R01", "study", Kind.INDIVIDUAL, ("0" * 64,))
    turns = redact_transcript(recording, transcript, findings, ANONYMISER).turns
    written = " ".join(token.text for turn in turns for token in turn.tokens)
    assert written == ANONYMISER.replace(transcript.text, findings)
