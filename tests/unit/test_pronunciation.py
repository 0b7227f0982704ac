"""How names are said, from the dictionary and by rule."""

import pytest

from transcriber.stages.spoken_names.pronunciation import (
    MOST_PRONUNCIATIONS,
    is_in_dictionary,
    phones,
)


def said(word: str) -> set[str]:
    return {" ".join(way) for way in phones(word)}


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("Sarah", "S EH R AH"),
        ("Siobhán", "SH AH V AO N"),
        ("Saoirse", "S IY R SH AH"),
        ("Angharad", "AE NG AE R AE D"),
        ("Szymanski", "SH IH M AE N S K IY"),
        ("Okafor", "OW K AA F OW R"),
        ("Imran", "IH M R AE N"),
        ("Whitfield", "W IH T F IY L D"),
        ("Penwortham", "P EH N W AO R TH AE M"),
        ("Millbrook", "M IH L B R UH K"),
    ],
)
def test_a_name_is_said_as_its_bearers_or_its_readers_say_it(word: str, way: str) -> None:
    assert way in said(word)


def test_a_possessive_is_said_with_its_s() -> None:
    assert "R AA B ER T S" in said("Roberts") | said("Robert's")


def test_case_and_accents_do_not_matter() -> None:
    assert phones("SIOBHÁN") == phones("siobhan")


@pytest.mark.parametrize("word", ["", "'", "1234", "Ольга", "李"])
def test_what_cannot_be_read_is_not_said(word: str) -> None:
    assert phones(word) == ()


def test_a_name_has_few_ways_each_of_them_once() -> None:
    for word in ("Oluwaseun", "Krzysztof", "Caoimhe", "Venkataraman", "x" * 200):
        ways = phones(word)
        assert 0 < len(ways) == len(set(ways)) <= MOST_PRONUNCIATIONS


def test_only_known_words_are_in_the_dictionary() -> None:
    assert is_in_dictionary("Sarah")
    assert not is_in_dictionary("Okafor")
