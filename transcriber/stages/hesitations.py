"""What may be left out of talk without taking anything that was said.

Three closed lists for each language, none for a language that is not here:

- hesitation sounds, which no one uses for anything else. "Like", "you know", "oh", "ah", "well" and
  "hm" stay: they can carry doubt, surprise or comparison;
- words that cannot end a clause. Said twice in a row they are a stutter, because the second cannot
  begin anything new. "No no no" and "very very" are emphasis; "had had", "that that" and "it it"
  may be grammar: they stay;
- listening sounds. "Uh-uh" and "mm-mm" say no, and stay.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from transcriber.domain.redacted import Token

STUTTER_MS = 1_000
"""A word said again after a longer break is a new start, not a stutter."""

HESITATIONS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"um", "umm", "ummm", "uhm", "uhmm", "erm", "errm", "ermm", "er", "uh", "uhh"})
}

LISTENING: Mapping[str, frozenset[str]] = {
    "en": HESITATIONS["en"]
    | {"mm", "mmm", "mhm", "mhmm", "mmhm", "mm-hm", "mm-hmm", "uh-huh", "hm", "hmm"}
}

PRONOUNS: Mapping[str, frozenset[str]] = {"en": frozenset({"i", "we", "he", "she", "they"})}

STUTTERED: Mapping[str, frozenset[str]] = {
    "en": PRONOUNS["en"]
    | {"the", "a", "an", "our", "your", "their", "and", "but", "or", "if", "because"}
    | {"i'm", "i've", "i'll", "i'd", "we're", "we've", "we'll", "they're", "they've", "they'll"}
    | {"he's", "he'll", "she's", "she'll", "it's", "it'll", "there's", "that's", "what's"}
}

MAY_END_IN_PRONOUN: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"am", "is", "are", "was", "were", "do", "does", "did", "have", "has", "had", "can"}
        | {"could", "will", "would", "shall", "should", "may", "might", "must", "than"}
    )
}
"""Behind these a pronoun may end the clause after all: "so did we", "taller than I"."""

MEANT_ALONE: Mapping[str, frozenset[str]] = {"en": frozenset({"no", "not", "yes", "yeah"})}
"""Answers are never the broken-off start of the next word: "no- nobody"."""

_WORD = re.compile(r"(?P<word>\w(?:[\w'’-]*\w)?)(?P<tail>[,.…–—-]*)")  # noqa: RUF001
_CUT_OFF = re.compile(r"-,?")
_END = re.compile(r"""(?<!\.)[.?!]["'”’)\]]*$""")  # noqa: RUF001


def smooth(tokens: Sequence[Token], language: str) -> Sequence[Token]:
    """Return a turn without hesitation sounds, stutters and broken-off starts.

    A turn that holds nothing else stays as it is: a whole answer never goes.
    """
    if language not in HESITATIONS:
        return tokens
    sounds = HESITATIONS[language]
    if all(token.mark or is_bare(token, sounds) for token in tokens):
        return tokens
    without = list(_without_hesitations(tokens, sounds))
    return [
        token
        for number, token in enumerate(without)
        if not _is_false_start(without, number, language)
    ]


def is_bare(token: Token, words: frozenset[str]) -> bool:
    """Tell whether a token is one of `words`, with no more than a comma or a stop behind it.

    Capitals throughout are an abbreviation: "ER" is a place.
    """
    word, _ = _parts(token)
    return word.casefold() in words and not (len(word) > 1 and word.isupper())


def ends_sentence(text: str) -> bool:
    """Tell a full stop, question mark or exclamation mark from a comma or trailing dots."""
    return _END.search(text) is not None


def _parts(token: Token) -> tuple[str, str]:
    """Return a token's word and what stands behind it; nothing for what must not be touched."""
    found = None if token.redacted or token.mark else _WORD.fullmatch(token.text)
    return (found["word"].replace("’", "'"), found["tail"]) if found else ("", "")  # noqa: RUF001


def _without_hesitations(tokens: Sequence[Token], sounds: frozenset[str]) -> Iterator[Token]:
    """Leave out sounds, but not one that closes a sentence: its full stop would go with it."""
    at_start = True
    for token in tokens:
        if not is_bare(token, sounds) or (ends_sentence(token.text) and not at_start):
            yield token
        if not token.mark:
            at_start = ends_sentence(token.text)


def _is_false_start(tokens: Sequence[Token], number: int, language: str) -> bool:
    """Tell whether a token is said again, or finished, by the next one."""
    if number + 1 == len(tokens):
        return False
    token, after = tokens[number], tokens[number + 1]
    word, tail = _parts(token)
    following, _ = _parts(after)
    if not word or ends_sentence(token.text) or after.start_ms - token.end_ms > STUTTER_MS:
        return False
    if word.casefold() == following.casefold():
        return _is_stutter(tokens, number, language)
    return (
        _CUT_OFF.fullmatch(tail) is not None
        and following.casefold().startswith(word.casefold())
        and word.casefold() not in MEANT_ALONE[language]
    )


def _is_stutter(tokens: Sequence[Token], number: int, language: str) -> bool:
    """Tell whether a word that is said again could not mean anything twice."""
    word, following = (_parts(token)[0] for token in tokens[number : number + 2])
    before = tokens[number - 1] if number else None
    if word.casefold() not in STUTTERED[language] or number + 2 == len(tokens):
        return False
    # "Vitamin A a day": within a sentence a capital makes it another word.
    if word[0] != following[0] and before is not None and not ends_sentence(before.text):
        return False
    return not (
        word.casefold() in PRONOUNS[language]
        and before is not None
        and _parts(before)[0].casefold() in MAY_END_IN_PRONOUN[language]
    )
