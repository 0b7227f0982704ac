"""E-mail and web addresses, handles and names spelt out, as people say them."""

from random import Random

from tests.stress.spoken_forms import (
    FOR_WORDS,
    NATO,
    below_hundred,
    digits_said,
    filler,
    mark,
    turn,
)
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale

FIRST = (
    *("sarah", "moyra", "kofi", "tess", "priyanka", "gwen", "oisin", "bartek", "dee", "hamza"),
    *("linh", "marguerite", "joe", "aoife", "tariq", "ines"),
)
LAST = (
    *("whitfield", "adeyemi", "poulton", "kowalski", "o'shea", "bhatt", "greenwood", "mcnally"),
    *("fernandez", "lacey", "thistlewood", "nguyen", "barraclough", "rowe"),
)
WORDS = ("sunny", "mum", "bear", "craft", "little", "willow", "two", "northern", "bakes", "runner")
PROVIDERS = (
    *("gmail dot com", "hotmail dot com", "hotmail dot co dot uk", "yahoo dot co dot uk"),
    *("outlook dot com", "icloud dot com", "nhs dot net", "n h s dot net", "g mail dot com"),
    *("b t internet dot com", "hot mail dot com", "live dot co dot uk", "aol dot com"),
    *("lancaster dot ac dot uk", "littlelarks dot org", "proton mail dot com", "me dot com"),
    *("sky dot com", "h s e dot i e", "eircom dot net", "talk talk dot net", "gmail"),
    *("willow centre dot org dot uk", "saint annes dot school dot uk", "msn dot com"),
)
SIGNS = ("dot", "dot", "underscore", "dash", "hyphen", "point", "full stop")
ASIDES = ("all lower case", "all one word", "no spaces", "all lowercase", "with no dots")


def _local(rng: Random) -> str:
    first, last = rng.choice(FIRST), rng.choice(LAST).replace("'", "")
    number = str(rng.randint(10, 99))
    said = " ".join(digits_said(number, rng)) if rng.random() < 0.5 else below_hundred(int(number))
    return rng.choice(
        (
            f"{first} {rng.choice(SIGNS)} {last}",
            f"{first} {rng.choice(SIGNS)} {last}",
            f"{first}{last}",
            f"{first} {last}",
            f"{first[0]} {rng.choice(SIGNS)} {last}",
            f"{first} {rng.choice(SIGNS)} {last} {said}",
            f"{first}{last[0]} {number}",
            f"{first} {rng.choice(SIGNS)} {last[0]} {rng.choice(SIGNS)} {last}",
            f"{' '.join(first)} {rng.choice(SIGNS)} {' '.join(last)}",
            f"{rng.choice(WORDS)} {rng.choice(WORDS)} {said}",
        )
    )


MAIL_TALK = (
    "my email is {}",
    "you can email me at {} any time",
    "it's {} okay",
    "So that's {}.",
    "send it to {} please",
    "What's your e-mail?\nP1: {}",
    "email address {} yeah",
)


def _email_said(rng: Random) -> tuple[str, str, str]:
    local, domain = _local(rng), rng.choice(PROVIDERS)
    kind = rng.choice(("plain", "plain", "aside", "fillers", "turns", "case"))
    talk = rng.choice(MAIL_TALK)
    if kind == "aside":
        return kind, f"{mark(local)}, {rng.choice(ASIDES)}, {mark('at ' + domain)}", talk
    if kind == "fillers":
        return kind, f"{mark(local)}{filler(rng)}{mark('at ' + domain)}", talk
    if kind == "turns":
        return kind, f"{mark(local)}{turn(rng)}{mark('at ' + domain)}", talk
    if kind == "case":
        return kind, mark(f"{local.title()} at {domain.capitalize()}"), talk
    return kind, mark(f"{local} at {domain}"), talk


def _email_half_written(rng: Random) -> tuple[str, str, str]:
    first, last = rng.choice(FIRST), rng.choice(LAST).replace("'", "")
    said = rng.choice(
        (
            f"{first}{last}@gmail dot com",
            f"{first}.{last}@hotmail.co.uk",
            f"{first}.{last} at outlook dot com",
            f"{first}.{last} at gmail.com",
            f"{first} dot {last}@nhs.net",
            f"{first}{last} at gmail.com",
            f"{first}_{last}@yahoo.com",
            f"{first} underscore {last} at icloud.com",
            f"{first[0]}.{last}@lancaster.ac.uk",
            f"{first} dot {last}, at gmail, dot com",
            f"{first} dot {last} @ gmail dot com",
            f"{first}-{last}@live.co.uk",
        )
    )
    return "half-written", mark(said), rng.choice(MAIL_TALK)


