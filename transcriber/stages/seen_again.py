"""Where else words stand in a released text that turned out to identify somebody.

As written, by the parts of a name, and by sound as in `spoken_names`: whoever reports that they saw
something saw one place, and a recogniser may have spelt the others in another way.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from transcriber.domain.finding import EntityType
from transcriber.domain.redacted import RedactedTurn, Token
from transcriber.domain.sighting import SeenPlace, Sought
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.pseudonymise.person_names import FORMAL_TITLES
from transcriber.stages.words import TextWords, plain_words

NAMES = frozenset({EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION})
"""Types that are said by a name, which may be spelt as it sounds."""
SHORTEST_PART = 3
"""Letters of a part of a name that is sought by itself, as in `propagate`."""

Form = tuple[str, ...]


def sought_in(text: str, kind: EntityType) -> tuple[Sought, ...]:
    """Return what to seek for some words: all of them, and each part of a person's name."""
    form = plain_words(text)
    named, person = kind in NAMES, kind is EntityType.PERSON
    parts: tuple[Form, ...] = ()
    if person and len(form) > 1:
        parts = tuple(
            (part,)
            for part in form
            if len(part) >= SHORTEST_PART and part not in FORMAL_TITLES and part not in COMMON_WORDS
        )
    forms = dict.fromkeys(each for each in (form, *parts) if each)
    return tuple(Sought(each, named, person) for each in forms)


def seen_again(turns: Sequence[RedactedTurn], sought: Sequence[Sought]) -> tuple[SeenPlace, ...]:
    """Return the places in the paragraphs of a text, as they are numbered, in order.

    A single common word counts with a capital only, where capitals mean something. Words that a
    replacement brought are none that anybody said.
    """
    said = _Said(turns)
    exact = {
        span: form
        for form in dict.fromkeys(each.form for each in sought)
        for span in said.words.occurrences(form)
        if not said.is_replaced(*span) and _is_meant(said.words, form, span[0])
    }
    sounding = _sounding(said, sought, exact)
    places = [said.place(*span, by_sound=False) for span in _outermost(exact)]
    places += [said.place(*span, by_sound=True) for span in sounding]
    return tuple(sorted(places, key=lambda place: (place.paragraph, place.first_ms)))


def seen_there(turns: Sequence[RedactedTurn], seen: Collection[Token]) -> tuple[SeenPlace, ...]:
    """Return where the very words that somebody saw stand in a text of the same recording.

    They are known by when they were said. So they count whatever they are: a name may be a common
    word that a recogniser wrote small.
    """
    sought = {_said(token) for token in seen}

    def is_there(token: Token) -> bool:
        return not (token.redacted or token.mark) and _said(token) in sought

    return tuple(
        SeenPlace(paragraph, turn.id, run[0].start_ms, run[-1].start_ms, by_sound=False)
        for paragraph, turn in enumerate(turns, start=1)
        for found, group in groupby(turn.tokens, is_there)
        if found and (run := list(group))
    )


def _said(token: Token) -> tuple[int, Form]:
    return token.start_ms, plain_words(token.text)


def _sounding(
    said: "_Said", sought: Sequence[Sought], exact: Mapping[tuple[int, int], Form]
) -> list[tuple[int, int]]:
    from transcriber.stages.spoken_names.alikes import SoundIndex

    names = {each.form: each.is_person for each in sought if each.is_name}
    names = {form: person for form, person in names.items() if not COMMON_WORDS.issuperset(form)}
    if not names:
        return []
    taken = {
        number: form for (first, last), form in exact.items() for number in range(first, last + 1)
    }
    found = SoundIndex(names).find(said.words, taken, said.replaced)
    return [
        (match.first, match.last)
        for match in found
        if not taken.keys() >= set(range(match.first, match.last + 1))
    ]


def _is_meant(words: TextWords, form: Form, first: int) -> bool:
    if len(form) > 1 or form[0] not in COMMON_WORDS or not words.cased:
        return True
    return words[first].capitalised


def _outermost(spans: Mapping[tuple[int, int], Form]) -> Iterator[tuple[int, int]]:
    """Yield spans that lie in no other one: a surname within a whole name is one place with it."""
    for first, last in spans:
        if not any(
            other != (first, last) and other[0] <= first and last <= other[1] for other in spans
        ):
            yield first, last


class _Said:
    """The words of all paragraphs, a paragraph a line, and the tokens that they come from."""

    def __init__(self, turns: Sequence[RedactedTurn]) -> None:
        self._tokens: list[tuple[int, str, Token]] = []
        self._starts: list[int] = []
        lines, at = [], 0
        for paragraph, turn in enumerate(turns, start=1):
            for token in turn.tokens:
                self._starts.append(at)
                self._tokens.append((paragraph, turn.id, token))
                at += len(token.text) + 1
            lines.append(turn.text)
        self.words = TextWords("\n".join(lines))
        self.replaced = frozenset(
            number
            for number, word in enumerate(self.words)
            if (token := self._token(word.start)[2]).redacted or token.mark
        )

    def is_replaced(self, first: int, last: int) -> bool:
        """Whether any of these words was brought by a replacement or a mark."""
        return not self.replaced.isdisjoint(range(first, last + 1))

    def place(self, first: int, last: int, *, by_sound: bool) -> SeenPlace:
        """Return where some words stand."""
        paragraph, turn, begins = self._token(self.words[first].start)
        ends = self._token(self.words[last].start)[2]
        return SeenPlace(paragraph, turn, begins.start_ms, ends.start_ms, by_sound)

    def _token(self, offset: int) -> tuple[int, str, Token]:
        return self._tokens[bisect_right(self._starts, offset) - 1]
