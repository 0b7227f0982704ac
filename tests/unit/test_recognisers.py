"""What each recogniser finds and leaves, one line a case."""

import logging
import socket

import pytest

from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

NOBODY = Roster()


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector()


def found(detector: PresidioDetector, text: str, kind: str) -> list[str]:
    findings = detect(text, load_policy("default"), NOBODY, [detector])
    return [f.text for f in findings if f.entity_type == kind]


FOUND = [
    # ages
    ("AGE", "she is thirty four years old", ["thirty four years old"]),
    ("AGE", "my 34-year-old sister", ["34-year-old"]),
    ("AGE", "I'm 34, and tired.", ["34"]),
    ("AGE", "a boy aged 7 came", ["7"]),
    ("AGE", "he was six months old then", ["six months old"]),
    ("AGE", "i turned fifty two in march", ["fifty two"]),
    ("AGE", "in my forties i moved", ["forties"]),
    ("AGE", "she was in her early 40s", ["early 40s"]),
    ("AGE", "when i was nineteen i left", ["nineteen"]),
    ("AGE", "under six months of age", ["six months of age"]),
    ("AGE", "i was nine my sister came later", ["nine"]),
    ("AGE", "my brother robert was twelve and", ["twelve"]),
    ("AGE", "And our Robert is eight and he drew it.", ["eight"]),
    ("AGE", "Robert's four. He drew it.", ["four"]),
    ("AGE", "I fed her till she was two and a half. Then", ["two and a half"]),
    ("AGE", "There was Auntie Jean, eighty, deaf as a post, and", ["eighty"]),
    ("AGE", "and she's about eighty herself", ["eighty"]),
    ("AGE", "She's, what, thirty-one? I forget.", ["thirty-one"]),
    ("AGE", "i was seventeen joined the fusiliers", ["seventeen"]),
    # dates
    ("DATE", "on 14 March 2019 we met", ["14 March 2019"]),
    ("DATE", "on the fourteenth of march", ["fourteenth of march"]),
    ("DATE", "in march twenty nineteen it shut", ["march twenty nineteen"]),
    ("DATE", "it was Christmas 2019", ["Christmas 2019"]),
    ("DATE", "on 14/03/2019 and 2019-03-14", ["14/03/2019", "2019-03-14"]),
    ("DATE", "since 2011 I have", ["2011"]),
    ("DATE", "on Thursday, March 15, 2012 we", ["Thursday, March 15, 2012"]),
    ("DATE", "in two thousand and nineteen it", ["two thousand and nineteen"]),
    ("DATE", "nineteen eighty four it was my idea", ["nineteen eighty four"]),
    ("DATE", "that was two thousand and seventeen when", ["two thousand and seventeen"]),
    ("DATE", "he died. 2017. I was there.", ["2017"]),
    ("DATE", "we came over in sixty eight on the boat", ["sixty eight"]),
    ("DATE", "How long? Since ninety seven.", ["ninety seven"]),
    (
        "DATE",
        "from eighty six to about two thousand and two",
        ["eighty six", "two thousand and two"],
    ),
    ("DATE", "in '95 and not since", ["'95"]),
    ("DATE", "until June of twenty eight, then I stop", ["June of twenty eight"]),
    (
        "DATE",
        "March the fourth, nineteen and forty nine",
        ["March the fourth, nineteen and forty nine"],
    ),
    ("ORGANISATION", "She was at Hulme and Sale College for years.", ["Hulme and Sale College"]),
    ("ORGANISATION", "My father had Patel and Sons for years.", ["Patel and Sons"]),
    # addresses on the net
    ("URL", "it's at save the bees dot org dot uk", ["save the bees dot org dot uk"]),
    ("EMAIL", "it's m quaye oldmyl org uk or ring me", ["m quaye oldmyl org uk"]),
    ("EMAIL", "write to quaye 42 gmail com please", ["quaye 42 gmail com"]),
    # numbers
    ("PHONE", "call 0161 496 0000 please", ["0161 496 0000"]),
    ("PHONE", "it's 07700 900153 thanks", ["07700 900153"]),
    (
        "PHONE",
        "oh seven seven double oh, erm, nine double oh one five three",
        ["oh seven seven double oh, erm, nine double oh one five three"],
    ),
    ("PHONE", "oh seven nine one one\nyeah\none two three four five six", None),
    ("PHONE", "my number is 496 0000", ["496 0000"]),
    ("ID", "my NHS number is 943 476 5919", ["943 476 5919"]),
    ("ID", "his nhs number is nine nine nine one two three four five six seven", None),
    ("ID", "I still know it: oh five G one one two seven E.", ["oh five G one one two seven E"]),
    ("ID", "nhs number nine four three four seven six five nine one nine", None),
    ("ID", "national insurance AB 12 34 56 C", ["AB 12 34 56 C"]),
    ("ID", "my passport is AB1234567", ["AB1234567"]),
    (
        "ID",
        "my account number is one two three four five six seven eight",
        ["one two three four five six seven eight"],
    ),
    ("ID", "my car, number plate AB51 ABC", ["AB51 ABC"]),
    # addresses
    (
        "URL",
        "have a look at www dot willow dot org dot uk please",
        ["www dot willow dot org dot uk"],
    ),
    ("PERSON", "people call me on d i am a photographer", []),
    ("PERSON", "it is spelt a-i-d-a, that", ["a-i-d-a"]),
    ("EMAIL", "write to s.w@example.org soon", ["s.w@example.org"]),
    (
        "EMAIL",
        "it's sarah dot whitfield at gmail dot com okay",
        ["sarah dot whitfield at gmail dot com"],
    ),
    ("EMAIL", "mail jo underscore b at hotmail dot co dot uk", None),
    ("EMAIL", "s w four two at outlook dot com", ["s w four two at outlook dot com"]),
    ("URL", "see www dot willow dot co dot uk", ["www dot willow dot co dot uk"]),
    ("URL", "see https://example.org/a now", ["https://example.org/a"]),
    ("HANDLE", "follow @willow_mums on", ["@willow_mums"]),
    ("HANDLE", "the page, it's at larks on hill, all one word.", ["at larks on hill"]),
    ("HANDLE", "follow at willow underscore mums", ["at willow underscore mums"]),
    ("POSTCODE", "we live at PR3 1AA now", ["PR3 1AA"]),
    ("POSTCODE", "it is P R three one double A", ["P R three one double A"]),
    ("POSTCODE", "it is l s six two d p okay", ["l s six two d p"]),
    ("POSTCODE", "m thirteen nine p l", ["m thirteen nine p l"]),
    # names
    ("PERSON", "My name is Xanthe Quillfeather.", ["Xanthe Quillfeather"]),
    ("PERSON", "my name is xanthe and i live here", ["xanthe"]),
    ("PERSON", "my name is daniel price and", ["daniel price"]),
    ("PERSON", "We asked Mrs Thistlewood's son.", ["Mrs Thistlewood"]),
    ("PERSON", "Then Auntie Jean came.", ["Jean"]),
    ("PERSON", "i said to karen that", ["karen"]),
    ("PERSON", "I said to Mary-Anne de Vries that", ["Mary-Anne de Vries"]),
    ("PERSON", "Then we met Jin-ho and we ate.", ["Jin-ho"]),
    ("PERSON", "I saw O.J. Simpson on the bus.", ["O.J. Simpson"]),
    ("PERSON", "I saw Big Stuart at the shop.", ["Big Stuart"]),
    # places and organisations
    ("LOCATION", "we moved to Manchester then", ["Manchester"]),
    ("LOCATION", "she lives in Reading now", ["Reading"]),
    ("LOCATION", "we moved from leeds to preston", ["leeds", "preston"]),
    ("LOCATION", "born in Burton upon Trent or France", None),
    ("ORGANISATION", "at Oakfield Primary School today", ["Oakfield Primary School"]),
    ("ORGANISATION", "at oakfield primary school today", ["oakfield primary school"]),
    ("ORGANISATION", "born at st mary's hospital", ["st mary's hospital"]),
    ("ORGANISATION", "the University of Lancaster paid", ["University of Lancaster"]),
    (
        "ORGANISATION",
        "She taught at St Oswald's, the primary school.",
        ["St Oswald's"],
    ),
]


