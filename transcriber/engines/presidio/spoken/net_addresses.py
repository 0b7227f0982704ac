"""E-mail, web addresses and handles as they are said: `sarah dot whitfield at gmail dot com`."""

import re
from collections.abc import Iterable, Iterator

from presidio_analyzer import RecognizerResult

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.spoken.address_parts import is_sign, odd_ending, spelt_before
from transcriber.engines.presidio.spoken.bare_addresses import bare_addresses
from transcriber.engines.presidio.spoken.net_words import (
    ASIDES,
    CONNECTORS,
    ENDINGS,
    HANDLE_CUES,
    LEADS,
    LED_BY,
    NO_PART,
    PROVIDERS,
    SCHEMES,
    SURE_ENDINGS,
    WRITTEN_CONNECTORS,
    written_form,
)
from transcriber.engines.presidio.spoken.one_word_handles import one_word_handles
from transcriber.engines.presidio.spoken.text import (
    BACK_CHANNELS,
    FILLERS,
    SpokenText,
    spoken_text,
)
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.number_words import REPEATS
from transcriber.stages.words import TextWords

MOST_WORDS = 40
"""Words on either side of the at sign; without a bound a page of dots would take minutes."""
MOST_PLAIN = 3
"""Words that may follow one another without a sign: `little larks feeding at`."""
MOST_SKIPPED = 12
HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z0-9](?:[\w.-]{0,28}[A-Za-z0-9_])(?![\w@])")
_PAUSE = re.compile(r"[.!?;:…](?:\s|$)")


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
        """Yield e-mail addresses, then web addresses and handles in what is left."""
        reader = _Reader(spoken_text(words))
        yield from reader.mails()
        yield from reader.pages()
        yield from reader.handles()
        yield from bare_addresses(words)
        yield from one_word_handles(words)


