"""People who are introduced, addressed or given a title: `my name is X`, `Mrs X`, `Auntie X`."""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import first_names, surnames
from transcriber.engines.presidio.names import LONGEST, NOT_NAMES, name_end
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

INTRODUCTIONS = tuple(
    tuple(cue.split())
    for cue in (
        "my name is", "my names", "his name is", "her name is", "name is", "i am called",
        "im called", "she is called", "shes called", "he is called", "hes called", "call me",
        "calls me",
    )
)  # fmt: skip
"""What follows is a name even if no list knows it, unless it is a very common word."""

NAMING_CUES = tuple(
    tuple(cue.split())
    for cue in (
        "name was", "was called", "is called", "were called", "called her", "called him",
        "known as", "named", "whose name",
    )
)  # fmt: skip
"""Things have names too: what follows is a name when it has a capital or is a known one."""

LIKELY_CUES = tuple(
    tuple(cue.split())
    for cue in (
        "i am", "im", "this is", "its", "hi", "hello", "hiya", "thanks", "thank you", "cheers",
        "dear", "our", "little", "big", "old", "and you are",
    )
)  # fmt: skip
"""What follows may be anything: only a capital or a known given name makes it a name."""

TITLES = word_set(
    "mr mrs ms miss mx dr prof professor auntie aunty aunt uncle nana granny grandma grandad "
    "nurse doctor midwife sister brother father reverend rev councillor cllr sir lady lord dame "
    "president senator governor inspector sergeant constable captain"
)
CLEAR_TITLES = word_set("mr mrs ms miss mx dr prof auntie aunty uncle cllr")
"""Titles that even in lower case are followed by a name, as `doctor` or `sister` need not be."""


class IntroductionRecogniser(WordRecogniser):
    """Finds names by the words around them. Titles and cues stay outside the match."""

    types = (EntityType.PERSON.value,)
    title = "introduction or title"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield names after cues and titles, and `X speaking`."""
        yield from self._after(words, INTRODUCTIONS, 0.9)
        yield from self._after(words, NAMING_CUES, 0.8)
        yield from self._after(words, LIKELY_CUES, 0.7)
        for number, word in enumerate(words):
            if word.plain in TITLES and words.gap(number) in (" ", ". "):
                sure = word.plain in CLEAR_TITLES
                if (last := _titled(words, number + 1, sure)) is not None:
                    yield self._match(number + 1, last, 0.85)

    def _after(
        self, words: TextWords, cues: tuple[tuple[str, ...], ...], score: float
    ) -> Iterator[Match]:
        for cue in cues:
            for _, last in words.occurrences(cue):
                first = last + 1
                if words.gap(last).strip(' ,:-"\u2018\u201c') or first >= len(words):
                    continue
                end = _name_after(words, first, cues)
                if end is not None:
                    yield self._match(first, end, score)

    def _match(self, first: int, last: int, score: float) -> Match:
        return Match(EntityType.PERSON.value, first, last, score)


def _name_after(words: TextWords, first: int, cues: tuple[tuple[str, ...], ...]) -> int | None:
    known = name_end(words, first)
    if known is not None and (cues is not LIKELY_CUES or words[first].plain in first_names()):
        return known
    strange = words[first].plain not in COMMON_WORDS | NOT_NAMES
    if cues is not INTRODUCTIONS or words.cased or not strange:
        return None
    # Nobody's list holds every name: in lower case take the word, and a surname if one follows.
    follows = words.plain(first + 1)
    return first + 1 if follows in surnames() - COMMON_WORDS and words.gap(first) == " " else first


def _titled(words: TextWords, first: int, sure: bool) -> int | None:
    if first >= len(words) or words[first].plain in NOT_NAMES or not words[first].text.isalpha():
        return None
    if words[first].capitalised:
        last = first
        while (
            last + 1 < min(first + LONGEST, len(words))
            and words.gap(last) in (" ", "-", ". ")
            and words[last + 1].capitalised
            and words.plain(last + 1) not in COMMON_WORDS
            and (words.gap(last) != ". " or len(words[last].text) == 1)
        ):
            last += 1
        return last if words.cased else first
    key = words[first].plain
    is_known = key in first_names() or key in surnames()
    if words.cased or key in COMMON_WORDS or not (sure or is_known):
        return None
    return first
