"""What the model of names sees of each word: itself, its neighbours, its lists, the document.

Only words of ordinary talk stand for themselves; any other is seen by what lists, frequency,
capitals and letters say of it, so that the model learns where names stand and not which ones.
Words that can hardly be part of a name are not put to the model at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from transcriber.engines.presidio.names.cues import (
    CALENDAR,
    CONTRACTIONS,
    CUES,
    HEADS,
    INITIALS,
    JOINERS,
    SITES,
)
from transcriber.engines.presidio.names.lexicon import WordKnown
from transcriber.stages.words import TextWord, TextWords

SHORTEST_PLURAL = 4
NAMES = frozenset("fFsSr")
"""Flags of given names and surnames."""


class Knowledge(Protocol):
    """What a lexicon answers; in training one that forgets."""

    @property
    def sizes(self) -> Mapping[str, tuple[int, ...]]:
        """Lengths of the names of several words that begin with a word, longest first."""

    def known(self, word: str) -> WordKnown:
        """Return what is known of a plain form."""

    def phrase(self, words: tuple[str, ...]) -> str:
        """Return the kind of a name of several words, empty when it is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one word looks like by itself: its stand-in as a neighbour and its own features."""

    stand_in: str
    kind: str
    own: tuple[str, ...]
    is_candidate: bool
    cue: str


class NameFeatures:
    """Features of the words of one text."""

    def __init__(self, words: TextWords, lexicon: Knowledge) -> None:
        self.words = words
        self._lexicon = lexicon
        self._run_cues: dict[int, str] = {}

    @cached_property
    def cased(self) -> bool:
        """Whether capitals tell names from words here: not in lower case nor in capitals."""
        shouted = sum(word.text.isupper() and len(word.text) > 1 for word in self.words)
        return self.words.cased and shouted * 2 <= len(self.words)

    @cached_property
    def looks(self) -> list[Look]:
        """The look of every word; equal words look equal."""
        memo: dict[str, Look] = {}
        looks = []
        for word in self.words:
            key = word.text if self.cased else word.plain
            look = memo.get(key)
            if look is None:
                look = memo[key] = self._look(word)
            looks.append(look)
        return looks

    def sequences(self) -> Iterator[tuple[int, int]]:
        """Yield first and last number of runs of words that may hold names."""
        at, count = 0, len(self.words)
        while at < count:
            if not self._is_open(at):
                at += 1
                continue
            last = at
            while (following := self._next_candidate(last)) is not None:
                last = following
            yield at, last
            at = last + 1

    def _is_open(self, at: int) -> bool:
        return self.looks[at].is_candidate or (not self.cased and at in self._in_phrase)

    def _next_candidate(self, at: int) -> int | None:
        """Return the next word of the run, over up to two joiners (`of the`)."""
        for number in range(at + 1, min(at + 4, len(self.words))):
            if self.words.breaks(number - 1):
                return None
            if self._is_open(number):
                return number
            if self.words.plain(number) not in JOINERS:
                return None
        return None

    def of_run(self, first: int, last: int) -> list[list[str]]:
        """Return the features of words `first` to `last`."""
        return [self._features(number) for number in range(first, last + 1)]

    def _look(self, word: TextWord) -> Look:
        key, text = word.plain, word.text
        known = self._known(key)
        flags, gazetteers = known.flags, known.flags.replace("v", "")
        shape = _shape(text) if self.cased else ("9" if key.isdigit() else "x")
        cue = CUES.get(key, "")
        coarse = f"{_coarse(gazetteers)}{known.case}"
        stand_in = key if "v" in flags else f"<{coarse}{_ending(key)}>"
        own = [
            f"s={shape}",
            f"g={gazetteers}",
            f"f={known.frequency}",
            f"c={known.case}",
            f"cf={known.case}{known.frequency}",
            f"cg={known.case}{_coarse(gazetteers)}",
            f"sc={shape}{coarse}",
            f"e3={key[-3:]}",
            f"e2={key[-2:]}",
            f"b2={key[:2]}",
            f"n={min(len(key), 9)}",
        ]
        own += [f"g:{flag}" for flag in gazetteers]
        if "v" in flags:
            own += [f"w={key}", f"ws={shape[:2]}{key}"]
        if cue:
            own += [f"q={cue}"]
        if key.startswith(("mc", "mac", "fitz")) or (text[1:2] in "'\u2019" and len(text) > 3):
            own.append("patronym")
        return Look(
            stand_in=stand_in,
            kind=f"{shape[:2]}{cue}{coarse}",
            own=tuple(own),
            is_candidate=self._is_candidate(word, known),
            cue=cue,
        )

    def _known(self, key: str) -> WordKnown:
        """Return what is known of a word; `the Haddads` and `shazs` are known by their names."""
        known = self._lexicon.known(key)
        if known.flags or len(key) < SHORTEST_PLURAL or not key.endswith("s"):
            return known
        single = self._lexicon.known(key[:-1])
        return single if set(single.flags) & NAMES and "v" not in single.flags else known

    def _is_candidate(self, word: TextWord, known: WordKnown) -> bool:
        flags = set(known.flags) - {"v"}
        if word.plain in CALENDAR or not word.plain.isalpha():
            return False
        if self.cased:
            lower_name = flags & set("fat") and known.case in "Cc-d" and "v" not in known.flags
            return any(c.isupper() for c in word.text) or bool(lower_name and len(word.plain) > 2)
        if word.plain in HEADS or word.plain in SITES or word.plain in INITIALS:
            return True
        if len(word.plain) < 2 or word.plain in CONTRACTIONS:
            return False
        if known.frequency in "012":
            return "a" in flags or ("f" in flags and len(word.plain) > 2)
        return bool(flags) or known.case != "l" or known.frequency in "9ab-"

    @cached_property
    def _document(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words seen in lower case, and with a capital inside a sentence."""
        lower, inside = set(), set()
        for number, word in enumerate(self.words):
            if not word.capitalised:
                lower.add(word.plain)
            elif not self.words.starts_sentence(number):
                inside.add(word.plain)
        return frozenset(lower), frozenset(inside)

    @cached_property
    def _in_phrase(self) -> dict[int, str]:
        """Numbers of words inside known names of several words."""
        inside: dict[int, str] = {}
        words = self.words
        for at, word in enumerate(words):
            for size in self._lexicon.sizes.get(word.plain, ()):
                kind = self._lexicon.phrase(words.plains(at, at + size - 1))
                if kind and not any(words.breaks(n) for n in range(at, at + size - 1)):
                    inside |= {n: f"{kind}{'BI'[n > at]}" for n in range(at, at + size)}
                    break
        return inside

    @cached_property
    def _runs(self) -> dict[int, tuple[int, int]]:
        """First and last word of the run of capitals that each capitalised word is in."""
        runs: dict[int, tuple[int, int]] = {}
        for first, last in self.sequences() if self.cased else ():
            start = first
            for number, following in pairwise(range(first, last + 2)):
                parted = following > last or not _joins(self.words.gap(number))
                if parted:
                    runs |= dict.fromkeys(range(start, number + 1), (start, number))
                    start = following
        return runs

    def _features(self, at: int) -> list[str]:
        look = self.looks[at]
        starts = self.words.starts_sentence(at)
        features = [*look.own, *self._around(at, look)]
        features.append(f"p={self._in_phrase.get(at, '')}")
        if starts:
            features += ["start", *(f"start|{own}" for own in look.own[2:7])]
        features += self._case(at, look, starts) if self.cased else ()
        return features

    def _around(self, at: int, look: Look) -> list[str]:
        words = self.words
        l3, l2, l1 = (self._stand_in(at - n) for n in (3, 2, 1))
        r1, r2 = self._stand_in(at + 1), self._stand_in(at + 2)
        k2, k1, j1, j2 = (self._kind(at + n) for n in (-2, -1, 1, 2))
        before, after = _gap(words.gap(at - 1)), _gap(words.gap(at))
        kind = look.kind
        return [
            f"-1={l1}", f"-2={l2}", f"-3={l3}", f"+1={r1}", f"+2={r2}",
            f"-21={l2}|{l1}", f"-321={l3}|{l2}|{l1}", f"+12={r1}|{r2}", f"-+={l1}|{r1}",
            f"k-1={k1}", f"k+1={j1}", f"k-2={k2}", f"k+2={j2}", f"k-+={k1}|{j1}",
            f"kk-={k1}|{kind}", f"kk+={kind}|{j1}", f"kw-={l1}|{kind}", f"kw+={kind}|{r1}",
            f"kkk={k1}|{kind}|{j1}",
            f"<{before}", f">{after}", f"<>{before}{after}", f"<k{before}{k1}", f">k{after}{j1}",
            f"<w{before}{l1}", f">w{after}{r1}", f"<k>{before}{kind}{after}",
            f"q-={self._cue(at - 1)}{self._cue(at - 2)}{self._cue(at - 3)}",
            f"q+={self._cue(at + 1)}{self._cue(at + 2)}{self._cue(at + 3)}",
        ]  # fmt: skip

    def _case(self, at: int, look: Look, starts: bool) -> list[str]:
        lower, inside = self._document
        key = self.words.plain(at)
        document = f"{'l' if key in lower else ''}{'i' if key in inside else ''}"
        features = [f"d={document}", f"d={document}{'s' if starts else ''}{look.kind}"]
        first, last = self._runs.get(at, (at, at))
        head = self._kind(last)
        opens, closes = self._stand_in(first - 1), self._stand_in(last + 1)
        cues = self._cues_of_run(first, last)
        size = min(last - first + 1, 5)
        comma = _gap(self.words.gap(last))
        return [
            *features, f"r={size}", f"r@={at - first}/{size}",
            f"rq={cues}", f"rq@={cues}{at - first}", f"rh={head}", f"rf={self._kind(first)}",
            f"ro={opens}", f"rc={closes}", f"roc={opens}|{closes}", f"ro={opens}|{cues}{size}",
            f"rc,={comma}{closes}", f"rfh={self._kind(first)}|{head}|{size}",
            f"rs={'s' if self.words.starts_sentence(first) else ''}{size}{look.kind}",
        ]  # fmt: skip

    def _cues_of_run(self, first: int, last: int) -> str:
        """Return the cues in a run of capitals; all its words ask for them."""
        if first not in self._run_cues:
            cues = {self._cue(n) for n in range(first, last + 1)}
            self._run_cues[first] = "".join(sorted(cues))
        return self._run_cues[first]

    def _stand_in(self, at: int) -> str:
        return self.looks[at].stand_in if 0 <= at < len(self.words) else "<>"

    def _kind(self, at: int) -> str:
        return self.looks[at].kind if 0 <= at < len(self.words) else "<>"

    def _cue(self, at: int) -> str:
        return self.looks[at].cue if 0 <= at < len(self.words) else ""