def _url(rng: Random) -> tuple[str, str, str]:
    name = f"{rng.choice(WORDS)}{rng.choice(WORDS)}"
    spaced = f"{rng.choice(LAST).replace(chr(39), '')} {rng.choice(WORDS)}"
    said = rng.choice(
        (
            f"www dot {name} dot co dot uk",
            f"www dot {spaced} dot org",
            f"w w w dot {name} dot com",
            f"double u double u double u dot {name} dot com",
            f"{name} dot org dot uk",
            f"{name} dot com slash {rng.choice(WORDS)}",
            f"{name} dot co dot uk forward slash {rng.choice(WORDS)}",
            f"www.{name}.co.uk",
            f"https://{name}.org/{rng.choice(WORDS)}",
            f"{name}.co.uk",
            f"{rng.choice(WORDS)} dash {rng.choice(WORDS)} dot net",
            f"h t t p colon slash slash {name} dot org",
        )
    )
    talk = ("the website is {}", "it's all on {} if you look", "go to {} and click", "see {}")
    return ("written" if "." in said else "spoken"), mark(said), rng.choice(talk)


def _handle(rng: Random) -> tuple[str, str, str]:
    first, word, number = rng.choice(FIRST), rng.choice(WORDS), rng.randint(10, 99)
    said, talk = rng.choice(
        (
            (f"@{first}_{word}", "she's {} on there"),
            (f"@{first}{word}{number}", "follow {} if you like"),
            (f"at {first} underscore {word}", "she's {} on insta"),
            (f"at {first} underscore {word} underscore {below_hundred(number)}", "follow {}"),
            (f"{first} underscore {word}", "my instagram is {}"),
            (f"{first} underscore {word}", "i'm {} on twitter"),
            (f"at {first} {word}", "on instagram it's {}"),
            (f"at {first}{word}", "find me on tik tok, {}"),
            (f"{first}{word}{number}", "my username is {}"),
            (f"{first} dot {word}", "my insta handle is {}"),
        )
    )
    return ("written" if "@" in said else "spoken"), mark(said), talk


def _spelt(rng: Random) -> tuple[str, str, str]:
    name = rng.choice((*FIRST, *LAST)).replace("'", "").upper()
    while len(name) < 4:
        name = rng.choice((*FIRST, *LAST)).replace("'", "").upper()
    style = rng.choice(("dashes", "spaces", "commas", "stops", "nato", "for", "double", "turns"))
    letters = list(name)
    double = next((n for n in range(len(name) - 1) if name[n] == name[n + 1]), None)
    if style == "double" and double is not None:
        letters[double : double + 2] = [f"double {name[double]}"]
    if style in ("nato", "for"):
        letters = [
            NATO[x] if style == "nato" else f"{x} for {FOR_WORDS[x]}" if x in FOR_WORDS else x
            for x in letters
        ]
    joints = {"dashes": "-", "commas": ", ", "stops": ". ", "for": ", "}
    if style == "turns":
        half = len(letters) // 2
        said = mark(" ".join(letters[:half])) + turn(rng) + mark(" ".join(letters[half:]))
    else:
        said = mark(joints.get(style, " ").join(letters))
    if rng.random() < 0.4 and style != "dashes":
        said = said.lower()
    talk = ("that's {}", "it's spelt {}", "spelled {} yeah", "{} like my nan", "so my name is {}")
    return style, said, rng.choice(talk)


def _with_a(rng: Random) -> tuple[str, str, str]:
    name, letter = rng.choice(
        (
            *(("smythe", "y"), ("thomson", "p"), ("clarke", "e"), ("browne", "e"), ("jayne", "y")),
            *(("katherine", "k"), ("phillip", "l"), ("carolyne", "y"), ("reilly", "l")),
            *(("mackie", "i"), ("sofia", "f")),
        )
    )
    cased = rng.random() < 0.5
    name = name.title() if cased else name
    letter = letter.upper() if cased else letter
    tail = rng.choice((f"with a {letter}", f"with an {letter} not a c", f"with two {letter}'s"))
    return "with a letter", f"{mark(name)} {tail}", rng.choice(("that's {}", "{}", "it was {} yes"))


_MAIL = frozenset({EntityType.EMAIL, EntityType.URL, EntityType.HANDLE})
_PERSON = frozenset({EntityType.PERSON})
ADDRESSES = {
    "e-mail said": (_email_said, _MAIL, Locale.GB),
    "e-mail half written": (_email_half_written, _MAIL, Locale.GB),
    "web address": (_url, _MAIL, Locale.GB),
    "handle": (_handle, _MAIL, Locale.GB),
    "name spelt": (_spelt, _PERSON, Locale.GB),
    "name with a letter": (_with_a, _PERSON, Locale.GB),
}
