"""Codes, addresses, numbers and names in the forms in which people write and say them."""

import pytest

from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.engines.presidio.names.bynames import BynameRecogniser
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect
from transcriber.stages.words import words_of

NUMBERED = frozenset({"ID", "PHONE", "POSTCODE", "ADDRESS", "EMAIL", "HANDLE", "URL"})


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector()


def found(detector: PresidioDetector, text: str) -> list[tuple[str, str]]:
    findings = detect(text, load_policy("default"), Roster(), [detector])
    return [(f.entity_type.value, f.text) for f in findings]


CODES = [
    ("It is participant QM-04, second visit.", "QM-04"),
    ("it is participant qm-04 second visit", "qm-04"),
    ("The complaint was DC/2017/0312, and it went nowhere.", "DC/2017/0312"),
    ("They wrote WV-LPN-0058213 on the form.", "WV-LPN-0058213"),
    ("It was Docket 19-0427-B, look it up.", "Docket 19-0427-B"),
    ("It said 562-T9 on the door.", "562-T9"),
    ("We had a red Fiesta, RT58 OQJ, till it died.", "RT58 OQJ"),
    ("we had a red fiesta rt58 oqj till it died", "rt58 oqj"),
    ("Somebody parked a Honda, 7WB 264, across the gate.", "7WB 264"),
    ("my license came it is nv 480216", "nv 480216"),
    ("It says DKM48213 on the back.", "DKM48213"),
    ("He could say it: four seven two, J, nine. He was proud.", "four seven two, J, nine"),
    ("The last four of his Social, I think, are seven two oh nine.", "seven two oh nine"),
    ("Just the last four.\nP1: 6627. Is that it?", "6627"),
    (
        "The account number is four four oh nine, wait, no, four four nine oh, seven two.",
        "four four oh nine, wait, no, four four nine oh, seven two",
    ),
]


@pytest.mark.parametrize(("text", "code"), CODES, ids=lambda value: value[:20])
def test_a_code_is_found(detector: PresidioDetector, text: str, code: str) -> None:
    assert ("ID", code) in found(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "That was COVID-19, before they had the vaccine.",
        "She takes B12 and 500mg of iron, at 10am and 8pm.",
        "We printed it on A4, in 3D, for Year 10 and Key Stage 3.",
        "He came off the M6 and the A5103 was shut.",
        "He got his GCSEs, went to A&E, and drives a 4x4.",
        "It was the mid-90s, or the 1990s, and it had 1080p.",
        "They had H1N1 on the ward, and PM2.5 in the air.",
        "The last four years were hard, and the last four of us left.",
        "It is open 24/7, from 9am-5pm, every day.",
        "We sold 20000 of them in that place.",
        "A pre-2019 contract was a 2-year one.",
        "It ran Windows 10 and then a 5k screen.",
    ],
)
def test_measures_and_products_stay(detector: PresidioDetector, text: str) -> None:
    assert [kind for kind, _ in found(detector, text) if kind in NUMBERED] == []


def test_a_code_is_known_again_in_another_writing(detector: PresidioDetector) -> None:
    text = "They stamped 562-T9 on it.\nP2: Yes, five six two T nine, I have it."
    assert ("ID", "five six two T nine") in found(detector, text)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("P.O. Box 12, Larkmoor, Kentucky, 41987.", "POSTCODE", "41987"),
        ("It goes to Boise, ID 83799, please.", "POSTCODE", "83799"),
        ("31 Quillan Avenue, unit 4, Larkmoor, 55498.", "POSTCODE", "55498"),
        (
            "it goes to boise idaho eight three seven nine nine",
            "POSTCODE",
            "eight three seven nine nine",
        ),
        ("Send it to 2207 Calle Zarzuela.", "ADDRESS", "2207 Calle Zarzuela"),
        (
            "It was Three forty Tamarisk, Lot 8, back then.",
            "ADDRESS",
            "Three forty Tamarisk, Lot 8",
        ),
        ("Send it to 48 Quillmoor, I am there.", "ADDRESS", "48 Quillmoor"),
        ("My e-mail is t b okafor at pinestate mail dot example.", "EMAIL", ""),
        ("The e-mail is vk stone, all one word, at alder care dot example.", "EMAIL", ""),
        (
            "My e-mail is meena, that's M E E N A, underscore joshi at larch dot health.",
            "EMAIL",
            "",
        ),
        ("We are on Instagram. It's at bees underscore and underscore k t b.", "HANDLE", ""),
        ("Pay me on Venmo. It is @quyen-dinh-esl.", "HANDLE", "@quyen-dinh-esl"),
        (
            "My number is 020, em, 915, no, wait, oh two oh, nine one five, four four oh eight.",
            "PHONE",
            "020, em, 915, no, wait, oh two oh, nine one five, four four oh eight",
        ),
    ],
)
def test_an_address_or_number_is_found_whole(
    detector: PresidioDetector, text: str, kind: str, said: str
) -> None:
    whole = [told for sort, told in found(detector, text) if sort == kind]
    if said:
        assert whole == [said]
        return
    start = {"EMAIL": "is ", "HANDLE": "It's "}[kind]
    assert whole == [text[text.index(start) + len(start) : -1]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("He was Murty the Forge, to everyone.", "Murty the Forge"),
        ("We went with Nileshbhai, on the coach.", "Nileshbhai"),
        ("My mother says, Bé Quyên, come home.", "Bé Quyên"),
        ("She is Lupe chiquita, the small one.", "Lupe chiquita"),
    ],
)
def test_a_name_is_found_with_its_byname(detector: PresidioDetector, text: str, name: str) -> None:
    assert ("PERSON", name) in found(detector, text)


@pytest.mark.parametrize(
    "text",
    ["Then in Zennorby the Council said no.", "In London the Mayor, and her staff, said so."],
)
def test_what_stands_behind_a_place_is_no_byname(text: str) -> None:
    assert list(BynameRecogniser().find(words_of(text))) == []