def _shape(text: str) -> str:
    if text.isdigit():
        return "9"
    if len(text) == 1:
        return "X1" if text.isupper() else "x"
    if text.isupper():
        return "XX"
    if text[0].isupper():
        return "XxX" if any(c.isupper() for c in text[1:]) else "Xx"
    return "xX" if any(c.isupper() for c in text) else "x"


_COARSE = (
    ("f", "fF"), ("s", "sS"), ("r", "r"), ("p", "atb"), ("c", "c"), ("o", "o"),
    ("d", "d"), ("n", "n"), ("k", "k"),
)  # fmt: skip


def _coarse(flags: str) -> str:
    """Reduce lists to given name, surname, place, organisation, other."""
    return "".join(code for code, members in _COARSE if any(m in flags for m in members))


def _ending(key: str) -> str:
    return next((e for e in ("ing", "ed", "ly", "s", "er", "tion") if key.endswith(e)), "")


def _gap(gap: str) -> str:
    if gap == " ":
        return "_"
    if "\n" in gap:
        return "/"
    # The tagger takes UTF-8 only, which half a character of a surrogate pair is not.
    return gap.strip()[:2].encode("utf-8", "replace").decode() or "_"


def _joins(gap: str) -> bool:
    return gap in (" ", "-", ". ", "'s ", "\u2019s ", " & ", ".", "\u2010", "\u2011", ' "', '" ')
