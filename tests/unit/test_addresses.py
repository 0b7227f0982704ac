"""Street addresses as written and as said."""

import pytest

from tests.interviews import interviews
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.addresses import AddressRecogniser


def found(text: str, locale: Locale = Locale.GB) -> list[str]:
    return [text[r.start : r.end] for r in AddressRecogniser(locale).analyze(text, [])]


@pytest.mark.parametrize(
    ("text", "address", "locale"),
    [
        ("I live at 14 Chapel Lane, Ashford", "14 Chapel Lane", "GB"),
        ("it's number twelve on mill street", "number twelve on mill street", "GB"),
        ("she lives at number twelve", "number twelve", "GB"),
        ("we were in flat 3b then", "flat 3b", "GB"),
        ("flat two one, sixteen Carrick Court", "flat two one, sixteen Carrick Court", "GB"),
        ("Flat 2/1, 30 Carrick Brae, please", "Flat 2/1, 30 Carrick Brae", "GB"),
        (
            "i'm at flat three b forty eight carrick brae",
            "flat three b forty eight carrick brae",
            "GB",
        ),
        ("twenty two b larkfield terrace", "twenty two b larkfield terrace", "GB"),
        ("at 17 Marlow Court, Old Mill Road", "17 Marlow Court, Old Mill Road", "GB"),
        ("number 9 The Green, that's us", "number 9 The Green", "GB"),
        ("7 Heol y Bryn is where", "7 Heol y Bryn", "GB"),
        ("We live at Rose Cottage, up the lane", "Rose Cottage", "GB"),
        ("12 Upper Main Street", "12 Upper Main Street", "IE"),
        ("four twenty two west oak street", "four twenty two west oak street", "US"),
        ("Apt 4, 1200 Maple Avenue", "Apt 4, 1200 Maple Avenue", "US"),
        ("send it to PO box 12", "PO box 12", "US"),
        ("out at 31 Pine Trail", "31 Pine Trail", "US"),
    ],
)
def test_an_address_is_found_whole(text: str, address: str, locale: str) -> None:
    assert found(text, Locale(locale)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "it's ten minutes drive from here",
        "twenty minutes walk away",
        "one way or another",
        "we had six people in the close",
        "there's one primary school on our street",
        "he is two doors down the road",
        "in 2019 Oxford Road was shut",
        "one school road trip",
        "the flat three doors down",
        "there were forty five street parties",
        "three kids drive me mad",
        "She came at four. Park Road was shut.",
    ],
)
@pytest.mark.parametrize("locale", Locale)
def test_numbers_and_streets_in_ordinary_talk_are_no_address(text: str, locale: Locale) -> None:
    assert found(text, locale) == []


def test_kinds_of_street_depend_on_the_country() -> None:
    assert found("31 Pine Trail", Locale.GB) == []


@pytest.mark.parametrize("interview", interviews(), ids=lambda interview: interview.name)
def test_the_addresses_of_the_interviews_and_nothing_else(interview: object) -> None:
    from tests.interviews import Interview

    assert isinstance(interview, Interview)
    marked = [mark.text for mark in interview.gold if mark.type == "ADDRESS"]
    assert found(interview.text) == marked
