"""Which place or organisation a name means, by its words: `St Mary's` is `St Mary's Hospital`."""

from collections.abc import Iterable, Mapping

from transcriber.domain.finding import EntityType
from transcriber.stages.words import plain_words, word_set

SAME_WORD = {"st": "saint", "mt": "mount", "centre": "center"}
LEFT_OUT = word_set("the and of")
KINDS = word_set(
    "saint hospital hospice infirmary clinic surgery practice ward unit maternity general royal "
    "school primary secondary academy college university nursery center trust charity church "
    "chapel mosque temple synagogue community children child health service group club company ltd "
    "limited foundation house home library team council project society association station office "
    "north south east west county city"
)
"""Words that many organisations share: a name of these alone is not the beginning of another."""

JOINTS = word_set("upon on under in by le la cum super next city town village")
"""Words with which a place's longer name goes on: Newcastle upon Tyne, but not Leeds Road."""

Words = tuple[str, ...]


def thing_words(kind: EntityType, text: str) -> Words:
    """Return the words by which names of places or of organisations are compared.

    Of an organisation a plural s goes as well: recognisers write `St Marys` for `St Mary's`.
    """
    words = [SAME_WORD.get(word, word) for word in plain_words(text)]
    if kind is EntityType.ORGANISATION:
        words = [_without_s(word) for word in words]
    return tuple(word for word in words if word not in LEFT_OUT) or plain_words(text)


class Things:
    """The names of one type that are known: of this transcript and the roster, and of the study."""

    def __init__(
        self,
        kind: EntityType,
        near: Iterable[Words],
        study: Iterable[Words],
        written: Mapping[str, str],
    ) -> None:
        """`written` are keys by the form that was replaced in this recording earlier."""
        self._kind = kind
        self._written = written
        self._near = _by_first(near)
        self._study = _by_first(study)

    def key_of(self, words: Words) -> str:
        """Return the key of what the name means: of the only longer name, else its own."""
        near = self._longest(words, self._near)
        if near is not None:
            return " ".join(near)
        own = " ".join(words)
        return self._written.get(own) or " ".join(self._longest(words, self._study) or words)

    def key_in_study(self, words: Words) -> str:
        """Return the key that the name has when all recordings are looked at."""
        both = self._near.get(words[0], set()) | self._study.get(words[0], set())
        return " ".join(self._longest(words, {words[0]: both}) or words)

    def _longest(self, words: Words, known: dict[str, set[Words]]) -> Words | None:
        """Return the name to which every longer one leads, None when that is not one."""
        longer = {name for name in known.get(words[0], ()) if self._goes_on(words, name)}
        ends = {name for name in longer if not any(self._goes_on(name, other) for other in longer)}
        return next(iter(ends)) if len(ends) == 1 else None

    def _goes_on(self, short: Words, long: Words) -> bool:
        if len(short) >= len(long):
            return False
        if self._kind is EntityType.LOCATION:
            return long[: len(short)] == short and long[len(short)] in JOINTS
        if KINDS.issuperset(short):
            return False
        rest = iter(long)
        return short[0] == long[0] and all(word in rest for word in short)


def _by_first(names: Iterable[Words]) -> dict[str, set[Words]]:
    found: dict[str, set[Words]] = {}
    for name in names:
        if name:
            found.setdefault(name[0], set()).add(name)
    return found


def _without_s(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
