"""The annotated interviews are sound enough to measure with."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.interviews import (
    BLIND,
    FOLDER,
    KEPT_BACK,
    NEUTRAL,
    ORIGINS,
    SOURCE,
    THIRD,
    Interview,
    interviews,
    unmarked,
)
from tests.interviews.misheard import misheard_interviews
from transcriber.domain.finding import EntityType
from transcriber.domain.roster import Roster
from transcriber.sample import sample_roster
from transcriber.services.roster_file import load_roster

FLOORS = {
    **{"PERSON": 300, "LOCATION": 60, "ORGANISATION": 25, "DATE": 15, "AGE": 25, "PHONE": 12},
    **{"EMAIL": 8, "URL": 3, "HANDLE": 3, "ID": 8, "POSTCODE": 5, "ADDRESS": 4, NEUTRAL: 60},
    **{"OCCUPATION": 15, "FAMILY": 7, "EVENT": 5, "HEALTH": 15, "RELIGION": 6},
    **{"NATIONALITY": 10, "LANGUAGE": 6},
}
WORD = re.compile(r"[^\W\d_]+")

each = pytest.mark.parametrize("interview", interviews(), ids=lambda interview: interview.name)
APART = [interview for folder in (BLIND, KEPT_BACK, THIRD) for interview in interviews(folder)]
every = pytest.mark.parametrize(
    "interview", [*interviews(), *APART], ids=lambda interview: interview.name
)


def names(roster: Roster) -> set[str]:
    """First and last names and aliases of the people on a roster, word by word."""
    spelt = [
        *roster.people,
        *(name for person in roster.participants for name in (person.name, *person.aliases)),
    ]
    return {word.casefold() for name in spelt for word in WORD.findall(name)}


def named(interview: Interview) -> set[str]:
    return {
        word.casefold()
        for mention in interview.gold
        if mention.type == EntityType.PERSON
        for word in WORD.findall(mention.text)
    }


def test_a_mark_becomes_an_offset() -> None:
    text, (first, second) = unmarked("P1: our {PERSON.irish|Áine}'s in {LOCATION|Cork}.\n")
    assert text == "P1: our Áine's in Cork.\n"
    assert first.as_json() == {
        **{"start": 8, "end": 12, "type": "PERSON", "class": "direct"},
        **{"text": "Áine", "origin": "irish"},
    }
    assert (second.group, text[second.start : second.end]) == ("quasi", "Cork")


def test_a_type_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="PERSN"):
        unmarked("{PERSN|Ada}")


@every
def test_text_and_gold_together_give_the_source_again(interview: Interview) -> None:
    source = interview.text
    for mention in reversed(interview.gold):
        assert source[mention.start : mention.end] == mention.text
        kind = mention.type if mention.origin is None else f"{mention.type}.{mention.origin}"
        mark = f"{{{kind}|{mention.text}}}"
        source = source[: mention.start] + mark + source[mention.end :]
    (path,) = FOLDER.rglob(f"{interview.name}{SOURCE}")
    assert source == path.read_text("utf-8")


@every
def test_marks_hold_whole_words_in_order(interview: Interview) -> None:
    padded = f" {interview.text} "
    for mention in interview.gold:
        # Also "'19", a year, and "(612) 555-0183".
        assert mention.text[0].isalnum() or mention.text[0] in "@'("
        # An initial keeps its stop and a shortened word its apostrophe: "Marisol D.", "Dunkin'".
        assert mention.text[-1].isalnum() or mention.text.endswith((" D.", "n'"))
        assert not padded[mention.start].isalnum()
        assert not padded[mention.end + 1].isalnum()
    assert all(before.end <= after.start for before, after in pairwise(interview.gold))


@every
def test_persons_and_nobody_else_have_an_origin(interview: Interview) -> None:
    for mention in interview.gold:
        if mention.type == EntityType.PERSON:
            assert mention.origin in ORIGINS
        else:
            assert mention.origin is None


@every
def test_a_name_is_marked_wherever_it_stands(interview: Interview) -> None:
    marked = {
        word
        for mention in interview.gold
        if mention.type == EntityType.PERSON
        for word in WORD.findall(mention.text)
        if len(word) > 2 and word[0].isupper()
    }
    rest, done = "", 0
    for mention in interview.gold:
        rest += interview.text[done : mention.start] + "_"
        done = mention.end
    assert not marked & set(WORD.findall(rest + interview.text[done:]))


@every
def test_addresses_on_the_net_end_where_nobody_can_own_them(interview: Interview) -> None:
    for kind in (EntityType.EMAIL, EntityType.URL):
        pieces = [mention.text for mention in interview.gold if mention.type == kind]
        assert not pieces or "example" in " ".join(pieces)


@pytest.mark.parametrize(
    "interview",
    [i for folder in (FOLDER, BLIND, KEPT_BACK) for i in interviews(folder)],
    ids=lambda interview: interview.name,
)
def test_nobody_is_named_like_the_people_of_the_sample(interview: Interview) -> None:
    assert not names(load_roster(sample_roster())) & named(interview)


@every
def test_a_roster_knows_some_of_the_people_and_not_all(interview: Interview) -> None:
    if interview.roster is not None:
        known = named(interview) & names(interview.roster)
        assert known
        assert named(interview) - known


@each
def test_talk_is_mostly_talk(interview: Interview) -> None:
    """Few identifiers in many words, speaker labels not counted."""
    words = len(interview.text.split())
    talked = [
        mention
        for mention in interview.gold
        if mention.type != NEUTRAL
        and not (
            interview.text[mention.end : mention.end + 1] == ":"
            and interview.text[: mention.start][-1:] in {"", "\n"}
        )
    ]
    assert 500 <= words <= 1000
    assert len(talked) <= 0.06 * words


def test_there_is_enough_of_everything() -> None:
    assert sum(len(interview.text.split()) for interview in interviews()) >= 9000
    counts = Counter(mention.type for interview in interviews() for mention in interview.gold)
    assert set(counts) == set(FLOORS) == {*EntityType, NEUTRAL}
    assert {kind: floor for kind, floor in FLOORS.items() if counts[kind] < floor} == {}


def test_every_origin_is_there_often_enough() -> None:
    origins = Counter(mention.origin for interview in interviews() for mention in interview.gold)
    assert {origin for origin in ORIGINS if origins[origin] < 12} == set()


def test_half_have_a_roster_and_some_are_as_a_recogniser_writes() -> None:
    made = interviews()
    assert len(made) // 2 <= sum(interview.roster is not None for interview in made)
    assert 3 <= sum(not interview.cased for interview in made) < len(made)


def test_those_set_apart_all_have_half_a_roster_and_enough_names() -> None:
    assert all(interview.roster is not None for interview in APART)
    assert sum(len(interview.text.split()) for interview in APART) >= 10_000
    assert sum(m.type == EntityType.PERSON for i in APART for m in i.gold) >= 500


@pytest.mark.parametrize("folder", [BLIND, KEPT_BACK], ids=lambda folder: folder.name)
def test_only_names_of_people_are_misheard_and_offsets_stay_right(folder: Path) -> None:
    for interview, (heard, changed) in zip(
        interviews(folder), misheard_interviews(folder), strict=True
    ):
        assert changed
        assert {mention.type for mention in changed} == {EntityType.PERSON}
        assert len(heard.gold) == len(interview.gold)
        for mention in heard.gold:
            assert heard.text[mention.start : mention.end] == mention.text
