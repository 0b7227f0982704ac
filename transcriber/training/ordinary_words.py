"""The words of ordinary English: `python -m transcriber.training.ordinary_words FOLDER`.

Writes the two lists that `transcriber.stages.ordinary_words` reads. A word is ordinary when GPT-2's
tokens (inside the openai-whisper wheel) have it in lower case at least as early as with a capital,
or when it is a regular form of such a word; CMUdict (inside the pocketsphinx wheel) must know it,
which drops fragments. Names of people and places are taken out; those that are as often a word
are the second list.
"""

import base64
import re
import sys
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pocketsphinx

from transcriber.engines.presidio.gazetteers import first_names, places, surnames
from transcriber.stages.common_words import COMMON_WORDS

NEVER = 1_000_000
ENDINGS = (
    *("s", "es", "ed", "d", "ing", "ings", "ly", "er", "ers", "est", "ness", "less", "ful", "y"),
    *("ment", "ments", "able"),
)
BRITISH = re.compile("(?:our|ours|oured|ouring|ourful|is(?:e|es|ed|ing|ation)|yse|yses|ysed|tre)$")
"""Endings of spellings that an American dictionary lacks."""
SHORTEST = 2


def ordinary_words() -> list[str]:
    """Return the list in order."""
    pronounced = _pronounced()
    lower, both, capital = _written(pronounced)
    base = lower | {word for word in both if word not in _names()} | COMMON_WORDS
    formed = {
        word
        for word in pronounced - capital - both
        if word not in _names() and any(stem in base for stem in _stems(word))
    }
    clear = lower - first_names()
    return sorted((clear | (base - lower) | formed) - {""})


def words_and_names() -> list[str]:
    """Return what is a name as often as a word, in order."""
    _, both, _ = _written(_pronounced())
    return sorted((both & _names()) - COMMON_WORDS)


def _names() -> frozenset[str]:
    single = {words[0] for words in places() if len(words) == 1}
    return frozenset(first_names() | surnames() | single)


def _written(pronounced: set[str]) -> tuple[set[str], set[str], set[str]]:
    """Return words mostly in lower case, words in both, and words mostly with a capital."""
    ranks: dict[str, list[int]] = {}
    for line in (Path(str(files("whisper"))) / "assets" / "gpt2.tiktoken").read_text().splitlines():
        coded, _, rank = line.partition(" ")
        token = base64.b64decode(coded).decode("utf-8", "ignore")
        if token[:1] == " " and token[1:].isalpha() and len(token) > SHORTEST:
            pair = ranks.setdefault(token[1:].casefold(), [NEVER, NEVER])
            pair[token[1].isupper()] = min(pair[token[1].isupper()], int(rank))
    found: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for word, (small, large) in ranks.items():
        if word in pronounced or BRITISH.search(word):
            found[0 if large > 3 * small else 1 if small <= 2 * large else 2].add(word)
    return found


def _pronounced() -> set[str]:
    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    words = {line.partition(" ")[0] for line in path.read_text("utf-8").splitlines()}
    return {w.replace("'", "") for w in words if re.fullmatch(r"[a-z]{2,}(?:'[a-z]{1,2})?", w)}


def _stems(word: str) -> Iterator[str]:
    """Yield what a regular form may come from: `stopped` from `stop`, `hurried` from `hurry`."""
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) <= SHORTEST:
            continue
        yield stem
        if ending != "s":
            yield f"{stem}e"
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"
        if stem[-1] == stem[-2]:
            yield stem[:-1]


def main() -> None:
    """Write both lists into the folder named on the command line."""
    folder = Path(sys.argv[1])
    for name, words in (("ordinary", ordinary_words()), ("also_names", words_and_names())):
        text = textwrap.fill(" ".join(words), 100) + "\n"
        (folder / f"words_{name}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
