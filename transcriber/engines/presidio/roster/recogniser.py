"""The study's own names as a Presidio recogniser: as written, by nickname, spelling and sound.

The source of a match says why it was made: `roster`, `roster-nickname`, `roster-spelling` or
`roster-sound`.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.gazetteers import NAMES_THAT_ARE_WORDS
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.roster.sound import sounds_of
from transcriber.engines.presidio.roster.spelling import SpellingIndex
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.forms import NICKNAME, Form, form_of, forms_of
from transcriber.stages.words import TextWords, word_set

PREFIX = "ROSTER_"
"""Presidio drops a result inside another of the same type; what the roster knows must survive."""

ROSTER_TYPES = (EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION)
BEFORE_NAMES = word_set(
    "called named hi hello thanks thank cheers mr mrs ms miss auntie aunty uncle dear im am "
    "with said says asked told"
)
AFTER_NAMES = word_set("said says told asked thinks and")
AFTER_VERBS = word_set("i you we he she it they be not have been the this that")
NICKNAME_SCORE = 0.995


class RosterRecogniser(WordRecogniser):
    """Finds the names of one roster. Built once per roster: finding their sounds takes time."""

    types = tuple(PREFIX + kind for kind in ROSTER_TYPES)
    title = "roster"

    def __init__(self, roster: Roster) -> None:
        self._forms = forms_of(roster)
        self._keep = [form_of(name) for name in roster.keep]
        self._spellings = SpellingIndex(self._forms)
        self._sounds = sounds_of(self._forms)
        super().__init__()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield matches as written, then by spelling, then by sound in what is left."""
        kept = {n for name in self._keep for a, z in _runs(words, name) for n in _span(a, z)}
        taken: dict[int, Form] = {}
        yield from self._written(words, taken, kept)
        for form, number, score in self._spellings.find(words, taken.keys() | kept):
            taken[number] = form
            yield self._match(form, number, number, score, "roster-spelling")
        for form, first, last, score in self._spellings.spelt_out(words, taken.keys() | kept):
            taken.update(dict.fromkeys(_span(first, last), form))
            yield self._match(form, first, last, score, "roster-spelling")
        for found in self._sounds.find(words, taken, kept):
            yield self._match(found.form, found.first, found.last, found.score, "roster-sound")

    def _written(self, words: TextWords, taken: dict[int, Form], kept: set[int]) -> Iterator[Match]:
        for form in sorted(self._forms, key=len, reverse=True):
            for first, last in _runs(words, form):
                numbers = _span(first, last)
                if kept.issuperset(numbers) or any(n in taken for n in numbers):
                    continue
                if len(form) == 1 and not _is_name_here(words, first):
                    continue
                taken.update(dict.fromkeys(numbers, form))
                source = self._forms[form].source
                score = NICKNAME_SCORE if source == NICKNAME else 1.0
                yield self._match(form, first, last, score, source)

    def _match(self, form: Form, first: int, last: int, score: float, source: str) -> Match:
        meaning = self._forms[form]
        return Match(PREFIX + meaning.kind, first, last, score, source, meaning.entity)


def _is_name_here(words: TextWords, number: int) -> bool:
    """Tell `May` the person from `it may rain`: a word needs a capital or a cue to be a name."""
    word = words[number]
    if word.plain not in COMMON_WORDS and word.plain not in NAMES_THAT_ARE_WORDS:
        return True
    before, after = words.plain(number - 1), words.plain(number + 1)
    if word.capitalised and words.cased:
        return not words.starts_sentence(number) or after not in AFTER_VERBS
    if word.plain not in COMMON_WORDS:
        return True
    return before in BEFORE_NAMES or (after in AFTER_NAMES and before in ("", "and", "yeah"))


def _runs(words: TextWords, form: Form) -> list[tuple[int, int]]:
    """Find a name; the last word may carry a plural s (`the Khans`, or `'s` without apostrophe)."""
    found = [run for name in _inflected(form) for run in words.occurrences(name)]
    if len(form) > 1 and form[0] == "saint":
        found += [r for name in _inflected(form) for r in words.occurrences(("st", *name[1:]))]
    return found


def _inflected(form: Form) -> list[Form]:
    """The Khans, the Joneses, the Murphies."""
    head, last = form[:-1], form[-1]
    ends = [last, f"{last}s"]
    if last[-1:] in {"s", "x", "z"} or last.endswith(("ch", "sh")):
        ends.append(f"{last}es")
    if last.endswith("y") and len(last) > 3:
        ends.append(f"{last[:-1]}ies")
    return [(*head, end) for end in ends]


def _span(first: int, last: int) -> range:
    return range(first, last + 1)
