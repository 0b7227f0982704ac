"""Faith, origin and mother tongue: `she's Presbyterian`, `a Romanian lady`, `I do it in Welsh`.

English as a language and being English or British are what most people here have: they count only
where they are said of somebody.
"""

from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.indirect.belonging_list import (
    DEMONYMS,
    FAITHS,
    LANGUAGES,
    ORIGINS,
)
from transcriber.engines.presidio.indirect.phrases import (
    Phrases,
    joined,
    says_of_somebody,
    words_before,
)
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.words import TextWords, word_set

RELIGION = EntityType.RELIGION.value
NATIONALITY = EntityType.NATIONALITY.value
LANGUAGE = EntityType.LANGUAGE.value

SPEAKING = word_set(
    "speak speaks spoke spoken speaking talk talks talking talked learn learned learnt learning "
    "understand understands translate translated translates write writes read reads say said "
    "teach taught teaches chat chats swear fluent"
)
SPOKEN = word_set("speaking speaker speakers speak language lessons lesson interpreter word words")
THINGS = word_set(
    "toast fries bread food takeaway takeout restaurant chippy tea coffee dressing muffin "
    "muffins door doors window windows wine beer cheese sausage sausages flag oven bank whispers "
    "flu measles roulette doll dolls sauce mustard pastry pastries delight bath baths blinds "
    "kiss stick sticks army government embassy passport history car cars film films music tv soap "
    "football team breakfast grand open summer ocean sea express dream pie "
    "war elm setter wolfhound alsatian shepherd bulldog terrier translation"
)
"""What follows a demonym when it says nothing on a person."""
PEOPLE = word_set(
    "man woman lad girl girls lady ladies guy guys couple family families people mum mums mother "
    "mothers wife husband doctor nurse community gentleman boy boys friend neighbour children"
)
AS_WORDS = word_set("polish")
COMMON_HERE = word_set("english british american americans brits brit british")
NAMES_TOO = word_set("shona roma tamil persia cherokee sioux dane finn kurd")
"""Given names and surnames as well."""


class BelongingRecogniser(WordRecogniser):
    """Finds religion, nationality or origin, and languages that say something on a person."""

    types = (RELIGION, NATIONALITY, LANGUAGE)
    title = "faith, origin or language"

    def __init__(self) -> None:
        self._faiths = Phrases(FAITHS)
        self._origins = Phrases(ORIGINS)
        self._demonyms = Phrases(DEMONYMS)
        self._languages = Phrases(LANGUAGES)
        super().__init__()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield what somebody believes, where from they are, and what they speak."""
        for first, last in self._faiths.find(words):
            yield Match(RELIGION, first, last, 0.7)
        for first, last in self._origins.find(words):
            if words.plain(first) not in NAMES_TOO or not _is_other(words, first, last):
                yield Match(NATIONALITY, first, last, 0.6)
        for first, last in self._languages.find(words):
            if not _is_other(words, first, last) or _is_spoken(words, first, last):
                yield Match(LANGUAGE, first, last, 0.7)
        for first, last in self._demonyms.find(words):
            kind = _kind(words, first, last)
            if kind is not None:
                yield Match(kind, first, last, 0.7)


def _kind(words: TextWords, first: int, last: int) -> str | None:
    """Whether a demonym is a language or an origin here, or neither."""
    spoken = _is_spoken(words, first, last)
    if words.plain(first) in COMMON_HERE:
        return NATIONALITY if not spoken and _is_said(words, first) else None
    if spoken:
        return LANGUAGE
    return None if _is_other(words, first, last) else NATIONALITY


def _is_said(words: TextWords, at: int) -> bool:
    """`She's English`, `the English lad`, `they're the English`; not `English breakfast`."""
    follows = words.plain(at + 1)
    ends = words.gap(at).strip(" ") != "" or at + 1 >= len(words)
    return (says_of_somebody(words, at) and (ends or follows in PEOPLE)) or (
        follows in PEOPLE and joined(words, at, at + 1) and words.plain(at - 1) in ("an", "the")
    )


def _is_spoken(words: TextWords, first: int, last: int) -> bool:
    if words.plain(last + 1) in SPOKEN and joined(words, last, last + 1):
        return True
    before = words_before(words, first, 2)
    if not before or words.plain(last + 1) in THINGS:
        return False
    speaks = before[0] in SPEAKING or (len(before) > 1 and before[1] in SPEAKING)
    # `in Welsh`, but `in Polish houses`: people say the language and stop, or go on with a verb.
    return speaks or (before[0] == "in" and _ends_there(words, last))


def _ends_there(words: TextWords, last: int) -> bool:
    after = words.plain(last + 1)
    return words.gap(last).strip(" ") != "" or after in word_set(
        "and but so because she he i they you we to with at it thats which not yeah or when if"
    )


def _is_other(words: TextWords, first: int, last: int) -> bool:
    """Whether it is a thing (`Danish pastry`), a verb (`polish it`) or part of a name."""
    if words.plain(last + 1) in THINGS and joined(words, last, last + 1):
        return True
    word = words.plain(first)
    if word in NAMES_TOO:
        return not (says_of_somebody(words, first) or _is_person(words, last + 1))
    if words.cased and not words[first].capitalised:
        return True
    if word in AS_WORDS and (not words.cased or words.starts_sentence(first)):
        return not (says_of_somebody(words, first) or _is_person(words, last + 1))
    return False


def _is_person(words: TextWords, at: int) -> bool:
    return words.plain(at) in PEOPLE
