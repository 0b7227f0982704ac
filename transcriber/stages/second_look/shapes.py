"""Shapes that point at somebody whatever the words are: addresses, spelt names, capitals."""

import re
from collections.abc import Iterator

from transcriber.stages.number_words import DIGITS, REPEATS, TEENS, TENS
from transcriber.stages.ordinary_words import ALWAYS_CAPITAL, ordinary_words
from transcriber.stages.second_look.text import Seen, SeenText
from transcriber.stages.words import word_set

FEWEST_LETTERS = 4
"""Single letters in a row that spell something; three are an abbreviation more often."""
_DOMAINS = "com|net|org|info|edu|gov|example|co|ac|uk|ie|us|eu|io|me"
ADDRESSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}",
        r"(?:^|(?<=\s))@\w{2,30}",
        r"(?:https?://|www\.)\S{1,255}",
        rf"\b[\w-]{{2,63}}\.(?:{_DOMAINS})\b(?:[./]\w{{1,63}})*",
        rf"\b\w+ dot (?:{_DOMAINS})\b(?: dot (?:{_DOMAINS})\b)?",
        r"\b(?:w ?w ?w|double u double u double u|triple w) dot\b(?: \w+)?",
        r"\b(?:at|underscore|slash) (?:gmail|hotmail|outlook|yahoo|icloud|btinternet|aol)\b",
        r"\bunderscore \w+",
        r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b",
    )
)
"""E-mail, user name, web address, bare domain, the same as spoken, and a UK postcode (BS 7666)."""
COMPOUNDS = word_set(
    "based born run led funded trained made style type like wide side speaking bound er ish year "
    "years old month week day s es"
)
"""After a hyphen they are ordinary: `[PLACE_1]-based`."""
GLUE = frozenset("-.@_/+")
"""Between a replacement and a word, without a space, they bind both into one thing."""
ADDRESS_WORDS = word_set("dot underscore slash dash er erm example gmail hotmail com")
SURE_ADDRESS_WORDS = word_set("dot underscore slash")
LETTER_WORDS = word_set("a i o")
SPOKEN_DIGITS = frozenset({*DIGITS, *TEENS, *TENS, *REPEATS}) - {"o"}
UNITS = word_set(
    "year years month months week weeks day days hour hours minute minutes second seconds times "
    "time pound pounds quid pence euro euros dollar dollars percent per miles mile kilos stone "
    "ounces ounce grams of or people women men kids children families mums oclock in am pm"
)
"""After digits they say that these are an amount."""
NEVER_NAMES = word_set(
    "a an the and but or so if as at by for from in into of off on onto out over to up with when "
    "where why what who how which while because although though then there here that this these "
    "those it he she we they you me him her us them my your his our their its is are was were be "
    "been do does did dont didnt have has had having not no yes yeah yep oh ah well now just like "
    "can could should would shall might must let lets get go come look see say tell please thank "
    "thanks hello hi hey bye okay right sorry good never always also even still too very all any "
    "some one two three four five six seven eight nine ten youre theyre hes shes its thats whats "
    "theres isnt wasnt cant couldnt wont wouldnt shouldnt ive weve youve id wed youd ill well"
)
"""They open quoted talk in the middle of a sentence and are nobody's name."""


def addresses(text: SeenText) -> Iterator[tuple[int, int]]:
    """Yield start and end of what is shaped like an address, where no replacement stands."""
    for pattern in ADDRESSES:
        for match in pattern.finditer(text.text):
            yield match.span()


def remnants(text: SeenText) -> Iterator[tuple[int, int]]:
    """Yield runs of words beside a replacement that look like the rest of what it stands for.

    Glued to it (`[PERSON_1]-woo`, `h.[PERSON_1]@`), said as part of an address (`[X] dot example`),
    single letters, and digits without a unit (`four [X] q`).
    """
    for number in range(len(text.words) - 1):
        here, after = text.words[number], text.words[number + 1]
        if here.hidden == after.hidden:
            continue
        gap = text.gap(number).strip("[]")
        run = _away(text, number + 1, 1) if here.hidden else _away(text, number, -1)
        if _is_rest(text, run, gap):
            yield min(run), max(run)


def spelt(text: SeenText) -> Iterator[tuple[int, int, str]]:
    """Yield first and last word of letters said one by one, and what they spell."""
    at = 0
    while at < len(text.words):
        last = at
        while last < len(text.words) and _is_letter(text.words[last]):
            last += 1
        if last - at >= FEWEST_LETTERS:
            yield at, last - 1, "".join(word.plain for word in text.words[at:last])
        at = max(last, at + 1)


def capitals(text: SeenText) -> Iterator[int]:
    """Yield numbers of words with a capital that ordinary words do not have there."""
    for number, word in enumerate(text.words):
        if word.capital and not word.hidden and _stands_out(text, number, word):
            yield number


def rare_words(text: SeenText) -> Iterator[int]:
    """Yield numbers of words that are not ordinary, for texts without capitals."""
    ordinary = ordinary_words()
    for number, word in enumerate(text.words):
        if word.hidden or len(word.plain) < len("Al") or not word.plain.isalpha():
            continue
        if word.plain not in ordinary and not text.is_label(number):
            yield number


def _away(text: SeenText, at: int, step: int) -> list[int]:
    """Return the words of one kind from `at` on, going away from a replacement."""
    run = [at]
    kind = _kind(text.words[at])
    while kind:
        at += step
        gap = text.gap(at - 1 if step > 0 else at) if 0 <= at < len(text.words) else "\n"
        if gap.strip(" ,-") or text.words[at].hidden or not _kind(text.words[at]):
            break
        run.append(at)
    return run


def _kind(word: Seen) -> str:
    """Say whether a word is a letter, digits or a word of spoken addresses."""
    if word.plain in ADDRESS_WORDS:
        return "address"
    if _is_letter(word) and word.plain not in LETTER_WORDS:
        return "letter"
    return "digits" if word.plain in SPOKEN_DIGITS or _has_digit(word.plain) else ""


def _is_rest(text: SeenText, run: list[int], gap: str) -> bool:
    words = [text.words[number] for number in run]
    if gap in GLUE:
        return words[0].plain not in COMPOUNDS
    if gap.strip(" ,-") or any(text.is_label(number) for number in run):
        return False
    kinds = [_kind(word) for word in words]
    if any(word.plain in SURE_ADDRESS_WORDS for word in words) or "letter" in kinds:
        return True
    after = max(run) + 1
    unit = text.words[after].plain if after < len(text.words) else ""
    said = sum(kind == "digits" for kind in kinds)
    written = any(_has_digit(word.plain) and len(word.plain) > 1 for word in words)
    return (said > 1 or written) and unit not in UNITS and kinds[0] != "letter"


def _is_letter(word: Seen) -> bool:
    return len(word.plain) == 1 and word.plain.isalpha() and not word.hidden


def _stands_out(text: SeenText, number: int, word: Seen) -> bool:
    plain = word.plain
    if plain in ALWAYS_CAPITAL or len(plain) < len("Al") or text.is_label(number):
        return False
    if _has_digit(plain):
        return False
    if text.starts_sentence(number):
        return plain not in ordinary_words()
    return plain not in NEVER_NAMES


def _has_digit(plain: str) -> bool:
    return any(character.isdecimal() for character in plain)