@pytest.mark.parametrize(("kind", "text", "expected"), FOUND, ids=[row[1] for row in FOUND])
def test_is_found(
    detector: PresidioDetector, kind: str, text: str, expected: list[str] | None
) -> None:
    answer = found(detector, text, kind)
    if expected is None:
        assert answer
    else:
        assert answer == expected


LEFT = [
    ("AGE", "I'm 5 minutes late and she was two weeks early"),
    ("AGE", "the score was eight and we were ten people"),
    ("DATE", "counting ten, twenty, thirty and two thousand and ten people"),
    ("DATE", "he was out in seventy two minutes"),
    ("EMAIL", "take that one for example and then the internet example we had"),
    ("AGE", "i'm one of the first and i am twenty percent sure"),
    ("DATE", "yesterday, or two years ago, in the morning"),
    ("DATE", "it may rain and we march on"),
    ("DATE", "in 2000 pounds or in 2019 families"),
    ("PHONE", "one two three four five six seven"),
    ("ID", "one two three four five six seven"),
    ("ID", "we had two or three, four of them, five in all, and six more"),
    ("ID", "in 2018, 2019 and 2020 we met"),
    ("ID", "it cost 1,200,000 pounds, or £450 000"),
    ("ID", "twenty five families, thirty mothers, forty nine babies"),
    ("PERSON", "It may rain. Mark the date. I hope so. Will you come?"),
    ("PERSON", "i will hope for grace and it may mark a joy"),
    ("PERSON", "thank you doctor, the nurse said so"),
    ("PERSON", "It was Storm Arwen that took the roof."),
    ("PERSON", 'And he went, "Hmmm, yep." Nah.'),
    ("PERSON", "We sold it on eBay at the Winter Carnival."),
    ("ORGANISATION", "We meet on Tuesdays and use the Internet."),
    ("PERSON", "My name is on the list."),
    ("LOCATION", "i was reading in the bath with a sandwich"),
    ("LOCATION", "Reading is nice. I had a mobile."),
    ("LOCATION", "Then Chester Bennington sang."),
    ("ORGANISATION", "the local hospital and my old school"),
    ("ORGANISATION", "we went to church and then to primary school"),
    ("EMAIL", "we met at nine and i put a dot on it"),
    ("URL", "i stopped.and then i went"),
    ("HANDLE", "we met at ten"),
    ("HANDLE", "we were at the baths, and it is all one word"),
    ("DATE", "there are '50 ways' and since ninety people came"),
    ("POSTCODE", "a one to one is better"),
]


