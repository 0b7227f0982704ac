"""How people and recognisers put numbers, letters and addresses into words, at random.

Nothing here is taken from the product: these lists are what it is measured with.
"""

from random import Random

OPEN, CLOSE = "\u27e6", "\u27e7"
"""Marks around what has to be found; they are taken out before the text is used."""

UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
HESITATIONS = ("erm", "er", "um", "uh", "mm", "erm, er")
LISTENERS = (
    *("yeah", "Yeah.", "mm", "mhm", "Mm-hm.", "yep", "okay", "right", "Go on.", "uh huh"),
    *("yes", "got that", "Okay, yeah."),
)
_AIR = """
alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa
quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu
"""
NATO = {word[0].upper(): word for word in _AIR.split()}
LETTER_NAMES = {
    "B": "bee", "C": "cee", "D": "dee", "F": "eff", "G": "gee", "H": "aitch", "J": "jay",
    "K": "kay", "L": "ell", "M": "em", "N": "en", "P": "pee", "Q": "queue", "R": "ar", "S": "ess",
    "T": "tee", "V": "vee", "X": "ex", "Y": "why", "Z": "zed",
}  # fmt: skip
FOR_WORDS = {
    "A": "apple", "B": "Bertie", "C": "cat", "D": "dog", "E": "elephant", "F": "Freddie",
    "G": "George", "H": "Harry", "J": "jam", "K": "kite", "L": "lemon", "M": "mother", "N": "nuts",
    "P": "Peter", "R": "Robert", "S": "sugar", "T": "Tommy", "W": "Wally", "Y": "yellow",
}  # fmt: skip
CARDINAL_LIMIT = 100

Layout = str
"""`plain` on one line; `turns` broken off by the other speaker; `fillers` with hesitations."""


