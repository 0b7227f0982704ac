"""E-mail, web addresses and handles as they are said: `sarah dot whitfield at gmail dot com`."""

import re
from collections.abc import Iterable

from presidio_analyzer import RecognizerResult

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.number_words import DIGITS, REPEATS
from transcriber.stages.words import TextWords, word_set

CONNECTORS = frozenset(["dot", "point", "underscore", "dash", "hyphen"])
ENDINGS = word_set("com org net uk ie edu gov co ac nhs info eu io me us")
PROVIDERS = word_set(
    "gmail googlemail hotmail outlook yahoo icloud btinternet live aol protonmail virginmedia"
)
WRITTEN_CONNECTORS = (".", "_", "-")
MOST_WORDS = 24
"""Words on either side of the at sign; without a bound a page of dots would take minutes."""
HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z0-9](?:[\w.]{0,28}[A-Za-z0-9_])(?![\w@])")


class SpokenAddressRecogniser(WordRecogniser):
    """Finds addresses whose signs are spoken, also half-written ones (`sarah@gmail dot com`)."""

    types = (EntityType.EMAIL.value, EntityType.URL.value, EntityType.HANDLE.value)
    title = "spoken address"

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Add written handles, which begin with a sign, to the others."""
        results = super().analyze(text, entities, nlp_artifacts)
        return results + [
            RecognizerResult(EntityType.HANDLE.value, match.start(), match.end(), 0.8)
            for match in HANDLE.finditer(text)
        ]

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield addresses that end in `dot com` and the like, bare providers, spoken handles."""
        at = 0
        while at < len(words):
            end = _domain_end(words, at)
            if end is not None:
                yield _address(words, at, end)
                at = end
            elif words.plain(at) == "at":
                handle = _handle_end(words, at + 1)
                if handle is not None:
                    yield Match(EntityType.HANDLE.value, at, handle, 0.7)
                    at = handle
            at += 1


def _linked(words: TextWords, at: int) -> int | None:
    """Return the word that a spoken or written connector joins to word `at`."""
    if words.gap(at) in WRITTEN_CONNECTORS and at + 1 < len(words):
        return at + 1
    if words.plain(at + 1) in CONNECTORS and at + 2 < len(words) and not words.breaks(at):
        return None if words.breaks(at + 1) else at + 2
    return None


def _domain_end(words: TextWords, at: int) -> int | None:
    """Return the last word of the domain that begins at `at`: labels joined by dots, an ending."""
    last, is_spoken = at, False
    ended = words.plain(at) in PROVIDERS and words.plain(at - 1) == "at"
    end = at if ended else None
    while last - at < MOST_WORDS and (following := _linked(words, last)) is not None:
        is_spoken = is_spoken or following - last > 1
        last = following
        if words.plain(last) in ENDINGS:
            end = last
    spoken_before = words.plain(at - 1) == "at" or "@" in words.gap(at - 1)
    return end if end is not None and (is_spoken or spoken_before) else None


def _address(words: TextWords, at: int, end: int) -> Match:
    at_sign = _is_at(words, at - 1) and words.gap(at - 1) == " "
    if at_sign or "@" in words.gap(at - 1):
        first = _local_start(words, at - 2 if at_sign else at - 1)
        return Match(EntityType.EMAIL.value, first, end, 0.9)
    return Match(EntityType.URL.value, at, end, 0.8)


def _is_at(words: TextWords, number: int) -> bool:
    """Tell whether a word says the at sign; after a name `that` and `add` are `at` misheard."""
    word = words.plain(number)
    return word == "at" or (
        word in ("that", "add") and words.plain(number - 1) not in COMMON_WORDS | {""}
    )


def _local_start(words: TextWords, at: int) -> int:
    """Return the first word of what stands before the at sign; digits and letters belong to it."""
    if at < 0 or words.breaks(at):
        return at + 1
    first = at
    while first > 0 and at - first < MOST_WORDS and not words.breaks(first - 1):
        before = words.plain(first - 1)
        numbered = _is_digit(words.plain(first)) and before not in COMMON_WORDS
        if words.gap(first - 1) in WRITTEN_CONNECTORS or numbered:
            first -= 1
        elif before in CONNECTORS and first > 1:
            first -= 2
        elif _is_sign(before) or before in REPEATS:
            first -= 1
        else:
            break
    return first


def _is_sign(word: str) -> bool:
    """A digit or a letter that is said by itself."""
    return _is_digit(word) or (len(word) == 1 and word not in "ai")


def _is_digit(word: str) -> bool:
    return word.isdecimal() or word in DIGITS


def _handle_end(words: TextWords, at: int) -> int | None:
    """Return the last word of a handle: words joined by `underscore`."""
    last, joined = at, False
    while words.plain(last + 1) == "underscore" and last + 2 < len(words):
        last, joined = last + 2, True
    plausible = joined and words.plain(at) not in COMMON_WORDS | {""}
    return last if plausible and not words.breaks(at - 1) else None
