"""Stretches of talk that sound like a name: what recognisers write for names they do not know.

`Greenwood` comes back as `grin would`, `McGlinchey` as `mike lynch you`. Every stretch of a few
words is compared by how it is said (`pronunciation`), not by how it is written. Names are filed by
their consonants, with some left out, so the work hardly grows with their number. What depends on
the talk alone is worked out for all of it at once, as arrays; compiled code (`kernels`) does the
comparing, and what it finds is judged here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.distance import COSTS, skeleton, weight
from transcriber.stages.spoken_names.filing import file_names
from transcriber.stages.spoken_names.kernels import FLOOR, MORE_WORDS, PRICE, search
from transcriber.stages.spoken_names.misread import said
from transcriber.stages.spoken_names.numbered import Flags, Numbers, Reals
from transcriber.stages.spoken_names.pronunciation import is_in_dictionary
from transcriber.stages.spoken_names.talk import PERSON_CUES, PLACE_CUES, Talk, talk_of
from transcriber.stages.words import TextWords

Form = tuple[str, ...]
Sounds = tuple[str, ...]

LEAST_EVIDENCE = 1.7
"""For a stretch that is no ordinary talk: `i vee` for Ivy has 1.85. Names with less are too short
to be told from other words."""
LEAST_EVIDENCE_IN_DRAFT = 0.95
"""The same in a text without capitals, for names that are not written anywhere in it: a recogniser
that does not know a name never writes it."""
ORDINARY = 8.0
"""Mean surprise in nats of ordinary talk; less of it needs more evidence."""
LONG = 2.6
"""Weight of a name that one other word is seldom like: `sore` is no Sarah."""
PER_NAT = 0.22
PER_NAT_OF_COMMON = 0.38
"""Common words in a common order are what they say: `and i` is no Andy."""
BEYOND_ANY = 1_000.0
"""Evidence that no name has: asked of a common word by itself, which is that word."""
COMMON = 0.5
"""More evidence that common words alone need: `would feel` is no Whitfield."""
LEAST_WEIGHT = 1.3
BESIDE = 1.6
"""Evidence that the other part of the same name gives: `sarah would feel`."""
CUE = 0.5
CAPITAL, NO_CAPITAL = 0.5, 0.3
"""In a text with capitals a name would have one, and an ordinary word none."""
PER_WORD = 0.15
"""What a longer stretch may be worse by and still be taken: a word too many leaks no name."""

OTHER_NAME_DISTANCE = 0.25
"""`jake` is somebody else than Jack: another name must sound the same."""

MOST_WAYS_OF_NAME = 8
WORDS_AT_ONCE = 8_192
"""Words whose limits are in memory together: a text may have millions."""


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """Words `first` to `last` sound like `form`; `evidence` says how much of it was heard."""

    form: Form
    first: int
    last: int
    score: float
    evidence: float


class SoundIndex:
    """The sounds of a set of names; `forms` says of each whether it is a person's.

    `others` are given names that may belong to somebody else; `caution` is more evidence that is
    asked for where the names themselves are not certain. Built once: finding out how names
    are said takes time.
    """

    def __init__(
        self, forms: Mapping[Form, bool], others: Collection[str] = (), caution: float = 0.0
    ) -> None:
        self._forms = forms
        self._others = others
        self._caution = caution
        self._ways = [
            (form, sounds)
            for form in forms
            for sounds in _ways(form)
            if weight(sounds) >= LEAST_WEIGHT and skeleton(sounds)
        ]
        self._most_words = MORE_WORDS + max((min(len(form), 3) for form in forms), default=1)
        numbers = {form: number for number, form in enumerate(forms)}
        self._names = file_names(
            [sounds for _, sounds in self._ways],
            [numbers[form] for form, _ in self._ways],
            [len(form) for form, _ in self._ways],
        )

    def find(
        self, words: TextWords, taken: Mapping[int, Form], kept: Collection[int]
    ) -> Iterator[SoundMatch]:
        """Yield the best sound-alikes that overlap neither each other nor `kept`.

        `taken` are words that match a name as written. They are no sound-alikes, but the other
        part of that name is expected beside them, and then both are one match.
        """
        if not self._ways:
            return
        found = sorted(
            self._all(_Scene(talk_of(words), taken, kept)),
            key=lambda m: (-m.evidence - PER_WORD * (m.last - m.first), m.first),
        )
        used: set[int] = set()
        for match in found:
            numbers = range(match.first, match.last + 1)
            if used.isdisjoint(numbers):
                used.update(numbers)
                yield match

    def _all(self, scene: "_Scene") -> Iterator[SoundMatch]:
        talk = scene.talk
        for start in range(0, len(talk.words), WORDS_AT_ONCE):
            end = min(start + WORDS_AT_ONCE, len(talk.words))
            limits = self._limits(scene, np.arange(start, end))
            numbers = talk.numbers[start : start + WORDS_AT_ONCE + self._most_words]
            for first, last, way, far in search(limits, numbers, talk.lexicon, self._names, COSTS):
                match = self._judged(scene, self._heard(way, far), start + first, start + last)
                if match:
                    yield match

    def _heard(self, way: int, far: float) -> "_Heard":
        form, heavy = self._ways[way][0], float(self._names.weights[way])
        return _Heard(form, self._forms[form], heavy - PRICE * far, 1 - far / heavy, far)

    def _limits(self, scene: "_Scene", first: Numbers) -> Reals:
        """Return what evidence any name needs at least in stretches that begin at some words.

        There is a column for one word, for two and so on. Most talk needs more than any name has.
        Where no name can be it is infinite.
        """
        talk, end = scene.talk, len(scene.talk.words) - 1
        limits = np.full((len(first), self._most_words), np.inf)
        possible = np.ones(len(first), dtype=np.bool_)
        common = possible.copy()
        total = np.zeros(len(first))
        for size in range(self._most_words):
            last, behind = np.minimum(first + size, end), np.minimum(first + size + 1, end)
            possible &= (first + size <= end) & ~scene.closed[last] & ~talk.titles[last]
            if size:
                possible &= ~talk.opens[last]
                if talk.words.cased:
                    possible &= ~(talk.capitals[first] & talk.goes_on[last])
            common &= talk.common[last]
            total += talk.surprise[last]
            # The word behind counts too: behind a wrong word the right one surprises.
            surprise = np.where(
                last < end, (total + talk.surprise[behind]) / (size + 2), total / (size + 1)
            )
            beside = scene.named[first] | scene.named[last + 2]
            least = self._least(scene, first, surprise, common)
            if size == 0:
                least[common] = BEYOND_ANY
            needed = np.where(beside, FLOOR - BESIDE, least)
            limits[possible, size] = needed[possible]
        return limits

    def _judged(self, scene: "_Scene", heard: "_Heard", first: int, last: int) -> SoundMatch | None:
        evidence, form = heard.evidence, heard.form
        begins, ends = first, last
        before, after = scene.taken.get(first - 1), scene.taken.get(last + 1)
        if before is not None and (*before, *form) in self._forms:
            evidence, begins, form = evidence + BESIDE, first - len(before), (*before, *form)
        elif after is not None and (*form, *after) in self._forms:
            evidence, ends, form = evidence + BESIDE, last + len(after), (*form, *after)
        elif first == last and self._is_itself(scene.words[first].plain, heard):
            return None
        if evidence < self._needed(scene, heard, first, last):
            return None
        return SoundMatch(form, begins, ends, round(heard.likeness, 3), evidence)

    def _is_itself(self, word: str, heard: "_Heard") -> bool:
        """Whether a word stands for itself: a common one, or the name of somebody else."""
        if word in COMMON_WORDS:
            return True
        return word in self._others and heard.far > OTHER_NAME_DISTANCE

    def _least(self, scene: "_Scene", first: Numbers, surprise: Reals, common: Flags) -> Reals:
        """Return the least that `_needed` asks of any name here."""
        talk = scene.talk
        needed = LEAST_EVIDENCE if talk.words.cased else LEAST_EVIDENCE_IN_DRAFT
        least = needed + _unsurprising(surprise, common) - np.where(talk.cued[first], CUE, 0.0)
        if talk.words.cased:
            capital = talk.capitals[first] & ~talk.opens[first]
            least += np.where(capital, -CAPITAL, NO_CAPITAL)
        return np.maximum(least, FLOOR) + self._caution

    def _needed(self, scene: "_Scene", heard: "_Heard", first: int, last: int) -> float:
        words = scene.words
        long = first < last or heard.evidence + PRICE * heard.far >= LONG
        draft = long and not words.cased and not scene.talk.written.issuperset(heard.form)
        common = COMMON_WORDS.issuperset(words.plains(first, last))
        needed = LEAST_EVIDENCE_IN_DRAFT if draft else LEAST_EVIDENCE
        surprise = scene.talk.surprise[first : last + 2].tolist()
        needed += float(_unsurprising(sum(surprise) / len(surprise), common))
        if words.plain(first - 1) in (PERSON_CUES if heard.is_person else PLACE_CUES):
            needed -= CUE
        if words.cased:
            capital = words[first].capitalised and not words.starts_sentence(first)
            needed += -CAPITAL if capital else NO_CAPITAL
        return max(needed, FLOOR) + self._caution


def _unsurprising(surprise: Reals | float, common: Flags | bool) -> Reals:
    """Return what more is needed where the words are what anybody may say."""
    slope = np.where(common, PER_NAT_OF_COMMON, PER_NAT)
    return np.where(common, COMMON, 0.0) + slope * (ORDINARY - surprise)


@dataclass(frozen=True, slots=True)
class _Heard:
    """How much of a name was heard in a stretch."""

    form: Form
    is_person: bool
    evidence: float
    likeness: float
    far: float


class _Scene:
    """One text and what is taken in it."""

    def __init__(self, talk: Talk, taken: Mapping[int, Form], kept: Collection[int]) -> None:
        self.talk = talk
        self.words = talk.words
        self.taken = taken
        self.closed = np.zeros(len(talk.words), dtype=np.bool_)
        self.closed[[*taken, *kept]] = True
        self.named = np.zeros(len(talk.words) + 2, dtype=np.bool_)
        """Whether word `n - 1` is taken: there is none before the first and behind the last."""
        self.named[[number + 1 for number in taken]] = True


def _ways(form: Form) -> list[Sounds]:
    """Return ways to say the words of a name one after another."""
    each = [said(word)[: 1 if len(form) > 2 and is_in_dictionary(word) else 3] for word in form]
    if not all(each):
        return []
    joined = (tuple(sound for way in ways for sound in way) for ways in product(*each))
    return list(islice(joined, MOST_WAYS_OF_NAME))
