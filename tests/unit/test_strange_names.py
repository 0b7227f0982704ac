"""Names that only a capital, or that no list knows them, gives away; by that rule alone."""

import pytest

from transcriber.engines.presidio.names.model import read_model, shipped_folder
from transcriber.engines.presidio.names.strange import strange_words
from transcriber.stages.words import words_of


def found(text: str) -> list[tuple[str, str]]:
    words = words_of(text)
    matches = strange_words(words, read_model(shipped_folder()).lexicon)
    return [(m.entity_type, text[words[m.first].start : words[m.last].end]) for m in matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Before I married I was a Zwicky, of all things.", [("PERSON", "Zwicky")]),
        ("And before her, oh, it was Br- Brynlee. Yes.", [("PERSON", "Brynlee")]),
        ("Then he was in Tulsa for a bit.", [("LOCATION", "Tulsa")]),
        ("Huh. Bip. Bip, I never knew his name. Bip.", [("PERSON", "Bip")] * 3),
        ("so then wozniacki said he would come", [("PERSON", "wozniacki")]),
        ("and then sunniva rang me up", [("PERSON", "sunniva")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was Korean, not English, and the Corsa was red.",
        "We saw Zwicky Nights at the pictures.",
        "Mhm. It was Grand. Grand. We drove a Tractor.",
        "Doors. Doors. I shut the Doors.",
        "There was a bip of it. Bip. Bip.",
        "the packhouse was flooded and they counselled us about the payslips",
        "she is a baptist and he is a pharmacist",
    ],
)
def test_is_left(text: str) -> None:
    assert found(text) == []
