"""The digits and letters that a text says, each with the words that say it.

`SpokenText` is a second view of the text: `oh seven, erm, double nine` reads `o799`, and every
character of it knows its words, so that whatever is found in the view has exact offsets in the
text. Speaker labels and time stamps say nothing; hesitations and a listener's `yeah` are passed
over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from transcriber.engines.presidio.spoken.signs import (
    NO_CODES,
    STARTERS,
    WORDS_LIKE_DIGITS,
    Sign,
    Style,
    explanation,
    joined,
    sign_at,
)
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.number_words import DIGITS, REPEATS, TEENS, TENS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords, word_set

FILLERS = word_set("erm er um uh mm em hm hmm ah eh errr umm uhm uhh mmm")
BACK_CHANNELS = word_set(
    "yeah yes yep yup ok okay right mhm mm hm hmm uh huh sure sorry go on got it that aha lovely "
    "great brilliant perfect thanks thank you cool alright carry so far"
)
"""What a listener says while somebody dictates."""
CONNECTORS = word_set("dash hyphen space gap slash stroke then comma dot")
"""Words said between the groups of a number, which are no part of it."""
REPAIRS = word_set(
    "no sorry wait hang on its thats is the i mean think yes yeah right actually let me see check "
    "again and then it that so what ends ending last rest followed by say scratch correction er but"
)
"""Words of somebody who corrects or goes on with a number after a stop."""
NUMBER_WORDS = frozenset([*DIGITS, *TEENS, *TENS, *REPEATS])
MOST_BETWEEN = 8
"""Words that may stand between two signs of one number, the listener's turn with them."""

SILENCED = "[."
"""How a replacement of an earlier run begins when its letters are hidden from recognisers: it parts
two numbers."""

LABEL = re.compile(
    r"^[^\S\n]*(?:\[?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\]?(?:[^\S\n]|$)+)?"
    r"(?:[^\W\d_][\w.'\u2019-]{0,24}(?: [\w.'\u2019-]{1,24})?:(?=[^\S\n]|$))?",
    re.MULTILINE,
)
"""A time stamp and a speaker's label, which begin a line."""
_AMOUNT = re.compile(r"[£$€%]|(?<=\d):(?=\d)")
_SENTENCE_END = re.compile(r"[.!?;:…](?:\s|$)")


class Link(IntEnum):
    """How a sign hangs together with the one before it, the closest last."""

    NONE = 0
    REPAIR = 1
    TURN = 2
    TIGHT = 3


