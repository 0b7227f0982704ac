"""Where somebody lives, as written and as said: `14 Chapel Lane`, `flat three b, forty eight …`.

House and street, a flat, a house number where it is said to be one, and the name of a house where
an address is asked for. A street without a number is a place and found as one.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.bare_streets import bare_streets, units_end
from transcriber.engines.presidio.house_numbers import FIRST_CHECK, NO_NAME, house_number
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

TYPE = EntityType.ADDRESS.value

SURE = word_set("road rd street avenue ave lane crescent boulevard terrace cul grove")
"""Kinds of street that are little else: a number and a name before them are enough."""

DOUBTFUL = word_set(
    "st close drive way place court gardens garden hill park row square mews view green walk rise "
    "mount parade path bank vale croft fold meadow meadows gate end house mansions buildings"
)
"""Kinds of street that are words of their own: the name before them has to be one."""

BY_LOCALE = {
    Locale.GB: (word_set("brae wynd loan ginnel dene"), word_set("heol ffordd stryd")),
    Locale.IE: (word_set("quay boreen estate"), word_set("bothar sraid cnoc")),
    Locale.US: (
        word_set("blvd pkwy parkway hwy highway cir circle trail pike loop dr ln ct pl turnpike"),
        word_set("route highway"),
    ),
}
"""Kinds that stand behind the name, and kinds that stand before it."""
LEADING = word_set("calle avenida callejon rua rue via")
"""Kinds that stand before the name wherever people have come to live."""

FLATS = word_set("flat apartment apt unit maisonette bedsit")
FLAT_FOLLOWS = word_set("on at in of and so")
NUMBERED = word_set("number no nr")
LIVING = word_set("live lives lived living moved move stay stays stayed staying address at in to")
ASKED = word_set("address send post postcode write deliver live lives")
HOUSES = word_set("house cottage farm lodge villa bungalow hall croft manor rectory vicarage")
BETWEEN = word_set("on of in at up down along off")
DIRECTIONS = word_set("north south east west northeast northwest southeast southwest n s e w")
LONGEST_NAME = 3
GAPS = frozenset((" ", ", ", "-", "/"))


class AddressRecogniser(WordRecogniser):
    """Finds addresses; what stands behind a street, such as a town, is left to others."""

    types = (TYPE,)
    title = "street address"

    def __init__(self, locale: Locale = Locale.GB) -> None:
        behind, before = BY_LOCALE[locale]
        self._sure = SURE | behind
        self._kinds = self._sure | DOUBTFUL
        self._leading = before | LEADING
        super().__init__()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield each address once, with flat, house number and street as far as they were said."""
        found = (self._streets(words), _flats(words), _numbered(words), _houses(words))
        spans = sorted({span for kind in (*found, bare_streets(words)) for span in kind})
        merged: list[tuple[int, int]] = []
        for first, last in spans:
            if merged and _belong(words, merged[-1][1], first):
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        for first, last in merged:
            yield Match(TYPE, first, units_end(words, self._second_street(words, last)), 0.8)

    def _streets(self, words: TextWords) -> Iterator[tuple[int, int]]:
        """Yield `14 Chapel Lane`, `sixty one sandhurst grove`, `number twelve on Mill Street`."""
        behind = -1
        for at in range(len(words)):
            number = house_number(words, at)
            if number is None or at <= behind:
                continue
            if _is_year(words, at):
                continue
            said = words.plain(at - 1) in NUMBERED
            start = number + 1
            if words.plain(start) in BETWEEN and said:
                start += 1
            last = self._street_end(words, start, number)
            if last is not None and (
                said or self._is_sure(words, start, last) or _is_asked(words, at)
            ):
                yield at - 1 if said else at, last
                behind = last

    def _street_end(self, words: TextWords, start: int, number: int) -> int | None:
        """Return the last word of the street whose name begins at `start`."""
        if start >= len(words) or any(words.gap(n) not in GAPS for n in range(number, start)):
            return None
        if words.plain(start) in self._leading:
            return self._leading_end(words, start)
        while words.plain(start) in DIRECTIONS and words.gap(start) in (" ", ". "):
            start += 1
        for last in range(start + 1, start + LONGEST_NAME + 1):
            if words.gap(last - 1) not in (" ", "-", ". ", "'s ", "\u2019s "):
                return None
            if words.plain(last - 1) in NO_NAME and words.plain(last - 1) not in ("the", "of"):
                return None
            if words.plain(last) in self._kinds and self._is_name(words, start, last):
                further = words.plain(last + 1) in self._sure and words.gap(last) == " "
                return last + 1 if further else last
        return None

    def _is_name(self, words: TextWords, start: int, last: int) -> bool:
        before = words.plain(last - 1)
        named = words.cased and words[last].capitalised and words[last - 1].capitalised
        return before not in NO_NAME or (before == "the" and last - 1 == start and named)

    def _leading_end(self, words: TextWords, start: int) -> int | None:
        """Return the last word of `Heol y Bryn`, `Route 66`, `Calle Ocho`."""
        last = start
        while last < start + LONGEST_NAME and words.gap(last) in (" ", "-"):
            word = words[last + 1]
            small = word.plain in ("y", "yr", "na", "an", "de", "la", "del")
            if words.cased and not (word.capitalised or word.plain.isdecimal() or small):
                break
            last += 1
            if not words.cased and not small:
                break
        return last if last > start else None

    def _is_sure(self, words: TextWords, start: int, last: int) -> bool:
        """Whether name and kind are no ordinary words: capitals, or a word that few people say."""
        if words.cased and words.plain(start) not in self._leading:
            return all(
                words[n].capitalised or words.plain(n) in ("of", "the") for n in (start, last)
            )
        strange = any(words.plain(n) not in COMMON_WORDS for n in range(start, last))
        one = words.plain(start - 1) == "one" and words.plain(start - 2) not in FIRST_CHECK
        return strange or (words.plain(last) in self._sure and not one)

    def _second_street(self, words: TextWords, last: int) -> int:
        """Take in the street behind a court: `17 Marlow Court, Old Mill Road`."""
        if words.gap(last) not in (", ", " "):
            return last
        for end in range(last + 2, min(last + 2 + LONGEST_NAME, len(words))):
            if any(words.gap(n) != " " for n in range(last + 1, end)):
                return last
            if words.plain(end) in self._sure:
                return end if _is_street_name(words, last + 1, end) else last
        return last