class _Reader:
    """Reads addresses from one text; every word belongs to one address at most."""

    def __init__(self, spoken: SpokenText) -> None:
        self.words = spoken.words
        self.keys = spoken.keys
        self.labels = spoken.labels
        self.taken = bytearray(len(spoken.keys))

    def mails(self) -> Iterator[Match]:
        """Find the at sign, then the domain after it, then the name before it."""
        for at, key in enumerate(self.keys):
            written = "@" in self.words.gap(at) and at + 1 < len(self.keys)
            if not written and not self._says_at(at, key):
                continue
            end = self._domain_end(at + 1, mail=True)
            if end is None or (key in ("that", "add", "had") and not written and end == at + 1):
                continue
            last = at if written else at - 1
            first, last = self._local_part(last)
            if first is None:
                if not written:
                    yield from self._matches(EntityType.EMAIL, [(at, end)], 0.6)
                continue
            start = last + 1 if last + 1 == at else at + 1 if written else at
            apart = any(self.words.breaks(n) for n in range(last, start))
            pieces = [(first, last), (start, end)] if apart else [(first, end)]
            yield from self._matches(EntityType.EMAIL, pieces, 0.95)

    def pages(self) -> Iterator[Match]:
        """Find `dot` and grow to both sides; an ending or `www` makes it an address."""
        for at, key in enumerate(self.keys):
            if self.taken[at]:
                continue
            if key == "www" or self._www_end(at) is not None:
                start = (self._www_end(at) or at) + 1
                start += start < len(self.keys) and self.keys[start] in CONNECTORS
                end = self._domain_end(start, mail=False, words_between=MOST_PLAIN + 1)
                if end is not None:
                    yield from self._matches(EntityType.URL, [(at, self._path_end(end))], 0.9)
            elif key in CONNECTORS or self._written_dot(at):
                yield from self._page_around(at)

    def handles(self) -> Iterator[Match]:
        """Find words joined by `underscore`, and what follows `at` beside a cue."""
        for at, key in enumerate(self.keys):
            if self.taken[at]:
                continue
            if key == "underscore" and 0 < at < len(self.keys) - 1:
                first, _ = self._local_part(at - 1)
                end = self._chain_end(at + 1)
                if first is not None and not self.words.breaks(at):
                    first -= first > 0 and self.keys[first - 1] == "at"
                    yield from self._matches(EntityType.HANDLE, [(first, end)], 0.8)
            elif key == "at" or key in ("is", "handle", "username", "its", "tok"):
                yield from self._cued_handle(at, key)

    def _matches(
        self, kind: EntityType, pieces: list[tuple[int, int]], score: float
    ) -> Iterator[Match]:
        """Yield the lines of each piece; speakers' labels and what is taken stay outside."""
        said = (self._written(first, last) for first, last in pieces)
        entity = ("@" if kind is EntityType.EMAIL else ".").join(said)
        for first, last in pieces:
            if any(self.taken[first : last + 1]):
                return
            self.taken[first : last + 1] = b"\1" * (last + 1 - first)
            yield Match(kind.value, first, last, score, entity=entity)

    def _written(self, first: int, last: int) -> str:
        """Return a stretch as it is written, with the signs that stand between its words."""
        signs = [
            key + (gap if (gap := self.words.gap(n)) in (*WRITTEN_CONNECTORS, "@") else "")
            if n < last
            else key
            for n, key in enumerate(self.keys[first : last + 1], first)
        ]
        return written_form(signs, self.labels, first)

    def _says_at(self, at: int, key: str) -> bool:
        """`that`, `add` and `had` are `at` misheard; the domain after them has to be evident.

        Before `www` it is the place where something is found, not a sign.
        """
        return (
            self.keys[at + 1 : at + 2] != ["www"]
            and key in ("at", "that", "add")
            and 0 < at < len(self.keys) - 1
        )

    def _domain_end(self, start: int, mail: bool, words_between: int = 4) -> int | None:
        """Return the last word of a domain: labels, dots and an ending, or a known provider."""
        if start >= len(self.keys):
            return None
        end = self._provider_end(start) if mail else None
        begin = start if end is None else end
        at, label, dots = begin, 0, 0
        while at < len(self.keys) and at - start < MOST_WORDS:
            if at > start and self.words.breaks(at - 1) and label:
                break
            key = self.keys[at]
            if key in CONNECTORS or (key in FILLERS and label):
                label, dots = 0 if key in CONNECTORS else label, dots + (key in CONNECTORS)
            elif label >= words_between or self._is_outside(at, begin, dots):
                break
            elif self._is_ending(at, mail) and (dots or self._after_dot(at)):
                at = self._letters_ending(at) or at
                end, label = at, words_between
                if self._after_dot(at + 1):
                    label = 0
            elif self._after_dot(at) or dots or label or at == begin:
                label = 0 if self._after_dot(at + 1) else label + 1
                dots += self._after_dot(at + 1)
            else:
                break
            if label and at > start and _PAUSE.search(self.words.gap(at)):
                break
            at += 1
        return end

    def _is_outside(self, at: int, begin: int, dots: int) -> bool:
        """Whether a word before any dot is one of the sentence."""
        if at <= begin or dots or self.words.plain(at + 1) == "dot":
            return False
        return len(self.keys[at]) > 1 and self.keys[at] in NO_PART

    def _is_ending(self, at: int, mail: bool) -> bool:
        known = self.keys[at] in ENDINGS or self._letters_ending(at) is not None
        return known or (mail and odd_ending(self.words, at))

    def _letters_ending(self, at: int) -> int | None:
        """Return the last word of `u k`, `i e`, `n e t` after a dot."""
        for ending in ("uk", "ie", "com", "net", "org"):
            if self.keys[at : at + len(ending)] == list(ending):
                return at + len(ending) - 1
        return None

    def _after_dot(self, at: int) -> bool:
        """Whether a written dot without a space stands before word `at`."""
        return 0 < at < len(self.keys) and self.words.gap(at - 1) == "."

    def _written_dot(self, at: int) -> bool:
        return self.words.gap(at) == "." and at + 1 < len(self.keys)

    def _provider_end(self, at: int) -> int | None:
        for size in (1, 2, 3):
            if "".join(self.keys[at : at + size]) in PROVIDERS:
                return at + size - 1
        return None

    def _www_end(self, at: int) -> int | None:
        """Return the last word of `www` spelt out or of `h t t p colon slash slash`."""
        for form in SCHEMES:
            if self.keys[at] == form[0] and tuple(self.keys[at : at + len(form)]) == form:
                return at + len(form) - 1
        return None

    def _page_around(self, at: int) -> Iterator[Match]:
        first = at if self._written_dot(at) else at - 1
        if first < 0 or self.keys[first] in NO_PART or self.words.breaks(first):
            return
        first = self._label_start(first)
        end = self._domain_end(max(first, at - 1), mail=False)
        if end is None:
            return
        sure = end > at and self.keys[end] in SURE_ENDINGS
        if not sure and self._letters_ending(end - 1) is None:
            return
        written = all(self.words.gap(n) in WRITTEN_CONNECTORS for n in range(first, end))
        if not written:
            yield from self._matches(EntityType.URL, [(first, self._path_end(end))], 0.85)

    def _label_start(self, at: int) -> int:
        """Return the first word of a label: joined by signs, or two uncommon words before it."""
        first = at
        while first > 1 and at - first < MOST_WORDS:
            before = self.keys[first - 1]
            if self.words.breaks(first - 1) or _PAUSE.search(self.words.gap(first - 1)):
                break
            if before in CONNECTORS and not self.words.breaks(first - 2):
                first -= 2
            elif before in COMMON_WORDS or before in NO_PART or at - first >= MOST_PLAIN - 1:
                break
            else:
                first -= 1
        return self._led_label(first)

    def _led_label(self, first: int) -> int:
        """Return the first word behind `it's at`, `the site is`: ordinary words are part of it."""
        for before in range(first - 1, max(first - 2 - MOST_PLAIN, 0), -1):
            if self.words.breaks(before) or _PAUSE.search(self.words.gap(before)):
                break
            if self.keys[before] in LEADS and self.keys[before - 1] in LED_BY:
                return before + 1
        return first

    def _path_end(self, end: int) -> int:
        """Return the last word of `(forward) slash peer support`."""
        at = end + 1
        while at + 1 < len(self.keys) and at - end < MOST_WORDS:
            at += self.keys[at] in ("forward", "back")
            if at + 1 >= len(self.keys) or self.keys[at] not in ("slash", "stroke"):
                break
            if self.words.breaks(at - 1) or self.words.breaks(at):
                break
            end, at = at + 1, at + 2
        return end

    def _local_part(self, last: int) -> tuple[int | None, int]:
        """Return first and last word of the name before an at sign, passing asides over."""
        last = self._before_asides(last)
        if last < 0 or (self.keys[last] in NO_PART and not is_sign(self.words, last)):
            return None, last
        first, plain = last, 1 - is_sign(self.words, last)
        while first > 0 and last - first < MOST_WORDS and not self.words.breaks(first - 1):
            before, gap = self.keys[first - 1], self.words.gap(first - 1)
            if first - 1 in self.labels:
                break
            if gap in WRITTEN_CONNECTORS:
                first, plain = first - 1, 1
            elif before in CONNECTORS and first > 1 and not self.words.breaks(first - 2):
                first, plain = first - 2, 1 - is_sign(self.words, first - 2)
            elif before == "stop" and first > 2 and self.keys[first - 2] == "full":
                first, plain = first - 3, 1
            elif _PAUSE.search(gap):
                break
            elif is_sign(self.words, first - 1) or before in REPEATS:
                first -= 1
            elif before in NO_PART or plain >= MOST_PLAIN or self._joined(first, last):
                break
            else:
                first, plain = first - 1, plain + 1
        return spelt_before(self.words, first), last

    def _joined(self, first: int, last: int) -> bool:
        """Whether the name has a connector and begins with a word: then a word ends it."""
        has_sign = any(
            self.keys[n] in CONNECTORS or self.words.gap(n) in WRITTEN_CONNECTORS
            for n in range(first, last + 1 if last < len(self.keys) else last)
            if n < last or self.keys[n] in CONNECTORS
        )
        return has_sign and not is_sign(self.words, first)

    def _before_asides(self, last: int) -> int:
        """Step back over hesitations, a listener's turn and `all lower case`."""
        stop = max(last - MOST_SKIPPED, -1)
        crossed = False
        while last > stop:
            key = self.keys[last]
            crossed = crossed or self.words.breaks(last)
            aside = next((a for a in ASIDES if self._ends_with(last, a)), None)
            if aside:
                last -= len(aside)
            elif key in FILLERS or last in self.labels or (crossed and self._listens(last)):
                last -= 1
            else:
                break
        return last

    def _listens(self, last: int) -> bool:
        """Whether the line that a word ends on holds nothing but a listener's words."""
        if self.keys[last] not in BACK_CHANNELS:
            return False
        at = last
        while at >= 0 and (at == last or not self.words.breaks(at)):
            if self.keys[at] not in BACK_CHANNELS and at not in self.labels:
                return False
            at -= 1
        return True

    def _ends_with(self, last: int, phrase: tuple[str, ...]) -> bool:
        return tuple(self.keys[max(last + 1 - len(phrase), 0) : last + 1]) == phrase

    def _chain_end(self, at: int) -> int:
        """Return the last word of names joined by connectors, with a number at its end."""
        while at + 2 < len(self.keys) and self.keys[at + 1] in (*CONNECTORS, "underscore"):
            if self.words.breaks(at) or self.words.breaks(at + 1):
                return at
            at += 2
        while at + 1 < len(self.keys) and not self.words.breaks(at) and is_sign(self.words, at + 1):
            if _PAUSE.search(self.words.gap(at)) or self.keys[at + 1] in ("a", "i"):
                break
            at += 1
        return at

    def _cued_handle(self, at: int, key: str) -> Iterator[Match]:
        nearby = self.keys[max(at - 10, 0) : at + 1]
        cued = any(word in HANDLE_CUES for word in nearby)
        if not cued or (key != "at" and not self._names_handle(at)):
            return
        first = at + 1 + (key != "at" and self.keys[at + 1 : at + 2] == ["at"])
        end = first - 1
        while end + 1 < len(self.keys) and end - first < MOST_PLAIN and not self.words.breaks(end):
            if self.keys[end + 1] in NO_PART or (end >= first and self.words.gap(end).strip(" ._")):
                break
            end += 1
            if end + 2 < len(self.keys) and self.keys[end + 1] in CONNECTORS:
                end = self._chain_end(end)
                break
        plain = [k for k in self.keys[first : end + 1] if k not in COMMON_WORDS]
        if end >= first and plain and not any(self.taken[first : end + 1]):
            start = first - (self.keys[first - 1] == "at")
            yield from self._matches(EntityType.HANDLE, [(start, end)], 0.7)

    def _names_handle(self, at: int) -> bool:
        """Whether `my username is`, `insta handle's` stand right before."""
        return any(word in HANDLE_CUES for word in self.keys[max(at - 3, 0) : at + 1])
