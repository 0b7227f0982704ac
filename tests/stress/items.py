"""Identifiers of every kind, said or written in a carrier, with marks around what must be found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.stress.addresses import ADDRESSES
from tests.stress.dates_and_ages import DATES_AND_AGES
from tests.stress.spoken_forms import CLOSE, OPEN, groups_said, mark, written
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale

SPOKEN = ("plain", "plain", "fillers", "turns", "mixed")
WRITTEN = ("spaces", "solid", "commas", "grouped_commas", "dashes", "odd")
LETTERS = ("plain", "plain", "nato", "names", "for")
UPPER = "ABCDEFGHJKLMNPRSTUVWXY"
PLATES_IE = ("D", "C", "G", "KY", "LH", "MO", "WX", "DL", "TN")


@dataclass(frozen=True)
class Item:
    """A few lines of talk; `gold` are spans, all of which a finding has to cover."""

    kind: str
    variant: str
    types: frozenset[EntityType]
    locale: Locale
    text: str
    gold: tuple[tuple[int, int], ...]


def _number(rng: Random, size: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(size))


def _letters(rng: Random, size: int) -> str:
    return "".join(rng.choice(UPPER) for _ in range(size))


def _said_or_written(groups: list[str], rng: Random) -> tuple[str, str]:
    """A number: spoken in four fifths of the cases."""
    if rng.random() < 0.25:
        style = rng.choice(WRITTEN)
        return f"written {style}", written(groups, rng, style)
    layout = rng.choice(SPOKEN)
    return f"spoken {layout}", groups_said(groups, rng, layout)


def _code(groups: list[str], rng: Random, styles: tuple[str, ...] = LETTERS) -> tuple[str, str]:
    """A code of letters and digits."""
    if rng.random() < 0.25:
        style = rng.choice(("spaces", "solid", "grouped_commas", "dashes"))
        text = written(groups, rng, style)
        return f"written {style}", text.lower() if rng.random() < 0.3 else text
    layout, style = rng.choice(SPOKEN), rng.choice(styles)
    return f"spoken {layout} {style}", groups_said(groups, rng, layout, style)


PHONE_TALK = (
    "you can ring me on {} if that's easier",
    "my number is {} okay",
    "yeah it's {} that's my mobile",
    "So the number's {}.",
    "have you got a pen? {} and ask for me",
    "I wrote it on my hand, {}, and then washed it off",
    "What's the best number?\nP3: {}",
    "whatsapp me it's {}",
    "{}",
)
BARE_TALK = (*PHONE_TALK, "it's, let me look, {} I think", "so {} is the one on the fridge")


def _mobile(rng: Random) -> tuple[str, str, str]:
    number = "07" + _number(rng, 9)
    cut = rng.choice(((5, 8, 11), (5, 11), (3, 5, 8, 11), (4, 7, 11), (2, 5, 8, 11)))
    return *_said_or_written(_cut(number, cut), rng), rng.choice(BARE_TALK)


def _landline(rng: Random) -> tuple[str, str, str]:
    number = rng.choice(("0161", "0121", "0114", "01772", "01524", "020", "01382", "028"))
    cut = (len(number), 7, 11) if len(number) < 5 else (5, 8, 11)
    number += rng.choice("23456789") + _number(rng, 10 - len(number))
    return *_said_or_written(_cut(number, cut), rng), rng.choice(BARE_TALK)


def _freephone(rng: Random) -> tuple[str, str, str]:
    code, rest = rng.choice(("0800", "0808", "0300", "0845")), _number(rng, 7)
    if rng.random() < 0.5:
        said = f"oh {'eight' if code[1] == '8' else 'three'} hundred"
        groups = groups_said([rest[:3], rest[3:]], rng, rng.choice(("plain", "turns")))
        return "spoken hundred", f"{mark(said)} {groups}", rng.choice(PHONE_TALK)
    return *_said_or_written([code, rest[:3], rest[3:]], rng), rng.choice(PHONE_TALK)


def _plus(rng: Random) -> tuple[str, str, str]:
    rest = "7" + _number(rng, 9)
    said = rng.choice(("plus four four", "plus forty four", "double oh double four", "+44"))
    if said == "+44" and rng.random() < 0.7:
        return "written", mark(f"+44 {rest[:4]} {rest[4:]}"), rng.choice(PHONE_TALK)
    words = groups_said([rest[:4], rest[4:7], rest[7:]], rng, rng.choice(SPOKEN[:4]))
    return "spoken", f"{mark(said)} {words}", rng.choice(PHONE_TALK)


def _partial(rng: Random) -> tuple[str, str, str]:
    size = rng.choice((6, 7, 8))
    number = _number(rng, size).replace("12", "83").replace("34", "39")
    variant, said = _said_or_written([number[: size - 4], number[size - 4 :]], rng)
    talk = (
        "my number ends {} i forget the start",
        "the phone number was {} something",
        "ring {} that's without the code",
        "the landline, {}, that was it",
    )
    return variant, said, rng.choice(talk)


def _extension(rng: Random) -> tuple[str, str, str]:
    number = rng.choice("2345678") + _number(rng, rng.choice((2, 3)))
    variant, said = _said_or_written([number], rng)
    return variant, said, rng.choice(("i'm on extension {} most days", "ext {}, ask for me"))


def _phone_ie(rng: Random) -> tuple[str, str, str]:
    number = rng.choice(("083", "085", "086", "087", "089", "01", "021", "091"))
    cut = (len(number), len(number) + 3, len(number) + 7)
    return *_said_or_written(_cut(number + _number(rng, 7), cut), rng), rng.choice(BARE_TALK)


def _phone_us(rng: Random) -> tuple[str, str, str]:
    number = rng.choice("23456789") + _number(rng, 2) + rng.choice("2345678") + _number(rng, 6)
    groups = _cut(number, (3, 6, 10))
    if rng.random() < 0.15:
        return "written brackets", mark(f"({groups[0]}) {groups[1]}-{groups[2]}"), PHONE_TALK[0]
    return *_said_or_written(groups, rng), rng.choice(BARE_TALK)


def _nhs(rng: Random) -> tuple[str, str, str]:
    while True:
        first = _number(rng, 9)
        check = 11 - sum(int(d) * (10 - n) for n, d in enumerate(first)) % 11
        if check != 10 and first[0] != "0":
            break
    groups = _cut(first + str(check % 11), (3, 6, 10))
    talk = ("my NHS number is {}", "nhs number {} yeah", "it says {} on the letter", "{} i think")
    return *_said_or_written(groups, rng), rng.choice(talk)


def _nino(rng: Random) -> tuple[str, str, str]:
    groups = [
        rng.choice("ABCEGHJKLMNPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ"),
        *(_number(rng, 2) for _ in range(3)),
        rng.choice("ABCD"),
    ]
    talk = ("my national insurance number is {}", "N I number, {}", "{} i know it off by heart")
    return *_code(groups, rng), rng.choice(talk)


def _ppsn(rng: Random) -> tuple[str, str, str]:
    groups = [_number(rng, 3), _number(rng, 4), rng.choice(("W", "TA", "F", "H", "KA", "L"))]
    talk = ("my p p s number is {}", "PPS number, it's {}", "{} that's the PPS")
    return *_code(groups, rng, ("plain", "nato")), rng.choice(talk)


def _ssn(rng: Random) -> tuple[str, str, str]:
    groups = [rng.choice("12345678") + _number(rng, 2), _number(rng, 2), _number(rng, 4)]
    talk = ("my social is {}", "social security number {} yes ma'am", "they had my social, {}")
    return *_said_or_written(groups, rng), rng.choice(talk)


AREAS = ("PR", "M", "LS", "BB", "LA", "SE", "EH", "CF", "BT", "G", "OL", "NE", "L", "SW", "B", "ZE")


def _outcode(rng: Random) -> str:
    return rng.choice(AREAS) + str(rng.randint(1, 29))


def _postcode(rng: Random) -> tuple[str, str, str]:
    inward = rng.choice("0123456789") + rng.choice("ABDEFGHJLN") + rng.choice("PQRSTUWXYZ")
    talk = (
        *("my postcode is {}", "we live at {} now", "it's {} if you look it up", "{} okay"),
        *("what's your postcode?\nP2: {}", "so the post code's {} and it's the blue door"),
    )
    return *_code([_outcode(rng), inward], rng), rng.choice(talk)


def _outward(rng: Random) -> tuple[str, str, str]:
    talk = ("the postcode starts {}", "first half of the postcode is {} i think")
    return *_code([_outcode(rng)], rng), rng.choice(talk)


def _eircode(rng: Random) -> tuple[str, str, str]:
    routing = rng.choice(("V93", "D02", "T12", "H91", "F92", "X91", "A65"))
    unit = "".join(rng.choice("ACDEFHKNPRTVWXY0123456789") for _ in range(4))
    talk = ("the eircode is {}", "put {} in the sat nav", "eircode, {}")
    return *_code([routing, unit], rng, ("plain", "nato")), rng.choice(talk)


def _zip(rng: Random) -> tuple[str, str, str]:
    code = rng.choice("123456789") + _number(rng, 4)
    if rng.random() < 0.4:
        state = rng.choice(("Iowa", "Arizona", "IL", "Texas", "CA"))
        return "written state", mark(code), f"we were in Springfield, {state} {{}} back then"
    talk = ("my zip code is {}", "the zip's {}", "zip {} that's us")
    return *_said_or_written([code], rng), rng.choice(talk)


def _plate(rng: Random) -> tuple[str, str, str]:
    year = rng.choice(("51", "02", "19", "68", "72", "14"))
    groups = [_letters(rng, 2) + year, _letters(rng, 3)]
    talk = ("the reg was {}", "a grey corsa, {}, i still see it", "number plate {} gone", "it's {}")
    return *_code(groups, rng), rng.choice(talk)


def _old_plate(rng: Random) -> tuple[str, str, str]:
    groups = [rng.choice("FGHJKLMNPRSTVWXY") + str(rng.randint(21, 999)), _letters(rng, 3)]
    talk = ("the registration was {}", "number plate {}", "car reg {} a red one")
    return *_code(groups, rng), rng.choice(talk)


def _plate_ie(rng: Random) -> tuple[str, str, str]:
    groups = [rng.choice(("08", "12", "171", "192", "231")), rng.choice(PLATES_IE)]
    talk = ("the reg was {}", "car registration {} a golf", "the number plate, {}")
    return *_code([*groups, str(rng.randint(100, 99999))], rng, ("plain",)), rng.choice(talk)


def _account(rng: Random) -> tuple[str, str, str]:
    groups = _cut(_number(rng, 8), rng.choice(((4, 8), (3, 6, 8), (2, 5, 8))))
    talk = ("the account number is {}", "pay it into {} that's the account", "account's {}")
    return *_said_or_written(groups, rng), rng.choice(talk)


def _sort_code(rng: Random) -> tuple[str, str, str]:
    groups = [rng.choice("0123456789") + _number(rng, 1), _number(rng, 2), _number(rng, 2)]
    return *_said_or_written(groups, rng), rng.choice(("sort code {}", "the sort code's {} right"))


def _staff(rng: Random) -> tuple[str, str, str]:
    groups = [_number(rng, 2), _number(rng, rng.choice((2, 3, 4)))]
    talk = (
        *("my staff number is {}", "payroll number {}", "employee number's {}", "badge number {}"),
        *(
            "case number {} they called me",
            "the crime reference number is {}",
            "hospital number {}",
        ),
        *("membership number, {}", "it was logged under reference {}"),
    )
    return *_said_or_written(groups, rng), rng.choice(talk)


def _reference(rng: Random) -> tuple[str, str, str]:
    groups = [_letters(rng, rng.choice((1, 2, 3))), _number(rng, 3), _number(rng, 2)]
    talk = ("case reference {}", "the reference is {}", "my pin number is {}", "ref {} they said")
    return *_code(groups, rng, ("plain", "nato")), rng.choice(talk)


Maker = Callable[[Random], tuple[str, str, str]]
_PHONE = frozenset({EntityType.PHONE, EntityType.ID})
_ID = _PHONE
_CODE = frozenset({EntityType.POSTCODE, EntityType.ADDRESS})
NUMBERS: Mapping[str, tuple[Maker, frozenset[EntityType], Locale]] = {
    "phone mobile": (_mobile, _PHONE, Locale.GB),
    "phone landline": (_landline, _PHONE, Locale.GB),
    "phone 0800": (_freephone, _PHONE, Locale.GB),
    "phone +44": (_plus, _PHONE, Locale.GB),
    "phone partial": (_partial, _PHONE, Locale.GB),
    "phone extension": (_extension, _PHONE, Locale.GB),
    "phone IE": (_phone_ie, _PHONE, Locale.IE),
    "phone US": (_phone_us, _PHONE, Locale.US),
    "NHS number": (_nhs, _ID, Locale.GB),
    "NI number": (_nino, _ID, Locale.GB),
    "PPS number": (_ppsn, _ID, Locale.IE),
    "social security": (_ssn, _ID, Locale.US),
    "postcode": (_postcode, _CODE, Locale.GB),
    "half a postcode": (_outward, _CODE, Locale.GB),
    "Eircode": (_eircode, _CODE, Locale.IE),
    "ZIP code": (_zip, _CODE | {EntityType.ID}, Locale.US),
    "car registration": (_plate, _ID, Locale.GB),
    "old registration": (_old_plate, _ID, Locale.GB),
    "registration IE": (_plate_ie, _ID, Locale.IE),
    "account": (_account, _ID, Locale.GB),
    "sort code": (_sort_code, _ID, Locale.GB),
    "staff or case": (_staff, _ID, Locale.GB),
    "reference": (_reference, _ID, Locale.GB),
}
KINDS = {**NUMBERS, **ADDRESSES, **DATES_AND_AGES}


BEFORE = (
    "so we sat there for twenty minutes and nobody said a word",
    "I mean, it was two in the morning and she still wouldn't settle.",
    "they said ten weeks and it was more like thirty",
    "I know, I know.",
    "and that's how it started really",
)
AFTER = (
    "and then i had a cup of tea",
    "Right, thank you, shall we go on?",
    "she was three pounds over by then",
    "that's all i can tell you about it",
    "Two of them never came back.",
)


def make_item(kind: str, rng: Random) -> Item:
    """One item with a line of other talk before and after it."""
    maker, types, locale = KINDS[kind]
    variant, said, carrier = maker(rng)
    line = carrier.replace("{}", said) if "{}" in carrier else carrier
    before, after = rng.choice(BEFORE), rng.choice(AFTER)
    if before.islower():
        before = rng.choice(("", "P1: ")) + before
    first = "\n".join((before, rng.choice(("", "P4: ", "P2: ")) + line, after))
    text, gold = _unmarked(first)
    return Item(kind, variant, types, locale, text, gold)


def make_items(count: int, seed: int) -> list[Item]:
    """Items of every kind in turn."""
    rng = Random(seed)
    kinds = list(KINDS)
    return [make_item(kinds[number % len(kinds)], rng) for number in range(count)]


def _cut(text: str, ends: tuple[int, ...]) -> list[str]:
    return [text[a:b] for a, b in zip((0, *ends), ends, strict=False) if text[a:b]]


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    text, spans, start = "", [], 0
    for character in marked:
        if character == OPEN:
            start = len(text)
        elif character == CLOSE:
            spans.append((start, len(text)))
        else:
            text += character
    return text, tuple(spans)
