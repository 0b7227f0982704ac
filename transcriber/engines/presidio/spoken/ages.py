"""Ages in digits and words: `thirty four years old`, `I'm 34`, `aged 7`, `in my forties`."""

from collections.abc import Iterable, Iterator, Sequence

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import NAMES_THAT_ARE_WORDS, first_names
from transcriber.engines.presidio.names.edges import ABBREVIATED
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.spoken.text import SpokenText, spoken_text
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.number_words import DIGITS, TEENS, TENS, cardinal
from transcriber.stages.words import TextWords, word_set

OLDEST = 115
UNITS = word_set("year years yr yrs month months week weeks day days")
NO_AGE = UNITS | word_set(
    "pages times percent miles minutes hours pounds ounces quid of pence per hundred thousand "
    "degrees feet foot out or to for and a half oclock am pm stone kids"
)
"""What follows a number that is a count although a cue for an age stands before it."""
BEFORE_AGE = (
    *(("aged",), ("age",), ("age", "of"), ("ages",), ("turned",), ("turning",), ("turns",)),
    *(("turn",), ("pushing",), ("nearly",), ("almost",), ("age", "was"), ("age", "is")),
    *(("boy", "of"), ("girl", "of"), ("lad", "of"), ("man", "of"), ("woman", "of")),
    *(("child", "of"), ("lady", "of"), ("at", "age"), ("lass", "of"), ("reached",)),
)
WEAK_CUES = frozenset([("nearly",), ("almost",), ("pushing",), ("turn",), ("ages",), ("reached",)])
"""Cues that other counts have too: the number has to end the phrase."""
PRONOUNS = word_set("im hes shes am is was be are were theyre youre being")
SUBJECTS = word_set("i he she they you who im hes shes youre theyre hell shell ill theyll")
KIN = word_set(
    "mum mam mom mother dad father nan nana gran granny grandma grandad grandpa granddad sister "
    "brother son daughter wife husband partner aunt auntie uncle niece nephew cousin boy girl lad "
    "lass baby eldest youngest oldest twin granddaughter grandson stepson stepdaughter fella lady "
    "woman man bloke neighbour friend mate lodger tenant"
)
HEDGES = word_set(
    "only just about nearly almost now like still maybe probably around roughly what erm er um uh"
)
AFTER_AGE = word_set(
    "and now when so but then because at in this next last years or i he she they yeah erm um er "
    "still bless already with on by soon instead when my his her our their your the that these it "
    "its was were had has did im ive id hes shes theyre were you we not just like right well oh no "
    "okay ok love pet me him herself himself myself themselves yourself who which what where if "
    "till until before while since god there here thats"
)
"""Words that may follow a bare age: before anything else `I'm ten` is likely a count."""
DECADES = {f"{word[:-1]}ies": value for word, value in TENS.items()}
POSSESSIVES = word_set("my his her their your our")
PARTS = frozenset(["early", "mid", "middle", "late"])
NUMBER_WORDS = frozenset([*DIGITS, *TEENS, *TENS, "a"])
YOUNGEST_AT = 13
"""`at nine` is a time of day, `at nineteen` an age."""


