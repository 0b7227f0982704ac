"""Names, places and organisations by the model that `python -m transcriber.training` makes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import NAMES_THAT_ARE_WORDS
from transcriber.engines.presidio.names.cues import (
    CALENDAR,
    CONTRACTIONS,
    EXCLAMATIONS,
    HEADS,
    KIN,
    KINDS_OF_PLACES,
    NO_NAMES,
    SITES,
)
from transcriber.engines.presidio.names.edges import person_begins, untitled, with_hyphens
from transcriber.engines.presidio.names.features import NameFeatures
from transcriber.engines.presidio.names.joined import joined_by_and, joined_by_particles
from transcriber.engines.presidio.names.lexicon import (
    OF_OTHERS,
    VERY_RARE,
    NameLexicon,
    read_lexicon,
)
from transcriber.engines.presidio.names.strange import strange_words
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.ordinary_words import also_words
from transcriber.stages.words import TextWord, TextWords, word_set

LEXICON_FILE, CASED_FILE, UNCASED_FILE = "words.gz", "cased.crfsuite", "uncased.crfsuite"
KINDS = {
    "P": EntityType.PERSON.value,
    "L": EntityType.LOCATION.value,
    "O": EntityType.ORGANISATION.value,
}
CASED_THRESHOLDS: Mapping[str, float] = {"P": 0.06, "L": 0.3, "O": 0.6}
UNCASED_THRESHOLDS: Mapping[str, float] = {"P": 0.12, "L": 0.2, "O": 0.75}
"""Probability from which a word is found: low, because a doubtful name is for the reviewer."""
CASED_MARGINS: Mapping[str, float] = {"P": 0.1, "L": 1.0, "O": 2.0}
UNCASED_MARGINS: Mapping[str, float] = {"P": 0.35, "L": 1.0, "O": 2.2}
"""How many times as likely as the name of a work, event or product a name has to be."""
LEAST_SCORE = 0.36
"""Just above the detector's own threshold, so that what is found here is not dropped there."""
COMPANY = 0.7
"""Weight of the other mentions of a word in the document beside the one at hand."""
THING_COMPANY = 0.5
"""The same for how likely it is the name of a thing."""
GENERIC = (HEADS | SITES | KINDS_OF_PLACES | COMMON_WORDS) - NAMES_THAT_ARE_WORDS - {"us"}
"""Words that in lower case name nothing by themselves."""
ARTICLES = word_set("the a an this that some any no")
"""Before a name that is a word, in lower case, they tell the word (`the bill`)."""
LONGEST_ABBREVIATION = 4
_ENDS = re.compile(r"[\n;:?!()\[\]]")
PLACE_FLAGS = frozenset("atcb")
NAME_FLAGS = PLACE_FLAGS | {"f"}
WORDS_FIRST = NAMES_THAT_ARE_WORDS | {"winter"}
LEAST_OF_WORDS = 0.3
"""Probability from which a name that is a word is a name where no capital tells."""
WORKS = word_set(
    "act amendment award awards bill carnival championship championships code cup fest festival "
    "games licence license marathon month olympics paralympics prize treaty trophy war week"
)
"""Last words of names of events, laws and prizes."""
STORMS = word_set("cyclone hurricane typhoon tornado storm operation")
"""First words of names that look like people's."""


@dataclass(frozen=True, slots=True)
class Tagger:
    """One trained tagger and its labels of names by kind, beginnings first."""

    crf: Any
    labels: frozenset[str]

    def shares(self, features: list[list[str]]) -> list["Share"]:
        """Return how likely each word of a run is part of a name of each kind."""
        self.crf.set(features)
        return [self._share(number) for number in range(len(features))]

    def _share(self, number: int) -> "Share":
        begins = {k: self._marginal(f"B{k}", number) for k in KINDS}
        inside = {k: self._marginal(f"I{k}", number) for k in KINDS}
        return Share(
            {k: begins[k] + inside[k] for k in KINDS},
            sum(begins.values()),
            self._marginal("BM", number) + self._marginal("IM", number),
        )

    def _marginal(self, label: str, number: int) -> float:
        return float(self.crf.marginal(label, number)) if label in self.labels else 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """How likely a word is part of a name: by kind, that it begins one, and of a thing's name."""

    by_kind: dict[str, float]
    begins: float
    thing: float

    @property
    def name(self) -> float:
        """Probability of being part of any name."""
        return sum(self.by_kind.values())


@dataclass(frozen=True, slots=True)
class NameModel:
    """Lexicon and taggers, read from one folder."""

    lexicon: NameLexicon
    cased: Tagger
    uncased: Tagger


def shipped_folder() -> Path:
    """Return where the model that is shipped lies."""
    return Path(str(files("transcriber.engines.presidio") / "model"))


@cache
def read_model(folder: Path) -> NameModel:
    """Read a model's files; once per process and folder."""
    return NameModel(
        read_lexicon(folder / LEXICON_FILE),
        _tagger(folder / CASED_FILE),
        _tagger(folder / UNCASED_FILE),
    )


