"""Names by sound: what a recogniser writes when it does not know a name.

`Sarah Whitfield` comes back as `sarah would feel`. A window of one to four words is compared with
a name by the letters it is written with (Jaro-Winkler) and by how it sounds (Metaphone keys).
Common words need more evidence, short lone names need the very sound.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jellyfish import jaro_winkler_similarity, levenshtein_distance, metaphone

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import first_names
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords

Form = tuple[str, ...]

FULL_NAME = 0.84
"""Least mean of letters and sound for names of two words and more."""
FULL_NAME_OF_COMMON_WORDS = 0.90
MOST_EDITS = 0.35
"""Share of a full name's sounds that may be wrong: two of seven in `sarah would feel`."""
REST_OF_NAME = 0.75
"""Least mean for the words beside a part of a name that is written right."""
LONE_NAME = 0.90
"""Least mean for a name of one word whose sound differs a little; it must be six letters long."""
LONE_NAME_OF_COMMON_WORDS = 0.95
SAME_SOUND_LETTERS = 0.84
"""Least likeness of letters when the Metaphone keys are equal: `lilly`, but not `lay low`."""
SAME_LONG_SOUND_LETTERS = 0.78
"""The same for names of eight letters and more: `katrina` for Caitríona."""
OTHER_NAME_LETTERS = 0.88
"""The same when the word is a given name itself: `jake` is somebody else than Jack."""
SHORT, LONG = 5, 8
LONGEST_WINDOW = 4
SHORTEST = 3
"""Letters of the shortest name that is sought by sound."""
ANSWERS_KEPT = 200_000
LENGTH_MARGIN = 0.45
"""Windows whose length differs by more than this share of the name are not compared."""


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """Words `first` to `last` sound like `form`."""

    form: Form
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    form: Form
    letters: str
    key: str
    is_person: bool

    @property
    def shortest(self) -> float:
        """Letters of the shortest window that is compared with this name."""
        return len(self.letters) * (1 - LENGTH_MARGIN)

    @property
    def longest(self) -> float:
        """Letters of the longest window that is compared with this name."""
        return len(self.letters) * (1 + LENGTH_MARGIN)

    @property
    def most_words(self) -> int:
        """Words of the longest window: recognisers break a name into a few words more."""
        return len(self.form) + 2


class SoundIndex:
    """The sounds of a roster's names, filed by how they begin."""

    def __init__(self, forms: Mapping[Form, tuple[EntityType, str]]) -> None:
        self._entities = forms
        self._answers: dict[Form, tuple[tuple[Form, float], ...]] = {}
        self._by_onset: dict[str, list[_Name]] = {}
        for form, (kind, _) in forms.items():
            name = _Name(form, "".join(form), _key(form), kind is EntityType.PERSON)
            is_word = len(form) == 1 and form[0] in COMMON_WORDS
            if len(name.letters) >= SHORTEST and name.key and not is_word:
                self._by_onset.setdefault(_onset(form), []).append(name)

    def find(
        self,
        words: TextWords,
        normal: list[str],
        taken: Mapping[int, Form],
        kept: Collection[int],
    ) -> Iterator[SoundMatch]:
        """Yield the best sound-alikes that do not overlap each other.

        `taken` are words that match a name as written: a longer sound-alike may take them in.
        """
        found = sorted(
            self._candidates(words, normal, taken, kept),
            key=lambda match: (-match.score, match.first - match.last, match.first),
        )
        used: set[int] = set()
        for match in found:
            numbers = range(match.first, match.last + 1)
            if used.isdisjoint(numbers):
                used.update(numbers)
                yield match

    def _candidates(
        self,
        words: TextWords,
        normal: list[str],
        taken: Mapping[int, Form],
        kept: Collection[int],
    ) -> Iterator[SoundMatch]:
        for first in range(len(normal)):
            for last in range(first, min(first + LONGEST_WINDOW, len(normal))):
                if (last > first and words.starts_sentence(last)) or last in kept:
                    break
                numbers = range(first, last + 1)
                alike = self._alike(tuple(normal[first : last + 1]))
                if not alike or all(number in taken for number in numbers):
                    continue
                for form, score in alike:
                    if self._may_join(form, numbers, normal, taken):
                        yield SoundMatch(form, first, last, score)

    def _alike(self, window: Form) -> tuple[tuple[Form, float], ...]:
        """Return the names that sound like a window; talk repeats itself, so answers are kept."""
        known = self._answers.get(window)
        if known is None:
            length = sum(map(len, window))
            scored = (
                (name.form, _likeness(window, name))
                for name in self._by_onset.get(_onset(window), ())
                if name.shortest <= length <= name.longest and len(window) <= name.most_words
            )
            known = tuple((form, score) for form, score in scored if score)
            if len(self._answers) < ANSWERS_KEPT:
                self._answers[window] = known
        return known

    def _may_join(
        self, form: Form, numbers: range, normal: list[str], taken: Mapping[int, Form]
    ) -> bool:
        """Let a full name take in a written part of itself when the rest sounds like its rest.

        `sarah with field` may grow from `sarah`; `robert he helped` must not.
        """
        inside = [number for number in numbers if number in taken]
        if not inside:
            return True
        entity = self._entities[form][1]
        parts = {taken[number] for number in inside}
        if any(len(part) > 1 or self._entities[part][1] != entity for part in parts):
            return False
        rest_of_name = tuple(word for word in form if (word,) not in parts)
        rest = tuple(normal[number] for number in numbers if number not in taken)
        if not rest_of_name or len(rest_of_name) == len(form):
            return False
        name = _Name(rest_of_name, "".join(rest_of_name), _key(rest_of_name), is_person=False)
        return _mean("".join(rest), _key(rest), name) >= REST_OF_NAME


