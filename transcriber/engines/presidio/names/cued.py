"""Names that what stands around them gives away for certain, whatever the words themselves are.

A title and the word behind it, an introduction or a greeting in a text with capitals, a street by
its kind. The model of names learns the same surroundings, but weighs them against how a word looks.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.names.edges import ABBREVIATED
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords, word_set

SCORE = 0.7
SURE_TITLES = word_set("mr mrs ms mx mister missus")
"""Nobody says them but before a name."""
TITLES = SURE_TITLES | word_set(
    "miss dr doctor nurse sister father pastor reverend rev canon imam rabbi pc sergeant sgt prof "
    "professor councillor cllr auntie aunty uncle tia"
)
"""Those that are also words: what follows has to be none."""
UNNAMED = word_set(
    "and or but the a an is was are were has had have said says he she they we you i it that "
    "this who will would can could did does do to of in on at for with from right yes no oh um "
    "er erm uh whatever so thing something somebody someone president chairman speaker minister "
    "ambassador mayor perfect big muscle bean men what"
)
"""Words behind a title that are no name (`yes mister and then`), or an office."""
SPEAKS = (("i", "am"), ("im",), ("name", "is"), ("names",), ("name",))
GREETINGS = word_set("you thanks cheers hello hi hey bye goodbye sorry welcome morning ta")
"""Words before the comma behind which somebody is spoken to (`thank you, `)."""
STREETS = word_set("road street lane avenue crescent terrace grove boulevard drive close")
"""Kinds of street that stand behind a name."""
WAYS = word_set("on off up down along in from near behind at past round over opposite by")
NO_STREET = word_set(
    "the a an my your his her our their this that these those same next other another wrong "
    "right long busy quiet back side main whole any some every each no one two first second "
    "last country dirt open single dual cross across over down up on off in of and to from at "
    "by hard narrow little big old new private bus slip middle opposite which what is was it "
    "end bottom top residential public rough slow fast inside outside nearest only very memory "
    "easy common all"
)
"""Words before `road` or `lane` that name none."""
LONGEST_STREET = 3


class CuedNameRecogniser(WordRecogniser):
    """Finds what a title, an introduction, a greeting or the kind of a street says is a name."""

    types = (EntityType.PERSON.value, EntityType.LOCATION.value)
    title = "name by its surroundings"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield people behind titles, introductions and greetings, and streets."""
        for at in range(len(words)):
            key = words.plain(at)
            if key in TITLES:
                yield from _titled(words, at)
            elif key in STREETS:
                yield from _street(words, at)
            elif words.cased and words[at].capitalised:
                yield from _introduced(words, at)
                yield from _addressed(words, at)


def _titled(words: TextWords, at: int) -> Iterator[Match]:
    """`Mr Quaye`, `mrs b`, `Sister Agatha`, `Mr level` for one misheard."""
    name = at + 1
    gaps = (" ", "  ", ". ") if words.plain(at) in ABBREVIATED else (" ", "  ")
    if name >= len(words) or words.gap(at) not in gaps:
        return
    key, word = words.plain(name), words[name]
    if key in UNNAMED or not word.text[0].isalpha():
        return
    if words.plain(at) in SURE_TITLES:
        named = len(key) > 1 or key not in "ai"
    elif words.cased:
        named = word.capitalised and words[at].capitalised
    else:
        named = len(key) > 2 and key not in ordinary_words()
    if named:
        first = at if words.plain(at) in ABBREVIATED else name
        yield Match(EntityType.PERSON.value, first, name, SCORE)


def _introduced(words: TextWords, at: int) -> Iterator[Match]:
    """`I am Quenby`, `my name's Quenby`: a capital inside a sentence on a word that is none."""
    if words.starts_sentence(at) or words.plain(at) in ordinary_words():
        return
    if len(words[at].text) < 3 or words[at].text.isupper():
        return
    before = (words.plain(at - 2), words.plain(at - 1))
    if any(before[-len(cue) :] == cue for cue in SPEAKS) and words.gap(at - 1) in (" ", "'s "):
        yield Match(EntityType.PERSON.value, at, at, SCORE)


def _addressed(words: TextWords, at: int) -> Iterator[Match]:
    """`Thank you, Quenby, that was lovely`: capitals between a greeting's comma and a stop."""
    if words.plain(at - 1) not in GREETINGS or words.gap(at - 1) != ", ":
        return
    last = at
    while words.gap(last) == " " and words[last + 1].capitalised and last < at + 2:
        last += 1
    named = any(words.plain(n) not in ordinary_words() for n in range(at, last + 1))
    if named and words.gap(last)[:1] in tuple(",.!?\n"):
        yield Match(EntityType.PERSON.value, at, last, SCORE)


def _street(words: TextWords, at: int) -> Iterator[Match]:
    """`Up Larkside Road?`, `on great western street`, `the Balgowan road`."""
    first = at
    while first > max(at - LONGEST_STREET, 0) and _names_street(words, first - 1):
        first -= 1
    if first == at:
        return
    if words.cased:
        named = words[first].capitalised and words[at - 1].capitalised
        inside = words[at].capitalised or words.plain(at - 1) not in ordinary_words()
        if named and inside and not (words.starts_sentence(first) and at - first == 1):
            yield Match(EntityType.LOCATION.value, first, at, SCORE)
        return
    led = words.plain(first - 1) in WAYS
    strange = any(words.plain(n) not in ordinary_words() for n in range(first, at))
    if strange or (led and any(words.plain(n) not in COMMON_WORDS for n in range(first, at))):
        yield Match(EntityType.LOCATION.value, first, at, SCORE)


def _names_street(words: TextWords, number: int) -> bool:
    """Whether a word may be part of the name of the street that the next word ends."""
    key = words.plain(number)
    if key in NO_STREET or key in WAYS or not key.isalpha() or words.gap(number) not in (" ", "-"):
        return False
    if words.cased:
        return words[number].capitalised
    return key not in COMMON_WORDS or key in ("great", "high", "north", "south", "east", "west")