@pytest.mark.parametrize(("kind", "text"), LEFT, ids=[f"{row[0]} {row[1]}" for row in LEFT])
def test_is_left(detector: PresidioDetector, kind: str, text: str) -> None:
    assert found(detector, text, kind) == []


def test_a_listeners_yeah_is_no_part_of_a_number(detector: PresidioDetector) -> None:
    text = "oh seven nine one one\nyeah\none two three four five six"
    assert found(detector, text, "PHONE") == [
        "oh seven nine one one",
        "one two three four five six",
    ]
    findings = detect(text, load_policy("default"), NOBODY, [detector])
    assert {f.entity for f in findings} == {"07911123456"}


def test_weak_shapes_need_a_cue(detector: PresidioDetector) -> None:
    assert found(detector, "the sample AB123 was lost", "ID") == []


def test_serves_what_the_default_policy_asks_for(detector: PresidioDetector) -> None:
    assert load_policy("default").sought <= detector.serves()
    assert load_policy("open").sought <= detector.serves()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_building_and_running_opens_no_socket() -> None:
    assert found(PresidioDetector(), "write to a.b@example.co.uk", "EMAIL") == ["a.b@example.co.uk"]


def test_nothing_is_logged(detector: PresidioDetector, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        found(detector, "My name is Sarah Whitfield, s.w@example.org, 07700 900153.", "PERSON")
    assert caplog.text == ""


def test_types_that_are_not_sought_are_not_found(detector: PresidioDetector) -> None:
    policy = Policy("ages", Style.LABEL, {})
    assert detect("Sarah is 34 years old", policy, NOBODY, [detector]) == ()
