"""Indirect identifiers: what is flagged, what is left in peace, and how much there is to read."""

from collections import Counter

import pytest

from tests.interviews import interviews
from transcriber.domain.finding import INDIRECT
from transcriber.engines.presidio.indirect.belonging import BelongingRecogniser
from transcriber.engines.presidio.indirect.event import EventRecogniser
from transcriber.engines.presidio.indirect.family import FamilyRecogniser
from transcriber.engines.presidio.indirect.health import HealthRecogniser
from transcriber.engines.presidio.indirect.occupation import OccupationRecogniser
from transcriber.engines.presidio.recogniser import WordRecogniser

RECOGNISERS: list[WordRecogniser] = [
    OccupationRecogniser(),
    FamilyRecogniser(),
    EventRecogniser(),
    HealthRecogniser(),
    BelongingRecogniser(),
]
Span = tuple[int, int, str]


def spans(text: str) -> list[Span]:
    return sorted(
        (result.start, result.end, result.entity_type)
        for recogniser in RECOGNISERS
        for result in recogniser.analyze(text, [])
    )


FLAGGED = [
    ("OCCUPATION", "I work as a health visitor in town.", "health visitor"),
    ("OCCUPATION", "My husband's a plumber, he's never in.", "plumber"),
    ("OCCUPATION", "i'm a teacher by the way", "teacher"),
    ("OCCUPATION", "her dad was a lighthouse keeper", "lighthouse keeper"),
    (
        "OCCUPATION",
        "He was in the wool trade all his life, my grandad was in the wool trade.",
        None,
    ),
    ("OCCUPATION", "my brother's in the oyster farming", "oyster farming"),
    ("OCCUPATION", "I worked in a cotton mill till it shut", "cotton mill"),
    ("OCCUPATION", "she was a retired cartographer", "cartographer"),
    ("OCCUPATION", "he drives the school bus", "school bus"),
    ("OCCUPATION", "we had two coroners in the family", "coroners"),
    ("FAMILY", "they'd identical twins that spring", "identical twins"),
    ("FAMILY", "I was a single mum at nineteen", "single mum"),
    ("FAMILY", "he was adopted at two", "adopted"),
    ("FAMILY", "she's the eldest of nine", "eldest of nine"),
    ("FAMILY", "my six kids all came", "six kids"),
    ("EVENT", "It all went after the fire in the mill.", "fire"),
    ("EVENT", "we were on the telly, we were in the papers", "on the telly"),
    ("EVENT", "since the gas leak nobody goes there", "leak"),
    ("EVENT", "her cousin was murdered", "murdered"),
    ("EVENT", "he got an MBE for it", "MBE"),
    ("EVENT", "There was an inquest, of course.", "inquest"),
    ("HEALTH", "He's had a stroke since.", "stroke"),
    ("HEALTH", "i had my gall bladder out", "gall bladder"),
    ("HEALTH", "with my dodgy hip", "dodgy hip"),
    ("HEALTH", "she lost the baby", "lost the baby"),
    ("HEALTH", "I'm on antidepressants now", "antidepressants"),
    ("RELIGION", "they're Sikh", "Sikh"),
    ("RELIGION", "we went to the gurdwara", "gurdwara"),
    ("NATIONALITY", "a polish lady ran it", "polish"),
    ("NATIONALITY", "she's English, he isn't", "English"),
    ("NATIONALITY", "there was a Sudanese couple", "Sudanese"),
    ("LANGUAGE", "We speak Polish at home.", "Polish"),
    ("LANGUAGE", "they did it in Somali and nobody followed", None),
    ("LANGUAGE", "i explain it in urdu", "urdu"),
    ("LANGUAGE", "my Welsh speaking mums", "Welsh"),
]
"""Type, talk, and the flagged words; None where any words of that type will do."""

LEFT = [
    "My mum helped me, and my husband, and our two kids.",
    "The doctor came, then a midwife, then the health visitor again.",
    "I asked the teacher and the plumber.",
    "The latch was fine, he fed every two hours and I was so tired.",
    "We sat by the fire. There was a fire extinguisher by the door.",
    "I watched it on the telly.",
    "Polish it till it shines.",
    "We had French toast and a Chinese takeaway.",
    "It says so in English on the sheet.",
    "I adopted a new routine. Twin beds, we had.",
    "We had six women in the group and four meetings.",
    "Mrs Baker and Mr Weaver came.",
]


@pytest.mark.parametrize(("kind", "text", "words"), FLAGGED)
@pytest.mark.parametrize("lower", [False, True], ids=["cased", "lower"])
def test_what_says_something_on_a_person_is_flagged(
    kind: str, text: str, words: str | None, lower: bool
) -> None:
    said = text.lower() if lower else text
    found = [said[start:end].lower() for start, end, found in spans(said) if found == kind]
    assert found
    assert words is None or words.lower() in found


@pytest.mark.parametrize("text", LEFT)
@pytest.mark.parametrize("lower", [False, True], ids=["cased", "lower"])
def test_ordinary_talk_is_left_in_peace(text: str, lower: bool) -> None:
    said = text.lower() if lower else text
    if lower and "polish it" in said:
        said = f"then {said}"
    assert [said[start:end] for start, end, _ in spans(said)] == []


def test_a_flag_never_covers_a_name_beside_it() -> None:
    text = "After the Grenford explosion, as a Grenford driver, Sister Bridget Malone was murdered."
    found = " ".join(text[start:end] for start, end, _ in spans(text))
    assert "explosion" in found
    assert "murdered" in found
    assert {"Grenford", "Sister", "Bridget", "Malone"}.isdisjoint(found.split())


@pytest.mark.parametrize("lower", [False, True], ids=["cased", "lower"])
def test_most_marks_are_found_and_there_is_not_too_much_to_read(lower: bool) -> None:
    hits, total = Counter[str](), Counter[str]()
    flags = words = 0
    for interview in interviews():
        text = interview.text.lower() if lower else interview.text
        found = spans(text)
        flags += len(found)
        words += len(text.split())
        for mark in interview.gold:
            if mark.type in INDIRECT:
                total[mark.type] += 1
                hits[mark.type] += any(
                    start < mark.end and mark.start < end and kind == mark.type
                    for start, end, kind in found
                )
    assert sum(hits.values()) / sum(total.values()) >= 0.85
    assert all(hits[kind] / total[kind] >= 0.6 for kind in total)
    assert 1000 * flags / words <= 10


@pytest.mark.parametrize(
    "text", ["", "\x00", "a" * 5000, "twelve " * 2000, "🏳️‍🌈 د a\u200dn s\n" * 50]
)
def test_strange_text_gives_offsets_inside_it(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end, _ in spans(text))