def _tagger(path: Path) -> Tagger:
    import pycrfsuite

    crf = pycrfsuite.Tagger()
    crf.open(str(path))
    return Tagger(crf, frozenset(crf.labels()))


class NameModelRecogniser(WordRecogniser):
    """Finds names by where they stand; what is doubtful is a finding with a low score."""

    types = tuple(KINDS.values())
    title = "model of names"

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._folder = folder or shipped_folder()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield runs of words that are more likely names than the threshold."""
        model = read_model(self._folder)
        features = NameFeatures(words, model.lexicon)
        tagger = model.cased if features.cased else model.uncased
        shares: dict[int, Share] = {}
        for first, last in features.sequences():
            shares |= enumerate(tagger.shares(features.of_run(first, last)), first)
        matches = _matches(words, model.lexicon, shares, features.cased)
        whole = list(joined_by_particles(words, list(joined_by_and(words, matches))))
        taken = {number for match in whole for number in range(match.first, match.last + 1)}
        strange = (m for m in strange_words(words, model.lexicon) if m.first not in taken)
        yield from _with_entities(words, model.lexicon, [*whole, *strange])


def _matches(
    words: TextWords, lexicon: NameLexicon, shares: Mapping[int, Share], cased: bool
) -> list[Match]:
    """Return what is a name rather than an ordinary word, in order."""
    limits = (CASED_THRESHOLDS, CASED_MARGINS) if cased else (UNCASED_THRESHOLDS, UNCASED_MARGINS)
    shares = _in_company(words, shares)
    return [
        _as_known(words, lexicon, _match(words, lexicon, shares, (first, last), cased))
        for first, last in _spans(words, shares, *limits)
        if not _is_ordinary(words, lexicon, first, last, cased)
        if not _is_just_a_word(words, shares, first, last)
    ]


def _in_company(words: TextWords, shares: Mapping[int, Share]) -> dict[int, Share]:
    """Let every mention of a word weigh what the document's other mentions say."""
    mentions: dict[str, list[Share]] = {}
    for number, share in shares.items():
        mentions.setdefault(words.plain(number), []).append(share)
    means = {word: _mean(alike) for word, alike in mentions.items() if len(alike) > 1}
    weighed = {}
    for number, share in shares.items():
        mean = means.get(words.plain(number))
        weighed[number] = share if mean is None else _mixed(share, mean)
    return weighed


def _mean(shares: Sequence[Share]) -> Share:
    count = len(shares)
    by_kind = {kind: sum(share.by_kind[kind] for share in shares) / count for kind in KINDS}
    return Share(by_kind, 0.0, sum(share.thing for share in shares) / count)


def _mixed(share: Share, mean: Share) -> Share:
    factor = 1 - COMPANY + COMPANY * mean.name / share.name if share.name else 1.0
    by_kind = {kind: p * factor for kind, p in share.by_kind.items()}
    thing = (1 - THING_COMPANY) * share.thing + THING_COMPANY * mean.thing
    return Share(by_kind, share.begins * factor, thing)


def _spans(
    words: TextWords,
    shares: Mapping[int, Share],
    thresholds: Mapping[str, float],
    margins: Mapping[str, float],
) -> Iterator[tuple[int, int]]:
    """Yield first and last word of every name, in order."""
    start: int | None = None
    last = -1
    for number, share in shares.items():
        inside = share.name >= _needed(share, thresholds, margins)
        goes_on = inside and number == last + 1 and share.begins <= share.name / 2
        if start is not None and (not goes_on or _parts(words, last)):
            yield start, last
            start = None
        if inside:
            start, last = number if start is None else start, number
    if start is not None:
        yield start, last


def _parts(words: TextWords, number: int) -> bool:
    """Whether a name ends behind a word because a sentence or a bracket does."""
    gap = words.gap(number)
    stop = gap.startswith(".") and len(words.plain(number)) > LONGEST_ABBREVIATION
    return stop or _ENDS.search(gap) is not None


def _needed(share: Share, thresholds: Mapping[str, float], margins: Mapping[str, float]) -> float:
    """Return the least probability, each kind asking for its own as far as the word is of it."""
    asked = {kind: max(thresholds[kind], margins[kind] * share.thing) for kind in KINDS}
    if not share.name:
        return 1.0
    return sum(p * asked[kind] for kind, p in share.by_kind.items()) / share.name


def _is_ordinary(
    words: TextWords, lexicon: NameLexicon, first: int, last: int, cased: bool
) -> bool:
    """Tell a lone people, `Auntie` or `I'll`, and in lower case `primary school`, from names."""
    plains = words.plains(first, last)
    if len(plains) == 1:
        short_form = plains[0] in CONTRACTIONS and not words[first].text.isalpha()
        if plains[0] in EXCLAMATIONS | NO_NAMES or plains[0].removesuffix("s") in CALENDAR:
            return True
        if short_form or plains[0] in KIN or "n" in lexicon.known(plains[0]).flags:
            return True
        if not cased and plains[0] in NAMES_THAT_ARE_WORDS and words.plain(first - 1) in ARTICLES:
            return True
    return (cased and _is_thing(words, lexicon, first, last)) or (
        not cased and GENERIC.issuperset(plains)
    )


