"""Names with what people put behind or before them: `Donie the Bridge`, `Rameshbhai`, `Bé Linh`."""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import places
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords, word_set

PERSON = EntityType.PERSON.value
SCORE, SURE_SCORE = 0.7, 0.995
"""The second is above what the model of names is ever sure of: it takes suffixes for bodies."""
RESPECTFUL = ("bhai", "bhen", "behn", "masi", "kaka", "bhabhi", "bapa", "jibhai", "ben")
"""Brother, sister, aunt, uncle: Gujarati and Hindi names carry them (`Hansaben`)."""
SHORTEST_STEM = 4
SIZED = word_set("chiquita chiquito grande viejo vieja chico chica gordo gorda flaco flaca")
"""Spanish words behind a name that tell two people apart; `mayor` and `menor` are English too."""
VIETNAMESE = frozenset(("Bé", "Bà", "Ông", "Cô", "Chú", "Bác", "Chị", "Dì", "Cậu"))
"""Little one, grandmother, aunt … before a name; their accents keep English words out."""
BODIES = word_set(
    "council government hospital home office trust school church committee board party state "
    "court police queen king prime national royal internet covid"
)
"""Words with a capital behind `the` that are no by-name: `In Harlow the Council said`."""


class BynameRecogniser(WordRecogniser):
    """Finds names by what is put to them to tell their bearers apart or to honour them."""

    types = (PERSON,)
    title = "name with a by-name"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield each name together with its by-name or suffix."""
        for at in range(len(words)):
            if _is_respectful(words, at):
                yield Match(PERSON, at, at, SURE_SCORE)
            elif words[at].text.capitalize() in VIETNAMESE:
                yield from _vietnamese(words, at)
            elif words[at].capitalised and words.cased:
                yield from _told_apart(words, at)


def _told_apart(words: TextWords, at: int) -> Iterator[Match]:
    if not _may_be_name(words, at) or words.gap(at) != " ":
        return
    if words.plain(at + 1) in SIZED:
        yield Match(PERSON, at, at + 1, SCORE)
    elif words.plain(at + 1) == "the" and _closes(words, at + 2):
        yield Match(PERSON, at, at + 2, SCORE)


def _vietnamese(words: TextWords, at: int) -> Iterator[Match]:
    if words.gap(at) != " ":
        return
    follows = words[at + 1]
    if follows.capitalised if words.cased else follows.plain not in ordinary_words():
        yield Match(PERSON, at, at + 1, SCORE)


def _may_be_name(words: TextWords, at: int) -> bool:
    key = words.plain(at)
    return len(key) > 2 and key not in ordinary_words() and (key,) not in places()


def _closes(words: TextWords, at: int) -> bool:
    """Whether a single word with a capital ends the phrase: `the Bridge,`."""
    if words.gap(at - 1) != " " or not words[at].capitalised or words.plain(at) in BODIES:
        return False
    return not words.text[words[at].end : words[at].end + 2].strip("-").startswith(" ")


def _is_respectful(words: TextWords, at: int) -> bool:
    key = words.plain(at)
    ending = next((e for e in RESPECTFUL if key.endswith(e)), None)
    if ending is None or len(key) < len(ending) + SHORTEST_STEM or key in ordinary_words():
        return False
    return words[at].capitalised or not words.cased
