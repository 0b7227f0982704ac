"""Lists of phrases, sought all at once: what the recognisers of indirect identifiers share."""

from collections.abc import Iterator, Mapping, Sequence

from transcriber.stages.words import TextWords, plain_words, word_set

JOINTS = frozenset((" ", "-", "'s ", "\u2019s ", "' ", "\u2019 "))
"""What may stand between two words of one phrase: no comma, no end of a sentence or a turn."""

FILLERS = word_set("a an the like just only also now still really actually very quite er erm um uh")
"""Words that may stand between a cue (`he's`) and what is said of somebody."""

RELATIVES = word_set(
    "mum mam mom mother mummy dad da father daddy husband wife partner boyfriend girlfriend fiance "
    "fiancee ex brother sister son daughter uncle aunt auntie aunty cousin nephew niece gran nan "
    "nana granny grandma grandmother grandad grandpa grandfather stepdad stepmum man fella feller "
    "missus lad lass boy girl friend mate neighbour neighbor parents flatmate roommate"
)
OWNERS = word_set("my our his her their your")

Form = tuple[str, ...]


class Phrases:
    """Phrases that may begin at any word; the longest one wins, plurals of the last word count."""

    def __init__(self, *listed: str) -> None:
        self._by_head: dict[str, list[Form]] = {}
        for form in sorted(set(_forms(listed)), key=lambda form: (-len(form), form)):
            self._by_head.setdefault(form[0], []).append(form)

    def last_at(self, words: TextWords, at: int) -> int | None:
        """Return the last word of the phrase that begins at word `at`, else None."""
        for form in self._by_head.get(words.plain(at), ()):
            last = at + len(form) - 1
            if words.plains(at, last) == form and joined(words, at, last):
                return last
        return None

    def find(self, words: TextWords) -> Iterator[tuple[int, int]]:
        """Yield first and last word of every phrase from left to right, without overlap."""
        behind = -1
        for at, word in enumerate(words):
            if at <= behind or word.plain not in self._by_head:
                continue
            last = self.last_at(words, at)
            if last is not None:
                yield at, last
                behind = last


def joined(words: TextWords, first: int, last: int) -> bool:
    """Whether words `first` to `last` follow each other without a comma or a stop."""
    return all(words.gap(number) in JOINTS for number in range(first, last))


def words_before(words: TextWords, at: int, count: int) -> list[str]:
    """Up to `count` plain words before word `at` in its sentence, the nearest first."""
    found: list[str] = []
    number = at - 1
    while number >= 0 and len(found) < count and words.gap(number) in JOINTS:
        found.append(words.plain(number))
        number -= 1
    return found


def before_fillers(words: TextWords, at: int) -> int:
    """Number of the word before `at` when articles and fillers are passed over, -1 for none."""
    number = at - 1
    while number >= 0 and words.gap(number).strip(", -") == "" and words.plain(number) in FILLERS:
        number -= 1
    return number if number >= 0 and words.gap(number).strip(", -'\u2019s") == "" else -1


def says_of_somebody(words: TextWords, at: int) -> bool:
    """Whether what begins at `at` is said of a person: `I'm a …`, `her dad was the …`."""
    number = before_fillers(words, at)
    if number < 0:
        return False
    cue = words.plain(number)
    if cue in SUBJECT_IS:
        return True
    if cue in BE:
        before = words.plain(number - 1)
        return before in SUBJECTS or before in SUBJECT_IS or is_relative(words, number - 1)
    if cue in THIRD_PERSON and words.gap(number) in ("'s ", "\u2019s "):
        return True
    short = words.gap(number) in ("'s ", "\u2019s ") or cue.removesuffix("s") in RELATIVES
    return (short and is_relative(words, number)) or cue in BECOMING


BE = word_set("am is was are were be been being")
SUBJECTS = word_set("i he she they we you who that both")
THIRD_PERSON = word_set("he she who")
"""With `'s` behind them, which is no part of the word."""
SUBJECT_IS = word_set("im hes shes theyre ive id whos hed shed wasnt isnt")
BECOMING = word_set("as become became becoming qualified retired trained")


def is_relative(words: TextWords, at: int) -> bool:
    """Whether word `at` is somebody's relative or friend: `my husband`, `their youngest son`."""
    word = words.plain(at)
    return (word in RELATIVES or word.removesuffix("s") in RELATIVES) and (
        words.plain(at - 1) in OWNERS or words.plain(at - 2) in OWNERS
    )


def _forms(listed: Sequence[str]) -> Iterator[Form]:
    for phrase in ",".join(listed).replace("\n", " ").split(","):
        form = plain_words(phrase)
        if form:
            yield form
            for plural in _plurals(form[-1]):
                yield (*form[:-1], plural)


_IRREGULAR: Mapping[str, str] = {"child": "children", "wife": "wives", "woman": "women"}


def _plurals(word: str) -> Iterator[str]:
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    elif word.endswith("man"):
        yield f"{word[:-3]}men"
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        yield f"{word[:-1]}ies"
    elif word.endswith(("s", "x", "ch", "sh")):
        yield f"{word}es"
    else:
        yield f"{word}s"
