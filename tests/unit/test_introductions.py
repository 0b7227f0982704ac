"""Names that the talk suggests for a voice: with reasons, and never more than suggestions."""

import pytest

from tests.talk import talk
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.suggestion import Sign
from transcriber.domain.transcript import Transcript
from transcriber.stages.interview.introductions import suggest_names

ROSTER = Roster(
    (Participant("Sarah Whitfield", "P01", ("Sarah",)), Participant("Robert Ellis", "P03"))
)
KEYS = {"sarah": "sarah whitfield", "robert": "robert ellis"}


def persons(transcript: Transcript) -> list[Finding]:
    """Findings of every word that is a name here."""
    found = []
    for number, word in enumerate(transcript.words):
        text = word.text.strip(".,?")
        key = KEYS.get(text.lower(), text.lower())
        if text[0].isupper():
            start, end = transcript.layout.offsets(number, number)
            place = Place(number, number, word.start_ms, word.end_ms)
            found.append(Finding(start, end, EntityType.PERSON, text, 1, "roster", key, place))
    return found


def suggested(*lines: tuple[str | None, str]) -> dict[tuple[str, str], list[Sign]]:
    transcript = talk(*lines)
    found = suggest_names(transcript, persons(transcript), ROSTER)
    return {(s.speaker, s.name): [reason.sign for reason in s.reasons] for s in found}


@pytest.mark.parametrize(
    "said", ["my name is Sarah", "hello i'm Sarah", "i am Sarah and i live here", "call me Sarah"]
)
def test_an_introduction_names_the_one_who_speaks(said: str) -> None:
    assert suggested(("S1", said)) == {("S1", "Sarah Whitfield"): [Sign.INTRODUCES]}


def test_a_name_that_no_roster_has_is_offered_as_heard() -> None:
    transcript = talk(("S1", "my name is Maud"))
    (found,) = suggest_names(transcript, persons(transcript), ROSTER)
    assert (found.name, found.label) == ("Maud", None)


@pytest.mark.parametrize(
    "asked",
    ["Sarah, can you tell us about that", "and what about the clinic, Sarah?", "Sarah"],
)
def test_whoever_is_called_and_then_speaks_may_be_meant(asked: str) -> None:
    found = suggested(("S1", asked), ("S2", "yes of course"))
    assert found == {("S2", "Sarah Whitfield"): [Sign.ADDRESSED]}


@pytest.mark.parametrize(
    "told",
    [
        "i spoke with Sarah",
        "then we met Sarah",
        "so Sarah went home and " + "then " * 30,
        "Sarah was there as well",
    ],
)
def test_somebody_spoken_of_is_not_called(told: str) -> None:
    assert suggested(("S1", told), ("S2", "yes of course")) == {}


def test_whoever_is_thanked_has_spoken_before() -> None:
    found = suggested(("S2", "that was it"), ("S1", "thank you Robert that helps"), ("S3", "yes"))
    assert found == {("S2", "Robert Ellis"): [Sign.THANKED]}


def test_a_name_stays_where_most_points_at_it() -> None:
    found = suggested(
        ("S2", "my name is Robert"),
        ("S1", "welcome to all of you"),
        ("S3", "that was it"),
        ("S1", "thank you Robert"),
    )
    assert found == {("S2", "Robert Ellis"): [Sign.INTRODUCES]}


def test_nobody_and_several_are_not_given_names() -> None:
    assert suggested((None, "my name is Sarah"), ("SEVERAL", "i am Robert")) == {}