def _is_street_name(words: TextWords, first: int, last: int) -> bool:
    if words.cased:
        return all(words[n].capitalised for n in range(first, last + 1))
    return all(words.plain(n) not in NO_NAME for n in range(first, last))


def _is_year(words: TextWords, at: int) -> bool:
    """Tell `in 2019 Oxford Road was shut` from a house number."""
    key = words.plain(at)
    year = len(key) == 4 and key.isdecimal() and 1900 <= int(key) <= 2099
    return year and words.plain(at - 1) in ("in", "since", "until", "till", "by", "from", "of")


def _flats(words: TextWords) -> Iterator[tuple[int, int]]:
    """Yield `Flat 3/2`, `flat three b`, `apartment 12`; not `the flat three doors down`."""
    for at, word in enumerate(words):
        if word.plain not in FLATS or words.gap(at) not in (" ", ". "):
            continue
        start = at + 2 if words.plain(at + 1) in NUMBERED else at + 1
        last = house_number(words, start) if start < len(words) else None
        if last is None:
            letter = words.plain(start)
            last = start if len(letter) == 1 and letter in "bcdefgh" else None
        owned = words.plain(at - 1) in word_set("the a my our his her their this that of")
        if last is not None and not (owned and words.plain(last + 1) not in FLAT_FOLLOWS):
            yield at, last


def _numbered(words: TextWords) -> Iterator[tuple[int, int]]:
    """Yield `number twelve` behind `live at`, and `PO Box 12`."""
    for at, word in enumerate(words):
        box = word.plain == "box" and words.plain(at - 1) in ("po", "o")
        if word.plain != "number" and not box:
            continue
        last = house_number(words, at + 1) if words.gap(at) == " " else None
        if last is None:
            continue
        behind_at = words.plain(at - 1) in ("at", "in", "to")
        lives = behind_at and LIVING.intersection(words.plain(n) for n in (at - 2, at - 3))
        if box:
            yield (at - 1 if words.plain(at - 1) == "po" else at - 2), last
        elif lives:
            yield at, last


def _houses(words: TextWords) -> Iterator[tuple[int, int]]:
    """Yield the name of a house: `we live at Rose Cottage`, `Send it here, Pen-y-bont Uchaf`."""
    if not words.cased:
        return
    for at, word in enumerate(words):
        if word.plain in HOUSES and word.capitalised:
            first = at
            while first > at - LONGEST_NAME and _joined_capital(words, first - 1):
                first -= 1
            if first < at and _is_asked(words, first) and words.plain(first) not in NO_NAME:
                yield first, at
        elif word.plain in ("here", "is", "to", "at") and _before_postcode(words, at + 1):
            yield at + 1, _capitals_end(words, at + 1)


def _joined_capital(words: TextWords, number: int) -> bool:
    return (
        number >= 0
        and words.gap(number) in (" ", "-", "'s ", "\u2019s ")
        and words[number].capitalised
        and words.plain(number) not in NO_NAME
    )


def _capitals_end(words: TextWords, first: int) -> int:
    """Return the last word of a name with capitals; parts behind hyphens may be small."""
    last = first
    while words.gap(last) in (" ", "-") and (
        words[last + 1].capitalised or "-" in (words.gap(last), words.gap(last + 1))
    ):
        last += 1
    return last


def _before_postcode(words: TextWords, first: int) -> bool:
    """Whether a name stands between `Send it here,` and a postcode, where a house would."""
    if first >= len(words) or not words[first].capitalised or words.gap(first - 1) not in (
        " ", ", ", ": ",
    ):  # fmt: skip
        return False
    last = _capitals_end(words, first)
    if words.gap(last) != ", " or not _is_asked(words, first):
        return False
    codes = (words.plain(last + 1), words.plain(last + 2))
    return all(any(c.isdecimal() for c in code) for code in codes) and codes[1][:1].isdecimal()


def _is_asked(words: TextWords, at: int) -> bool:
    """Whether an address is talked of in the dozen words before."""
    near = {words.plain(n) for n in range(max(at - 12, 0), at)}
    return not near.isdisjoint(ASKED)


def _belong(words: TextWords, last: int, first: int) -> bool:
    """Whether two pieces are one address: they touch, or a comma, `on` or `of` parts them."""
    if first <= last + 1:
        return first <= last or words.gap(last) in GAPS
    parted = first == last + 2 and words.plain(last + 1) in BETWEEN
    return parted and all(gap in GAPS for gap in (words.gap(last), words.gap(last + 1)))
