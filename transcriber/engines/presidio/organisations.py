"""Organisations by the word they end in: `Oakfield School`, `University of Ashford`."""

from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import places
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

HEADS = word_set(
    "hospital infirmary school university college surgery council trust church academy nursery "
    "hospice clinic foundation institute society association charity centre center chapel "
    "cathedral mosque synagogue polytechnic ltd limited inc plc museum magazine corporation "
    "company constabulary"
)
KINDS = word_set(
    "primary secondary high grammar infant infants junior middle nursery special community "
    "comprehensive medical health childrens family birth maternity birthing leisure city county "
    "borough district parish town general royal national nhs foundation hospital housing sixth "
    "form baptist methodist catholic preparatory prep training day care sports shopping "
    "university teaching business state technical public research international"
)
"""Words between the name and the head that name nobody by themselves."""
GENERIC = KINDS | word_set(
    "nursing medical drama dance driving art law summer sunday boarding private old local "
    "nearby same whole entire another any every each his her their its independent limited "
    "civil human building insurance phone production record parent holding whats call job cost "
    "garden heart city"
)
INNER = word_set("of and the for saint st our lady")
OF_HEADS = word_set("university college bank institute museum ministry department")
LONGEST_NAME = 5


class OrganisationRecogniser(WordRecogniser):
    """Finds names of organisations; a small window to the left keeps ordinary talk out."""

    types = (EntityType.ORGANISATION.value,)
    title = "kind of organisation"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield names that end in a kind of organisation or begin with `University of`."""
        for at, word in enumerate(words):
            if word.plain in OF_HEADS and words.plain(at + 1) == "of":
                last = _of_end(words, at)
                if last is not None:
                    yield Match(EntityType.ORGANISATION.value, at, last, 0.8)
            if word.plain in HEADS:
                first = _cased_start(words, at) if words.cased else _uncased_start(words, at)
                if first is not None:
                    yield Match(EntityType.ORGANISATION.value, first, at, 0.8)


def _of_end(words: TextWords, at: int) -> int | None:
    """Return the last word of what follows `University of`."""
    start = at + 3 if words.plain(at + 2) == "the" else at + 2
    if start >= len(words) or any(words.breaks(n) for n in range(at, start)):
        return None
    last = start - 1
    while last + 1 < len(words) and last - start < 3 and _names(words, last + 1):
        if last >= start and words.gap(last) != " ":
            break
        last += 1
        if not words.cased and (words.plain(last),) in places():
            break
    return last if last >= start else None


def _names(words: TextWords, number: int) -> bool:
    word = words[number]
    if words.cased:
        return word.capitalised
    return (word.plain,) in places() and word.plain not in COMMON_WORDS


def _cased_start(words: TextWords, head: int) -> int | None:
    """Walk left over capitalised words and `of`, `and`, `the` between them."""
    if not words[head].capitalised:
        return None
    first = head
    while (
        first > 0
        and head - first < LONGEST_NAME
        and words.gap(first - 1) in (" ", "'s ", "\u2019s ", "-")
    ):
        before = words[first - 1]
        inner = before.plain in INNER and words[first - 2].capitalised if first > 1 else False
        if not before.capitalised and not inner:
            break
        first -= 1
        if words.starts_sentence(first) and before.plain in COMMON_WORDS:
            first += 1
            break
    while first < head and words.plain(first) in ("the", "a", "our", "my", "and", "of", "for"):
        first += 1
    named = any(words.plain(n) not in GENERIC for n in range(first, head))
    return first if named else None


def _uncased_start(words: TextWords, head: int) -> int | None:
    """Take the one name before the head, two after `saint`; common words name nobody."""
    first = head
    while first > 0 and words.plain(first - 1) in KINDS and not words.breaks(first - 1):
        first -= 1
    name = first - 1
    if name < 0 or words.breaks(name):
        return None
    if words.plain(name - 1) in ("saint", "st"):
        return name - 1
    unknown = words.plain(name) not in COMMON_WORDS | GENERIC and len(words.plain(name)) > 2
    return name if unknown else None