def below_hundred(value: int) -> str:
    """`forty two`, `seven`."""
    if value < 10:
        return UNITS[value]
    if value < 20:
        return TEENS[value - 10]
    return TENS[value // 10] + (f" {UNITS[value % 10]}" if value % 10 else "")


def year_said(value: int, rng: Random) -> str:
    """`nineteen eighty four`, `two thousand and nine`, `twenty fourteen`."""
    if 2000 <= value < 2010:
        return (
            "two thousand"
            if value == 2000
            else rng.choice(("two thousand and ", "twenty oh ")) + UNITS[value % 10]
        )
    rest = value % 100
    tail = "hundred" if rest == 0 else f"oh {UNITS[rest]}" if rest < 10 else below_hundred(rest)
    return f"{below_hundred(value // 100)} {tail}"


def ordinal_said(day: int) -> str:
    """`twenty third`."""
    odd = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"}
    if day in odd:
        return odd[day]
    if day < 20:
        return below_hundred(day) + "th"
    if day % 10 == 0:
        return TENS[day // 10][:-1] + "ieth"
    return f"{TENS[day // 10]} {ordinal_said(day % 10)}"


def suffix(day: int) -> str:
    """`st` of 21st."""
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def digits_said(digits: str, rng: Random) -> list[str]:
    """Words for a group of digits, with doubles, pairs and hundreds as the speaker likes."""
    zero = rng.choice(("oh", "oh", "oh", "zero", "o", "nought"))
    doubles, pairs = rng.random() < 0.6, rng.random() < 0.12
    out, at = [], 0
    while at < len(digits):
        rest = digits[at:]
        if doubles and len(rest) >= 3 and rest[0] == rest[1] == rest[2] and rng.random() < 0.5:
            out.append(f"{rng.choice(('triple', 'treble'))} {one(rest[0], zero)}")
            at += 3
        elif doubles and len(rest) >= 2 and rest[0] == rest[1]:
            out.append(f"double {one(rest[0], zero)}")
            at += 2
        elif pairs and len(rest) == 3 and rest[1:] == "00" and rest[0] != "0":
            out.append(f"{one(rest[0], zero)} hundred")
            at += 3
        elif pairs and len(rest) >= 2 and rest[0] not in "0":
            out.append(below_hundred(int(rest[:2])))
            at += 2
        else:
            out.append(one(rest[0], zero))
            at += 1
    return out


def one(digit: str, zero: str) -> str:
    return zero if digit == "0" else UNITS[int(digit)]


def letter_said(letter: str, rng: Random, style: str) -> str:
    """One letter by its name, by the alphabet of the air, as `M for mother`, or itself."""
    if style == "nato":
        return NATO[letter]
    if style == "names" and letter in LETTER_NAMES:
        return LETTER_NAMES[letter]
    if style == "for" and letter in FOR_WORDS and rng.random() < 0.7:
        return f"{letter} {rng.choice(('for', 'for', 'as in'))} {FOR_WORDS[letter]}"
    return letter


def code_said(code: str, rng: Random, style: str) -> list[str]:
    """Words for a group of letters and digits."""
    out: list[str] = []
    at = 0
    while at < len(code):
        digits = ""
        while at < len(code) and code[at].isdigit():
            digits += code[at]
            at += 1
        if digits:
            as_number = digits[0] != "0" and 10 < int(digits) < 100 and rng.random() < 0.4
            out += [below_hundred(int(digits))] if as_number else digits_said(digits, rng)
            continue
        letter = code[at]
        if code[at + 1 : at + 2] == letter and rng.random() < 0.5:
            out.append(f"double {letter_said(letter, rng, style)}")
            at += 2
        else:
            out.append(letter_said(letter, rng, style))
            at += 1
    return out


def mark(words: str) -> str:
    return f"{OPEN}{words}{CLOSE}"


def laid_out(groups: list[str], rng: Random, layout: Layout) -> str:
    """Marked groups on one line, with hesitations, or with the listener in between."""
    if len(groups) == 1 and layout != "plain":
        words = groups[0].split()
        middle = max(len(words) // 2, 1)
        groups = [" ".join(words[:middle]), " ".join(words[middle:])] if len(words) > 1 else groups
    marked = [mark(group) for group in groups if group]
    if layout == "plain":
        return rng.choice((" ", ", ")).join(marked)
    gaps = [" " for _ in marked[1:]]
    if not gaps:
        return marked[0]
    at = rng.randrange(len(gaps))
    gaps[at] = filler(rng) if layout == "fillers" else turn(rng)
    if layout == "fillers" and len(gaps) > 1 and rng.random() < 0.4:
        gaps[(at + 1) % len(gaps)] = filler(rng)
    return "".join(piece for pair in zip(marked, [*gaps, ""], strict=True) for piece in pair)


def filler(rng: Random) -> str:
    hesitation = rng.choice(HESITATIONS)
    return rng.choice((f", {hesitation}, ", f" {hesitation} ", f"... {hesitation}... "))


def turn(rng: Random) -> str:
    """The other speaker says `yeah`, with or without speaker labels; or only a new line."""
    listener = rng.choice(LISTENERS)
    return rng.choice(
        (
            f"\n{listener.lower().strip('.')}\n",
            f",\nINT: {listener}\nP4: ",
            f"\nModerator: {listener}\nP2: ",
            "\n",
            f"\n[00:12:4{rng.randrange(10)}] INT: {listener}\n[00:12:51] P1: ",
        )
    )


def written(groups: list[str], rng: Random, style: str) -> str:
    """Figures as recognisers write them: run together, in odd groups, with stray commas."""
    everything = "".join(groups)
    joints = {"solid": "", "grouped_commas": ", ", "dashes": "-", "dots": ".", "spaces": " "}
    if style in joints:
        return mark(joints[style].join(groups))
    if style == "commas":
        return mark(", ".join(everything))
    pieces, at = [], 0
    while at < len(everything):
        size = rng.choice((2, 2, 3, 4))
        pieces.append(everything[at : at + size])
        at += size
    return mark(" ".join(pieces))


def groups_said(groups: list[str], rng: Random, layout: Layout, style: str = "plain") -> str:
    """A grouped number or code in words."""
    said = [" ".join(code_said(group, rng, style)) for group in groups]
    if layout == "mixed":
        chosen = rng.randrange(len(said))
        said[chosen] = groups[chosen]
        layout = "plain"
    text = laid_out(said, rng, layout)
    return text.lower() if rng.random() < 0.5 else text
