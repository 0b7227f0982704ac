"""Ages in digits and words: `thirty four years old`, `I'm 34`, `aged 7`, `in my forties`."""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.number_words import TENS, cardinal
from transcriber.stages.words import TextWords, word_set

OLDEST = 115
UNITS = word_set("year years yr yrs month months week weeks day days")
BEFORE_AGE = (("aged",), ("age",), ("age", "of"), ("turned",), ("turning",), ("turns",))
PRONOUNS = word_set("im hes shes am is was be are were theyre youre")
SUBJECTS = word_set("i he she it they you who im hes shes youre theyre")
AFTER_AGE = word_set(
    "and now when so but then because at in this next last years or i he she they yeah erm um er"
)
"""Words that may follow a bare age: before anything else `I'm ten` is likely a count."""
DECADES = {f"{word[:-1]}ies": value for word, value in TENS.items()}
POSSESSIVES = word_set("my his her their your our the")
PARTS = frozenset(["early", "mid", "middle", "late"])


class AgeRecogniser(WordRecogniser):
    """Finds ages of people in years, months, weeks and days."""

    types = (EntityType.AGE.value,)
    title = "age"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield ages; `aged` and `I'm` stay outside the match, `years old` lies inside."""
        keys = [word.plain for word in words]
        yield from _decades(words, keys)
        at = 0
        while at < len(keys):
            number = cardinal(keys, at)
            if number is None:
                at += 1
                continue
            last = at + number.size - 1
            end = _counted_end(words, keys, last)
            if end is not None:
                yield Match(EntityType.AGE.value, at, end, 0.9)
            elif number.value <= OLDEST and _is_bare_age(words, keys, at, last):
                yield Match(EntityType.AGE.value, at, last, 0.75)
            at = max(last, end or 0) + 1


def _counted_end(words: TextWords, keys: list[str], last: int) -> int | None:
    """Return the last word of `… years old`, `… year olds`, `… months old`."""
    unit = last + 1
    if words.plain(unit) in UNITS and not words.breaks(last) and not words.breaks(unit):
        if words.plain(unit + 1) in ("old", "olds"):
            return unit + 1
        if words.plain(unit + 1) == "of" and words.plain(unit + 2) == "age":
            return unit + 2
    return None


def _is_bare_age(words: TextWords, keys: list[str], first: int, last: int) -> bool:
    if words.breaks(first - 1):
        return False
    follows = words.plain(last + 1)
    gap = words.gap(last)
    ends = (bool(set(gap) & set(".,;!?\n)")) and not gap.startswith((".", ","))) or gap[
        :1
    ] in ".,;!?"
    before = tuple(keys[max(first - 2, 0) : first])
    if any(before[-len(cue) :] == cue for cue in BEFORE_AGE):
        return follows not in UNITS | {"pages", "times", "percent", "miles"}
    if not before or (follows in UNITS and not ends):
        return False
    said = before[-1] in PRONOUNS and (before[-1] in SUBJECTS or before[0] in SUBJECTS)
    when = "when" in keys[max(first - 3, 0) : first]
    is_word_one = keys[first] == "one" and not when
    return said and not is_word_one and (ends or follows in AFTER_AGE or (when and follows != "of"))


def _decades(words: TextWords, keys: list[str]) -> Iterator[Match]:
    """Yield `in my (early) forties` and `in her 40s`; the number alone is matched."""
    for at, key in enumerate(keys):
        is_decade = key in DECADES or (len(key) == 3 and key[:2].isdecimal() and key[1:] == "0s")
        first = at - 1 if words.plain(at - 1) in PARTS else at
        if is_decade and words.plain(first - 1) in POSSESSIVES - {"the"}:
            yield Match(EntityType.AGE.value, first, at, 0.9)