def _is_just_a_word(words: TextWords, shares: Mapping[int, Share], first: int, last: int) -> bool:
    """Tell `i hope for grace` from `i spoke for grace`, where no capital tells them apart."""
    if first < last or words.plain(first) not in NAMES_THAT_ARE_WORDS:
        return False
    if words.cased and words[first].capitalised and not words.starts_sentence(first):
        return False
    is_kin = words.plain(first - 1) in KIN | {"my", "our"}
    return not is_kin and shares[first].name < LEAST_OF_WORDS


def _is_thing(words: TextWords, lexicon: NameLexicon, first: int, last: int) -> bool:
    """Tell `Storm Arwen`, the `Winter Games` and `eBay` from people, places and organisations."""
    plains = words.plains(first, last)
    if any(_is_storm(words[number]) for number in (first - 1, first) if number >= 0):
        return True
    if first < last and plains[-1] in WORKS:
        names = (lexicon.known(word).flags for word in plains[:-1] if word not in WORDS_FIRST)
        return not any(NAME_FLAGS.intersection(flags) for flags in names if "v" not in flags)
    text = words[first].text
    return first == last and text[0].islower() and not text.islower()


def _is_storm(word: TextWord) -> bool:
    return word.capitalised and word.plain in STORMS


def _with_entities(
    words: TextWords, lexicon: NameLexicon, matches: Sequence[Match]
) -> Iterator[Match]:
    """Give `Sarah`, `Whitfield` and `Mrs Whitfield` the one full name that they are part of."""
    owners: dict[str, set[str]] = {}
    for match in matches:
        names = untitled(words, match.first, match.last)
        if match.entity_type == KINDS["P"] and len(names) > 1:
            full = words.text[words[names[0]].start : words[names[-1]].end].casefold()
            for number in (names[0], names[-1]):
                owners.setdefault(words.plain(number), set()).add(full)
    for match in matches:
        names = untitled(words, match.first, match.last)
        full_names = owners.get(words.plain(names[0]), set()) if len(names) == 1 else set()
        is_part = bool(full_names) and not _is_place(lexicon, words.plain(names[0]))
        if len(names) == 1 and (match.entity_type == KINDS["P"] or is_part):
            only = next(iter(full_names)) if len(full_names) == 1 else words[names[0]].text
            yield replace(match, entity_type=KINDS["P"], entity=only.casefold())
        else:
            yield match


def _as_known(words: TextWords, lexicon: NameLexicon, match: Match) -> Match:
    """Correct the type of known places, and of a given name with a surname behind it."""
    plains = words.plains(match.first, match.last)
    flags, last = lexicon.known(plains[0]).flags, plains[-1]
    if len(plains) == 1:
        is_region = "a" in flags and "f" not in flags
        return replace(match, entity_type=KINDS["L"]) if is_region else match
    if match.entity_type == KINDS["P"] or len(plains) > 2:
        return match
    if lexicon.phrase(plains):
        kind = KINDS.get(lexicon.phrase(plains), match.entity_type)
        return replace(match, entity_type=kind)
    rare_name = "r" in lexicon.known(last).flags and ("F" in flags or _is_rare(lexicon, plains))
    is_given = ("f" in flags or rare_name) and plains[0] not in GENERIC
    is_family = last not in HEADS | SITES and not _is_place(lexicon, last)
    return replace(match, entity_type=KINDS["P"]) if is_given and is_family else match


def _is_rare(lexicon: NameLexicon, plains: Sequence[str]) -> bool:
    """Whether a name of two words ends in a very rare surname, as that of no body does."""
    first, last = (lexicon.known(word) for word in plains)
    is_word = plains[-1] in also_words()
    return last.frequency in VERY_RARE and not is_word and OF_OTHERS.isdisjoint(first.flags)


def _is_place(lexicon: NameLexicon, word: str) -> bool:
    return bool(PLACE_FLAGS & set(lexicon.known(word).flags))


def _match(
    words: TextWords,
    lexicon: NameLexicon,
    shares: Mapping[int, Share],
    run: tuple[int, int],
    cased: bool,
) -> Match:
    first, last = run
    numbers = range(first, last + 1)
    kinds = {kind: sum(shares[n].by_kind[kind] for n in numbers) for kind in KINDS}
    best = max(kinds, key=lambda kind: kinds[kind])
    score = sum(shares[n].name for n in numbers) / len(numbers)
    if first < last and words.plain(first) in ARTICLES:
        first += 1
    last = with_hyphens(words, lexicon, last)
    if best == "P":
        first = person_begins(words, first, cased)
    return Match(KINDS[best], first, last, max(LEAST_SCORE, min(round(score, 3), 0.99)))
