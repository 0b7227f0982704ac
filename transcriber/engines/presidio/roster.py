"""The study's own names as a Presidio recogniser: as written, and by sound.

Exact matches have the source `roster`, matches by sound `roster-sound`.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.gazetteers import NAMES_THAT_ARE_WORDS
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.sound import SoundIndex
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, plain, plain_words, word_set

PREFIX = "ROSTER_"
"""Presidio drops a result inside another of the same type; what the roster knows must survive."""

ROSTER_TYPES = (EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION)
SAME_WORD = {"st": "saint", "mt": "mount"}
BEFORE_NAMES = word_set(
    "called named hi hello thanks thank cheers mr mrs ms miss auntie aunty uncle dear im am "
    "with said says asked told"
)
AFTER_NAMES = word_set("said says told asked thinks and")
AFTER_VERBS = word_set("i you we he she it they be not have have been the this that")


class RosterRecogniser(WordRecogniser):
    """Finds the names of one roster. Built once per roster: compiling the sounds takes time."""

    types = tuple(PREFIX + kind for kind in ROSTER_TYPES)
    title = "roster"

    def __init__(self, roster: Roster) -> None:
        self._forms = dict(_forms(roster))
        self._keep = [_words(name) for name in roster.keep]
        self._sounds = SoundIndex(self._forms)
        super().__init__()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield matches as written, then sound-alikes of full names and of what else is left."""
        normal = _normalised(words)
        kept = {
            n for name in self._keep for a, z in _runs(words, normal, name) for n in _span(a, z)
        }
        taken: dict[int, tuple[str, ...]] = {}
        for form in sorted(self._forms, key=len, reverse=True):
            for first, last in _runs(words, normal, form):
                numbers = _span(first, last)
                if kept.issuperset(numbers) or any(n in taken for n in numbers):
                    continue
                if len(form) == 1 and not _is_name_here(words, first):
                    continue
                taken.update(dict.fromkeys(numbers, form))
                yield self._match(form, first, last, 1.0, "roster")
        for found in self._sounds.find(words, normal, taken, kept):
            yield self._match(found.form, found.first, found.last, found.score, "roster-sound")

    def _match(
        self, form: tuple[str, ...], first: int, last: int, score: float, source: str
    ) -> Match:
        kind, entity = self._forms[form]
        return Match(PREFIX + kind, first, last, score, source, entity)


def _forms(roster: Roster) -> Iterator[tuple[tuple[str, ...], tuple[EntityType, str]]]:
    """Yield every way to say a name with its type and entity key; later ones win."""
    people = [(p.name, (p.name, *p.aliases)) for p in roster.participants]
    people += [(name, (name,)) for name in roster.people]
    yield from _parts(people)
    for kind, names in (
        (EntityType.LOCATION, roster.places),
        (EntityType.ORGANISATION, roster.organisations),
    ):
        for name in names:
            form = _words(name)
            if form[:1] == ("the",) and len(form) > 1:
                form = form[1:]
            if form:
                yield form, (kind, " ".join(form))
    for canonical, names in reversed(people):
        for name in names:
            if form := _words(name):
                yield form, (EntityType.PERSON, _key(canonical))


def _parts(
    people: list[tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[tuple[str, ...], tuple[EntityType, str]]]:
    """Yield first and last words of full names; one that two people share means neither."""
    owners: dict[str, set[str]] = {}
    for canonical, names in people:
        for name in names:
            form = _words(name)
            if len(form) > 1:
                for part in (form[0], form[-1]):
                    owners.setdefault(part, set()).add(_key(canonical))
    for part, keys in owners.items():
        if len(part) > 1:
            entity = next(iter(keys)) if len(keys) == 1 else part
            yield (part,), (EntityType.PERSON, entity)


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


def _runs(words: TextWords, normal: list[str], form: tuple[str, ...]) -> list[tuple[int, int]]:
    """Find a name; the last word may carry a plural s (`the Khans`, or `'s` without apostrophe)."""
    head = [form] if len(form) > 1 else []
    wanted = [form, (*form[:-1], form[-1] + "s")]
    found = [run for name in wanted for run in words.occurrences(name)]
    if head and form[0] == "saint":
        found += [r for name in wanted for r in words.occurrences(("st", *name[1:]))]
    return found


def _normalised(words: TextWords) -> list[str]:
    return [SAME_WORD.get(word.plain, word.plain) for word in words]


def _words(name: str) -> tuple[str, ...]:
    return tuple(SAME_WORD.get(word, word) for word in plain_words(name))


def _key(name: str) -> str:
    return " ".join(_words(name)) or plain(name)


def _span(first: int, last: int) -> range:
    return range(first, last + 1)
