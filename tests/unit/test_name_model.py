"""What the shipped model finds by itself, and what the whole detector finds in text held out."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.engines.presidio.names.features import NameFeatures
from transcriber.engines.presidio.names.lexicon import UNKNOWN, read_lexicon
from transcriber.engines.presidio.names.model import (
    KINDS,
    LEAST_SCORE,
    LEXICON_FILE,
    NameModelRecogniser,
    shipped_folder,
)
from transcriber.stages.detect import detect
from transcriber.stages.words import words_of

HELD_OUT = Path(__file__).with_name("held_out_interviews.txt")
"""Written for this test; none of its sentences is among those that the model learns from."""
MARK = re.compile(r"\{([PLO])\|([^}]*)\}")
RECOGNISER = NameModelRecogniser()


def found(text: str) -> list[tuple[str, str]]:
    words = words_of(text)
    return [
        (match.entity_type, text[words[match.first].start : words[match.last].end])
        for match in RECOGNISER.find(words)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw Ottilie Brackenshaw there.", [("PERSON", "Ottilie Brackenshaw")]),
        ("And you are?\nShaz.", [("PERSON", "Shaz")]),
        ("Thanks, Elena Ortiz de los Arcos came.", [("PERSON", "Elena Ortiz de los Arcos")]),
        ("then captain merryweather-stone came", [("PERSON", "merryweather-stone")]),
        ("Thanks, Deirdre, that was lovely.", [("PERSON", "Deirdre")]),
        ("Then Mrs Thistlewood's son came.", [("PERSON", "Mrs Thistlewood")]),
        ("My auntie Jean rang and my husband Will came.", [("PERSON", "Jean"), ("PERSON", "Will")]),
        ("We moved from Quernbury to Leeds.", [("LOCATION", "Quernbury"), ("LOCATION", "Leeds")]),
        ("She works for Brindle Housing Trust.", [("ORGANISATION", "Brindle Housing Trust")]),
        (
            "my name is ottilie and i live in preston",
            [("PERSON", "ottilie"), ("LOCATION", "preston")],
        ),
        ("so will was there and my friend grace came", [("PERSON", "will"), ("PERSON", "grace")]),
        ("we met hope at the group", [("PERSON", "hope")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Will you come? I will. May I ask? It may rain in May.",
        "Mark my words, I hope so, and we hope for grace.",
        "The bill came. Bill them later. A rose is a rose.",
        "On Monday in March the English team spoke Welsh.",
        "I've got ADHD, and the PDF is on my iPhone.",
        "will you come i will may i ask it may rain in may",
        "mark my words i hope so and we hope for grace",
        "the bill came so i paid the bill",
        "i was reading in the bath with a sandwich",
    ],
)
def test_words_that_look_like_names_are_left(text: str) -> None:
    assert found(text) == []


def test_scores_are_probabilities_that_the_detector_keeps() -> None:
    words = words_of("Then Deirdre and maybe Foxglove or Tuppence came to Marlowe House.")
    scores = [match.score for match in RECOGNISER.find(words)]
    assert scores
    assert all(LEAST_SCORE <= score < 1 for score in scores)
    assert len(set(scores)) > 1


def test_text_without_words_has_no_names() -> None:
    assert found("") == []
    assert found(" \n--- 12 \u200b\n") == []


def test_capitals_everywhere_tell_no_more_than_none() -> None:
    shouted = "I WENT TO LEEDS WITH DEIRDRE AND THEN I CAME HOME AGAIN"
    assert not NameFeatures(words_of(shouted), read_lexicon(shipped_folder() / LEXICON_FILE)).cased
    assert [text for _, text in found(shouted)] == ["LEEDS", "DEIRDRE"]


def test_the_lexicon_is_read_as_it_was_written(tmp_path: Path) -> None:
    shipped = read_lexicon(shipped_folder() / LEXICON_FILE)
    copy = tmp_path / LEXICON_FILE
    copy.write_bytes(shipped.packed())
    assert read_lexicon(copy) == shipped
    assert "f" in shipped.known("sarah").flags
    assert shipped.known("quernbury") == UNKNOWN
    assert shipped.phrase(("new", "york")) == "L"


def test_the_model_is_small_enough_to_ship() -> None:
    size = sum(path.stat().st_size for path in shipped_folder().iterdir())
    assert size < 8_000_000


def held_out(is_cased: bool) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the text and its marks; without capitals as a small recogniser writes it."""
    text, marks, position = "", [], 0
    raw = HELD_OUT.read_text("utf-8")
    for mark in MARK.finditer(raw):
        text += _spoken(raw[position : mark.start()], is_cased)
        name = _spoken(mark.group(2), is_cased)
        marks.append((len(text), len(text) + len(name), KINDS[mark.group(1)]))
        text, position = text + name, mark.end()
    return text + _spoken(raw[position:], is_cased), marks


def _spoken(text: str, is_cased: bool) -> str:
    return text if is_cased else re.sub(r"[^\w\s]", "", text.replace("-", " ")).lower()


def recalls(
    findings: Iterable[Finding], text: str, marks: list[tuple[int, int, str]]
) -> Counter[str]:
    covered = {offset for f in findings for offset in range(f.start, f.end)}
    whole: Counter[str] = Counter()
    for start, end, kind in marks:
        letters = {offset for offset in range(start, end) if text[offset].isalnum()}
        whole[kind] += letters <= covered
    return whole


@pytest.mark.parametrize(
    ("is_cased", "person", "location", "organisation", "precision"),
    [(True, 0.98, 0.95, 0.75, 0.93), (False, 0.92, 0.95, 0.70, 0.90)],
    ids=["with capitals", "without capitals"],
)
def test_interviews_held_out(
    is_cased: bool, person: float, location: float, organisation: float, precision: float
) -> None:
    text, marks = held_out(is_cased)
    detector = PresidioDetector()
    names = [EntityType(kind) for kind in KINDS.values()]
    policy = Policy("names", Style.LABEL, dict.fromkeys(names, Action.REPLACE))
    findings = detect(text, policy, Roster(), [detector])
    whole, total = recalls(findings, text, marks), Counter(kind for _, _, kind in marks)
    shares = {kind: whole[kind] / total[kind] for kind in total}
    assert shares["PERSON"] >= person
    assert shares["LOCATION"] >= location
    assert shares["ORGANISATION"] >= organisation
    gold = {offset for start, end, _ in marks for offset in range(start, end)}
    covered = {o for f in findings for o in range(f.start, f.end) if text[o].isalnum()}
    assert len(covered & gold) / len(covered) >= precision
