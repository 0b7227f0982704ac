"""Names that a title, an introduction or the kind of a street gives away, by that rule alone."""

import pytest

from transcriber.engines.presidio.names.cued import CuedNameRecogniser
from transcriber.stages.words import words_of

RECOGNISER = CuedNameRecogniser()


def found(text: str) -> list[str]:
    words = words_of(text)
    return [text[words[m.first].start : words[m.last].end] for m in RECOGNISER.find(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an offer from a mr quaye he rang", ["mr quaye"]),
        ("at the surgery they say mrs b", ["mrs b"]),
        ("It was Mr level who heard it.", ["Mr level"]),
        ("Then Sister Quaye came.", ["Quaye"]),
        ("then doctor quaye came", ["quaye"]),
        ("And I said: I am Zdzisława, and that was that.", ["Zdzisława"]),
        ("And he told us my name's Quaye.", ["Quaye"]),
        ("Well, thank you, Quenby, that was lovely.", ["Quenby"]),
        ("And they shout hello, Quenby Tot!", ["Quenby Tot"]),
        ("Out of town, up Larkside Road? No.", ["Larkside Road"]),
        ("It was the Larkside road that flooded.", ["Larkside road"]),
        ("they meet on great western street every week", ["great western street"]),
        ("she had the shop on tamworth road", ["tamworth road"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "yes mister and then the mr was left out",
        "Mr and Mrs were on the door. Mr President, may I?",
        "ask the doctor about it and the nurse said so",
        "Thank you, Doctor. Sorry, Mum, I forgot. Thanks, Everyone who came.",
        "I am Irish. I am Tired. I'm OK.",
        "we went up the road and down a long lane on the wrong side of the road",
        "The road was shut. Down the Road. Long Road to go.",
    ],
)
def test_is_left(text: str) -> None:
    assert found(text) == []
