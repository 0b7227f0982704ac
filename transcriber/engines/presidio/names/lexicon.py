"""What the model of names knows of words: one packed file, read once."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class WordKnown(NamedTuple):
    """What is known of one word (plain form).

    flags: f, s a given name or surname of Britain, Ireland or America; F, S of elsewhere; r a
    surname of some Americans, and hardly a word; a a country or region; t a town of Britain or
    Ireland; c a city; b a big city; o an organisation; d a day, month or holiday; n a people,
    language or religion; k another proper name; v a word of ordinary talk that stands for itself.
    frequency: a hex digit that grows as words get rarer, `-` when unknown. case: how it is
    written: l, L lower case, m both, C, c with a capital, d in a dictionary, - unknown.
    """

    flags: str
    frequency: str
    case: str


UNKNOWN = WordKnown("", "-", "-")
OF_OTHERS = frozenset("aodnkv")
"""What the lexicon says of countries, organisations, days, peoples, things and words of talk."""
VERY_RARE = frozenset("abcdef-")


@dataclass(frozen=True)
class NameLexicon:
    """Words by plain form, and names of several words with their kind (L, O, M)."""

    words: Mapping[str, WordKnown]
    phrases: Mapping[tuple[str, ...], str]

    def known(self, word: str) -> WordKnown:
        """Return what is known of a plain form."""
        return self.words.get(word, UNKNOWN)

    def phrase(self, words: tuple[str, ...]) -> str:
        """Return the kind of a name of several words, empty when it is none."""
        return self.phrases.get(words, "")

    @cached_property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names of several words that begin with a word, longest first."""
        sizes: dict[str, set[int]] = {}
        for words in self.phrases:
            sizes.setdefault(words[0], set()).add(len(words))
        return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in sizes.items()}

    def packed(self) -> bytes:
        """Return the file's bytes; the same ones for the same content."""
        lines = [f"{w}\t{k.flags}\t{k.frequency}{k.case}" for w, k in sorted(self.words.items())]
        lines.append("")
        lines += [f"{' '.join(words)}\t{kind}" for words, kind in sorted(self.phrases.items())]
        return gzip.compress("\n".join(lines).encode(), mtime=0)


def read_lexicon(path: Path) -> NameLexicon:
    """Read what `NameLexicon.packed` wrote."""
    singles, _, phrases = gzip.decompress(path.read_bytes()).decode().partition("\n\n")
    kinds: dict[tuple[str, str], WordKnown] = {}
    words = {}
    for line in singles.split("\n"):
        word, flags, rest = line.split("\t")
        known = kinds.get((flags, rest))
        if known is None:
            known = kinds[flags, rest] = WordKnown(flags, rest[0], rest[1])
        words[word] = known
    pairs = (line.split("\t") for line in phrases.split("\n"))
    return NameLexicon(words, {tuple(phrase.split(" ")): kind for phrase, kind in pairs})