def _likeness(window: Form, name: _Name) -> float:
    """Return how alike the two are, 0 when it is not enough."""
    letters = "".join(window)
    return _lone(window, letters, name) if len(name.form) == 1 else _full(window, letters, name)


def _full(window: Form, letters: str, name: _Name) -> float:
    key = _key(window)
    mean = _mean(letters, key, name)
    common = COMMON_WORDS.issuperset(window)
    if mean < (FULL_NAME_OF_COMMON_WORDS if common else FULL_NAME):
        return 0.0
    # Jaro-Winkler favours equal beginnings (`and germany`, Andrew Mackenzie): the whole must fit.
    edits = levenshtein_distance(key, name.key) / max(len(key), len(name.key))
    return mean if edits <= MOST_EDITS else 0.0


def _lone(window: Form, letters: str, name: _Name) -> float:
    """Compare with a name of one word: the part of the roster where false alarms threaten."""
    common = not COMMON_WORDS.isdisjoint(window)
    if common and len(window) == 1:
        return 0.0
    known = len(window) == 1 and name.is_person and letters in first_names()
    likeness, key = jaro_winkler_similarity(letters, name.letters), _key(window)
    least = SAME_LONG_SOUND_LETTERS if len(name.letters) >= LONG else SAME_SOUND_LETTERS
    if known and len(name.letters) < LONG:
        least = OTHER_NAME_LETTERS
    if key == name.key and likeness >= least + 0.07 * common:
        return (likeness + 1) / 2 if len(name.letters) > SHORT or len(window) == 1 else 0.0
    if len(name.letters) <= SHORT or known:
        return 0.0
    mean = _mean(letters, key, name)
    return mean if mean >= (LONE_NAME_OF_COMMON_WORDS if common else LONE_NAME) else 0.0


def _mean(letters: str, key: str, name: _Name) -> float:
    return (
        jaro_winkler_similarity(letters, name.letters) + jaro_winkler_similarity(key, name.key)
    ) / 2


@lru_cache(maxsize=100_000)
def _word_key(word: str) -> str:
    return metaphone(word).replace(" ", "")


def _key(words: Form) -> str:
    """Join the keys of single words: Metaphone drops inside words what it keeps at the start."""
    return "".join(map(_word_key, words))


def _onset(words: Form) -> str:
    """File all vowels together: recognisers mistake them for each other."""
    head = next((key[0] for word in words if (key := _word_key(word))), "")
    return "A" if head and head in "AEIOU" else head