class AgeRecogniser(WordRecogniser):
    """Finds ages of people in years, months, weeks and days."""

    types = (EntityType.AGE.value,)
    title = "age"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield ages; `aged` and `I'm` stay outside the match, `years old` lies inside."""
        spoken = spoken_text(words)
        yield from _decades(words, spoken.keys)
        reader = _Reader(spoken)
        at, keys = 0, spoken.keys
        while at < len(keys):
            number = None
            if (keys[at] in NUMBER_WORDS or keys[at][0].isdecimal()) and at not in spoken.labels:
                number = cardinal(spoken.ahead(at), 0)
            if number is None:
                at += 1
                continue
            last = at + number.size - 1
            end = _counted_end(words, last)
            if end is not None:
                yield Match(EntityType.AGE.value, at, end, 0.9)
            elif number.value <= OLDEST and reader.is_age(
                at, last := _with_half(words, last), number.value
            ):
                yield Match(EntityType.AGE.value, at, last, 0.75)
                yield from _second_age(words, keys, last)
            at = max(last, end or 0) + 1


def _counted_end(words: TextWords, last: int) -> int | None:
    """Return the last word of `… years old`, `… year olds`, `… months old`."""
    unit = last + 1
    if words.plain(unit) in UNITS and not words.breaks(last) and not words.breaks(unit):
        if words.plain(unit + 1) in ("old", "olds"):
            return unit + 1
        if words.plain(unit + 1) == "of" and words.plain(unit + 2) == "age":
            return unit + 2
    return None


def _with_half(words: TextWords, last: int) -> int:
    """Return the last word of `two and a half`."""
    half = [words.plain(n) for n in range(last + 1, last + 4)] == ["and", "a", "half"]
    joined = all(words.gap(n) == " " for n in range(last, last + 3))
    return last + 3 if half and joined else last


def _second_age(words: TextWords, keys: Sequence[str], last: int) -> Iterator[Match]:
    """`when they were five and seven`."""
    if words.plain(last + 1) == "and" and words.gap(last) == " ":
        other = cardinal(keys, last + 2)
        if other and other.value <= OLDEST and _ends(words, last + 1 + other.size):
            yield Match(EntityType.AGE.value, last + 2, last + 1 + other.size, 0.6)


def _ends(words: TextWords, last: int) -> bool:
    """Whether a phrase ends after a word: a mark, a line feed or the end of the text."""
    gap = words.gap(last)
    if gap[:1] in (".", ",") and not gap[1:2].isspace():
        return False  # a decimal
    return gap.strip(" ")[:1] in tuple(".,;!?\n)") or gap.startswith(" \n")


class _Reader:
    """Tells a bare number that is an age by what stands around it."""

    def __init__(self, spoken: SpokenText) -> None:
        self._words = spoken.words
        self._keys = spoken.keys
        self._spoken = spoken

    def is_age(self, first: int, last: int, value: int) -> bool:
        """Whether words `first` to `last` are somebody's age in years."""
        words = self._words
        if self._answers(first, last):
            return True
        if words.breaks(first - 1) or first == 0 or first - 1 in self._spoken.labels:
            return False
        if "-" in words.gap(last) or ":" in words.gap(last) or words.gap(last)[:1] in "%£/":
            return False
        return (
            self._after_cue(first, last)
            or self._after_verb(first, last, value)
            or self._at_age(first, last, value)
            or self._aside(first, last, value)
        )

    def _answers(self, first: int, last: int) -> bool:
        """Whether the number opens the answer to `how old are you?`."""
        before = first - 1
        while before >= 0 and before in self._spoken.quiet and first - before < 6:
            before -= 1
        crossed = any(self._words.breaks(n) for n in range(max(before, 0), first))
        asked = self._keys[max(before - 6, 0) : before + 1]
        return crossed and (("old" in asked and "how" in asked) or asked[-1:] == ["age"])

    def _after_cue(self, first: int, last: int) -> bool:
        start = first
        while start > 0 and self._keys[start - 1] in HEDGES - {"nearly", "almost"}:
            start -= 1
        before = tuple(self._keys[max(start - 2, 0) : start])
        follows = self._words.plain(last + 1)
        ends = self._closed(last)
        for cue in BEFORE_AGE:
            if before[-len(cue) :] == cue:
                if cue in WEAK_CUES:
                    return ends and self._has_subject(start)
                return ends or follows not in NO_AGE - {"and", "or", "to", "for"}
        return False

    def _has_subject(self, at: int) -> bool:
        near = self._keys[max(at - 4, 0) : at]
        return any(key in PRONOUNS or key in KIN for key in near) and any(
            key in SUBJECTS or key in KIN for key in near
        )

    def _closed(self, last: int) -> bool:
        """Whether nothing that the number counts follows."""
        follows = self._words.plain(last + 1)
        if _ends(self._words, last):
            return True
        if follows in ("and", "or", "at", "with", "on", "by", "in"):
            counted = ("half", "one", "quarter", "bit", "few", "dozen")
            return follows == "in" or self._words.plain(last + 2) not in counted
        return follows in AFTER_AGE and follows not in UNITS

    def _after_verb(self, first: int, last: int, value: int) -> bool:
        """`she's nineteen`, `I was only 16`, `my mum's eighty`."""
        start = first
        while start > 0 and self._keys[start - 1] in HEDGES:
            start -= 1
        before = self._before(start)
        if not before or any(self._words.breaks(n) for n in range(start - 1, first)):
            return False
        verb, subject = before[-1], before[-2] if len(before) > 1 else ""
        kin_is = self._is_somebody(start - 1) and self._words.gap(start - 1)[:1] in "'\u2019"
        said = verb in PRONOUNS and (
            verb in SUBJECTS
            or subject in SUBJECTS
            or before[0] in SUBJECTS | KIN
            or (len(before) > 1 and self._is_somebody(start - 2))
        )
        if not (kin_is or said):
            return False
        if not self._words.cased and value >= YOUNGEST_AT and self._counts_nothing(last):
            return True
        when = "when" in self._keys[max(start - 3, 0) : start]
        if self._keys[first] == "one" and not when:
            return False
        return self._closed(last) or (when and self._words.plain(last + 1) not in NO_AGE)

    def _counts_nothing(self, last: int) -> bool:
        """Whether what follows is no plural and no unit, where no mark could end the phrase."""
        follows = self._words.plain(last + 1)
        return not follows.endswith("s") and follows not in NO_AGE

    def _is_somebody(self, at: int) -> bool:
        """Whether a word is kin or a given name: `Tom's four`, `our Tom is eight`."""
        key, word = self._keys[at], self._words[at]
        named = word.capitalised if self._words.cased else key not in NAMES_THAT_ARE_WORDS
        return key in KIN | {"he", "she"} or (
            named and key not in COMMON_WORDS and (self._words.cased or key in first_names())
        )

    def _before(self, start: int) -> list[str]:
        """Three words before a number at most, all on its line."""
        first = start
        while start - first < 3 and first > 0 and not self._words.breaks(first - 1):
            first -= 1
        return self._keys[first:start]

    def _at_age(self, first: int, last: int, value: int) -> bool:
        """`I had her at nineteen and`: at an hour nobody is nineteen."""
        if self._keys[first - 1] != "at" or not YOUNGEST_AT <= value < 100:
            return False
        told = self._keys[max(first - 6, 0) : first - 1]
        people = any(k in SUBJECTS or k in KIN or k in ("id", "wed", "hed", "shed") for k in told)
        return people and self._closed(last) and self._words.plain(last + 1) not in ("or", "to")

    def _aside(self, first: int, last: int, value: int) -> bool:
        """`an old lady, ninety-one, she says`; `Auntie Jean, eighty, deaf as a post`."""
        if not value >= YOUNGEST_AT or self._words.gap(first - 1).strip() != ",":
            return False
        told = self._keys[max(first - 6, 0) : first]
        closed = self._words.gap(last).strip() in (",", ".")
        return closed and any(k in KIN or k in ABBREVIATED for k in told)


def _decades(words: TextWords, keys: Sequence[str]) -> Iterator[Match]:
    """Yield `in my (early) forties` and `in her 40s`; the number alone is matched."""
    for at, key in enumerate(keys):
        is_decade = key in DECADES or (len(key) == 3 and key[:2].isdecimal() and key[1:] == "0s")
        first = at - 1 if words.plain(at - 1) in PARTS else at
        if is_decade and words.plain(first - 1) in POSSESSIVES:
            yield Match(EntityType.AGE.value, first, at, 0.9)