@dataclass(frozen=True)
class Run:
    """Signs `first` to `last` of a text that hang together, and the text they say."""

    spoken: "SpokenText"
    first: int
    last: int

    @property
    def signs(self) -> Sequence[Sign]:
        """The signs, in order."""
        return self.spoken.signs[self.first : self.last + 1]

    @cached_property
    def text(self) -> str:
        """What they say together."""
        return "".join(sign.text for sign in self.signs)

    def part(self, first: int, last: int) -> "Run":
        """The run of some of the signs, numbered as in the whole text."""
        return Run(self.spoken, first, last)

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Yield first and last word of each stretch on one line, corrections inside it too."""
        start = self.first
        for number in range(self.first + 1, self.last + 2):
            if number > self.last or self.spoken.parts(number):
                yield self.spoken.signs[start].first, self.spoken.signs[number - 1].last
                start = number

    def linked(self, lowest: Link) -> bool:
        """Whether all its signs hang together at least so closely."""
        return all(self.spoken.links[n] >= lowest for n in range(self.first + 1, self.last + 1))


class SpokenText:
    """All signs of a text in order; `links[n]` ties sign `n` to the one before it."""

    def __init__(self, words: TextWords) -> None:
        self.words = words
        self.keys = [word.plain for word in words]
        self.labels = _label_words(words)
        self.signs: list[Sign] = []
        self.links: list[Link] = []
        self._read()

    @cached_property
    def text(self) -> str:
        """Everything that the signs say."""
        return "".join(sign.text for sign in self.signs)

    @cached_property
    def owners(self) -> list[int]:
        """The number of the sign that says each character of `text`."""
        return [number for number, sign in enumerate(self.signs) for _ in sign.text]

    @cached_property
    def quiet(self) -> frozenset[int]:
        """Numbers of the words that say nothing: labels, hesitations, lines of a listener."""
        found: set[int] = set()
        line: list[int] = []
        for number, key in enumerate(self.keys):
            if number in self.labels or key in FILLERS:
                found.add(number)
            else:
                line.append(number)
            if self.words.breaks(number):
                if line and all(self.keys[n] in BACK_CHANNELS for n in line):
                    found.update(line)
                line = []
        return frozenset(found)

    def parts(self, number: int) -> bool:
        """Whether a line ends between sign `number` and the one before it."""
        before, after = self.signs[number - 1].last, self.signs[number].first
        return any(self.words.breaks(n) for n in range(before, after))

    def ahead(self, at: int) -> list[str]:
        """Plain forms of word `at` and of a few after it, as far as its line goes."""
        end = at
        while end < min(at + 5, len(self.keys) - 1) and not self.words.breaks(end):
            end += 1
        return self.keys[at : end + 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text of the words that say `text[start:end]`, end exclusive."""
        first, last = self.owners[start], self.owners[end - 1]
        return self.words[self.signs[first].first].start, self.words[self.signs[last].last].end

    def runs(self, lowest: Link = Link.TURN) -> Iterator[Run]:
        """Yield the longest runs whose signs hang together at least so closely."""
        start = 0
        for number in range(1, len(self.signs) + 1):
            if number == len(self.signs) or self.links[number] < lowest:
                yield Run(self, start, number - 1)
                start = number

    def _read(self) -> None:
        at = 0
        while at < len(self.keys):
            if self._says_nothing(at):
                at += 1
                continue
            sign = None if at in self.labels else self._sign(at)
            if sign is None:
                at += 1
                continue
            self.links.append(self._link(sign) if self.signs else Link.NONE)
            self.signs.append(sign)
            at = sign.last + 1

    def _says_nothing(self, at: int) -> bool:
        """Whether a word is so plainly none of a sign that a look at its neighbours is spared."""
        key = self.keys[at]
        if key in STARTERS or not key.isalpha() or len(key) == 1:
            return False
        if len(key) > 4:
            return True
        dull = key in COMMON_WORDS and key not in WORDS_LIKE_DIGITS
        return dull and not self.words[at].text.isupper()

    def _sign(self, at: int) -> Sign | None:
        sign = None if self._hesitates(at) else sign_at(self.words, self.keys, at)
        if sign is None and self._is_lower_code(at):
            return Sign(at, at, self.keys[at].upper(), Style.GLUED)
        if sign is not None or not self.signs or self.signs[-1].last != at - 1:
            return sign
        key = self.keys[at]
        if key == "for":
            last = explanation(self.keys, at, self._said_before(at))
            if last is not None:
                return Sign(at, last, "", Style.SILENT)
        if key in WORDS_LIKE_DIGITS and self._amid_digits(at):
            return Sign(at, at, WORDS_LIKE_DIGITS[key], Style.SINGLE)
        return None

    def _hesitates(self, at: int) -> bool:
        """Whether `em` between digits is a hesitation, as in Ireland and Scotland, and no M."""
        if self.keys[at] != "em" or not self.signs or self.signs[-1].last != at - 1:
            return False
        follows = self.keys[at + 1 : at + 2]
        number = bool(follows) and (follows[0].isdecimal() or follows[0] in NUMBER_WORDS)
        return number and self.signs[-1].digits and not self.words.breaks(at)

    def _is_lower_code(self, at: int) -> bool:
        """Whether two to four small letters stand beside figures and are no word."""
        key = self.keys[at]
        if not 2 <= len(key) <= 4 or not key.isascii() or not key.isalpha():
            return False
        if key in COMMON_WORDS or key in NO_CODES or key in FILLERS or key in BACK_CHANNELS:
            return False
        if self.words.cased and len(key) > 2 and key in ordinary_words():
            return False
        after = at + 1 < len(self.keys) and self.words.gap(at) in (" ", "-", ", ")
        if after and (self.keys[at + 1][:1].isdecimal() or self.keys[at + 1] in NUMBER_WORDS):
            return True
        before = at > 0 and self.words.gap(at - 1) in (" ", "-", ", ")
        return before and bool(self.signs) and self.signs[-1].last == at - 1

    def _said_before(self, at: int) -> str:
        return "".join(sign.text for sign in self.signs[-4:] if at - sign.last <= 4)

    def _amid_digits(self, at: int) -> bool:
        """Whether three digits said one by one stand before a word and one follows it."""
        before = self.signs[-3:]
        if len(before) < 3 or any(sign.style is not Style.SINGLE for sign in before):
            return False
        close = all(joined(self.words, sign.last) for sign in before)
        follows = sign_at(self.words, self.keys, at + 1) if at + 1 < len(self.keys) else None
        return close and follows is not None and follows.style is Style.SINGLE

    def _link(self, sign: Sign) -> Link:
        """Tie a sign to the last one read."""
        words, last, first = self.words, self.signs[-1].last, sign.first
        if first - last - 1 > MOST_BETWEEN + 4:
            return Link.NONE
        start, end = words[last].end, words[first].start
        between = words.text[start:end]
        if first == last + 1 and len(between) == 1 and between in " ,-":
            return Link.TIGHT
        if between == ". " and len(self.keys[last]) == len(self.keys[first]) == 1:
            return Link.TIGHT  # `R. O. W. E`
        if "\n" in between:
            if self._counts(sign) or self._starts_anew(sign, between):
                return Link.NONE
            between = LABEL.sub("", between)
        return self._link_over(last, first, between)

    def _link_over(self, last: int, first: int, between: str) -> Link:
        if _AMOUNT.search(between) or SILENCED in between:
            return Link.NONE
        spoken = [n for n in range(last + 1, first) if n not in self.labels]
        if len(spoken) > MOST_BETWEEN:
            return Link.NONE
        said = [self.keys[n] for n in spoken]
        quiet = all(key in FILLERS or key in CONNECTORS for key in said)
        stops = "\n" not in between and _SENTENCE_END.search(between) and "..." not in between
        if "\n" not in between:
            if quiet:
                return Link.REPAIR if stops or _is_decimal(between) else Link.TIGHT
            return Link.REPAIR if all(_is_repair(key) for key in said) else Link.NONE
        if all(
            key in FILLERS or key in CONNECTORS or self._listens(n, last)
            for n, key in zip(spoken, said, strict=True)
        ):
            return Link.TURN
        return Link.REPAIR if all(_is_repair(k) or k in BACK_CHANNELS for k in said) else Link.NONE

    def _counts(self, sign: Sign) -> bool:
        """Whether a number that begins a line counts what follows: `Two of them never came`."""
        last = sign.last
        if not sign.digits or self.words.gap(last) != " ":
            return False
        key = self.keys[last + 1]
        plural = len(key) > 3 and key.endswith("s") and key not in ("thats", "this")
        return key in ("of", "or", "more") or plural

    def _starts_anew(self, sign: Sign, between: str) -> bool:
        """Whether a number that begins with nought follows a count that ends the line before."""
        before = self.signs[-1]
        lone = before.style is Style.GROUP and (len(self.links) < 2 or not self.links[-1])
        silent = not any(character.isalnum() for character in LABEL.sub("", between))
        return lone and silent and sign.text[0] in "o0"

    def _listens(self, number: int, last: int) -> bool:
        """Whether a word after a line feed is what a listener says."""
        return self.keys[number] in BACK_CHANNELS and any(
            self.words.breaks(n) for n in range(last, number)
        )


def _is_repair(key: str) -> bool:
    return key in REPAIRS or key in FILLERS or key in CONNECTORS


def _is_decimal(between: str) -> bool:
    return between == "/"


def _label_words(words: TextWords) -> frozenset[int]:
    """Numbers of the words that are time stamps or speakers' labels."""
    found: set[int] = set()
    at = 0
    for label in LABEL.finditer(words.text):
        if label.end() == label.start():
            continue
        while at < len(words) and words[at].start < label.start():
            at += 1
        while at < len(words) and words[at].end <= label.end():
            found.add(at)
            at += 1
    return frozenset(found)


@lru_cache(maxsize=4)
def spoken_text(words: TextWords) -> SpokenText:
    """Return the view of a text; several recognisers ask for the same one in a row."""
    return SpokenText(words)
