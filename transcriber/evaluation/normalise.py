"""Two ways of writing words alike before they are compared; both sides go through the same."""

import re
import unicodedata
import warnings
from collections.abc import Callable
from functools import cache

Normaliser = Callable[[str], str]

_MARK = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENGLISH = "en"


def without_marks(text: str) -> str:
    """Drop what stands in brackets: `[inaudible 00:12:03]`, `(pause 3 s)`, `<noise>`."""
    return _MARK.sub(" ", text)


def as_written(text: str) -> str:
    """Lower case; letters, digits and the apostrophes inside words; no marks."""
    plain = unicodedata.normalize("NFKC", without_marks(text)).replace("\u2019", "'").lower()
    return " ".join(_WORD.findall(plain))


@cache
def normaliser(language: str) -> Normaliser:
    """Return the normaliser that Whisper's figures are published with (Radford et al. 2022, C).

    The English one also writes numbers as digits, contractions in full and British spelling as
    American, and drops `uh`, `um`, `mm` and `hmm`; for other languages it only drops case, marks
    and punctuation.
    """
    with warnings.catch_warnings():
        # The library leaves a word list to the garbage collector to close.
        warnings.simplefilter("ignore")
        from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

        english = language.partition("-")[0].lower() == _ENGLISH
        normalise = EnglishTextNormalizer() if english else BasicTextNormalizer()
    return lambda text: str(normalise(without_marks(text))).strip()
