"""What people do for a living: `she's a piano tuner`, `I worked in the ropeworks`.

Work that anybody meets in an interview (doctors, teachers, drivers) counts only where it is said of
somebody; rarer work counts wherever it is named. What all participants of a study do is known
to everybody: the study puts it in the roster under `keep`.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.indirect.occupation_list import CARE_AND_SCHOOL, TELLING
from transcriber.engines.presidio.indirect.phrases import (
    OWNERS,
    Phrases,
    before_fillers,
    is_relative,
    joined,
    says_of_somebody,
    words_before,
)
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

TYPE = EntityType.OCCUPATION.value
NOT_WORK = word_set("model runner medium canon marine dean groom diver vet clerk elder")
"""Also words or names of other kinds: counted only where they are said of somebody."""
NAMES_TOO = word_set(
    "baker butcher weaver tanner potter turner painter printer porter packer spinner piper"
    " shepherd gardener taylor tailor miner grocer picker guide deacon bishop mp ta rn td dj"
    " boxer brewer conductor driver moulder gunner pilot"
)
"""Surnames, machines and things: a capital alone, or no cue at all, does not make them work."""
DOING = word_set("work works worked working employed apprenticed")
DONE_AS = word_set("as")
WORK_PLACES = Phrases(
    """factory, mill, cotton mill, paper mill, pit, colliery, quarry, mine, mines, shipyard, yard,
    docks, steelworks, foundry, brewery, distillery, cannery, abattoir, slaughterhouse, bakery,
    chip shop, chippy, laundry, launderette, post office, bank, library, call centre, call
    center, warehouse, packhouse, meat plant, power station, nuclear plant, refinery, oil field,
    railway, railways, army, navy, air force, raf, police, fire service, ambulance service,
    prison service, civil service, council, town hall, embassy, courts, airport, casino, betting
    shop, garage, dairy, sawmill, nursery, garden centre, care home, nursing home, school
    kitchen, canteen, kitchens, merchant navy, fish market, fish factory, fish farm, chicken
    factory, sewing factory, shoe factory, sugar factory, car plant, biscuit factory, oil rig,
    rigs, insurance, construction, catering, hospitality, finance, banking, advertising,
    publishing, forestry, fishing, farming, mining, shipping, engineering, accounting, telecoms,
    real estate, it, film industry, theatre, music business, building trade, motor trade, wine
    trade, meat trade, rag trade, antiques trade, travel industry, oil industry, oil business,
    steel industry"""
)
IN_AT = word_set("in at on down for with")
ENDINGS = (
    *("ologist", "ician", "wright", "smith", "monger", "maker", "keeper", "grapher", "herd"),
    *("minder", "setter", "binder", "blower", "layer", "fitter", "worker", "dresser"),
)
TRADES = word_set("trade business industry farming fishing line game")
DRIVEN = Phrases(
    """school bus, school run bus, minibus, lorry, lorries, taxi, taxis, cab, cabs, tram, trams,
    train, trains, ambulance, forklift, hgv, truck, trucks, crane, tractor, combine, digger,
    mobile library, fire engine, milk float, gritter, snow plough, snowplow"""
)
DRIVING = word_set("drives drove driving drive has had does did")
PLAYED = Phrases("church organ, organ, bagpipes, pipes, harp, uilleann pipes")
PLAYING = word_set("plays played playing play does do did and the")


class OccupationRecogniser(WordRecogniser):
    """Finds what people do or did for a living. Articles and cues stay outside the match."""

    types = (TYPE,)
    title = "occupation"

    def __init__(self) -> None:
        self._everyday = Phrases(CARE_AND_SCHOOL)
        self._telling = Phrases(TELLING)
        super().__init__()

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield occupations, then workplaces and tools behind `worked in` and `drives`."""
        for first, last in self._telling.find(words):
            if last > first or _is_work(words, first):
                yield Match(TYPE, first, last, 0.7)
        for first, last in self._everyday.find(words):
            if _is_said_as_work(words, first, last):
                yield Match(TYPE, _with_kind(words, first), last, 0.6)
        yield from _by_ending(words)
        yield from _named_after_as(words)
        yield from _by_place(words)
        yield from _by_trade(words)


def _is_work(words: TextWords, at: int) -> bool:
    word = words[at]
    if words.plain(at + 1) in ("street", "road", "school", "house", "lane"):
        return False
    singular = word.plain.removesuffix("s")
    if singular in NOT_WORK or singular in NAMES_TOO:
        return _is_said_as_work(words, at, at)
    is_name = words.cased and word.capitalised and not words.starts_sentence(at)
    return not (is_name and word.plain != word.text.lower()) and _is_no_title(words, at)


def _is_no_title(words: TextWords, at: int) -> bool:
    """Tell `the councillor` from `Councillor Pegg`, whose name is found anyway."""
    if not words.cased or at + 1 >= len(words):
        return True
    return not (words[at].capitalised and words[at + 1].capitalised and words.gap(at) == " ")


def _is_said_as_work(words: TextWords, first: int, last: int) -> bool:
    """Whether it is what somebody is: not `he was the doctor's favourite`, `I'm a nurse short`."""
    if words.gap(last) in ("'s ", "\u2019s "):
        return False
    start = _with_kind(words, first)
    said_from = start - 1 if words.plain(start - 1) == "retired" else start
    if says_of_somebody(words, said_from):
        return words.plain(start - 1) in ("a", "an", "as", "retired", "the", "only") or last > first
    before = words_before(words, start, 3)
    return before[:1] == ["retired"] or (
        len(before) > 1 and before[0] in ("a", "an") and before[1] in ("as", "become", "became")
    )


def _with_kind(words: TextWords, first: int) -> int:
    """Take in one word that tells what kind: `a pupil teacher`, `a sheet music editor`."""
    before = words.plain(first - 1)
    known = before in COMMON_WORDS or before in OWNERS or before == "retired" or len(before) < 4
    if known or words.gap(first - 1) not in (" ", "-") or words[first - 1].capitalised:
        return first  # a capital may be a name, which a flag must not cover
    article = words.plain(first - 2) in ("a", "an", "the")
    return first - 1 if article and joined(words, first - 2, first) else first


def _by_ending(words: TextWords) -> Iterator[Match]:
    """Yield work that its ending gives away: `he's a cartographer`, `she was a wheelwright`."""
    for at, word in enumerate(words):
        if not word.plain.endswith(ENDINGS) or word.plain in COMMON_WORDS:
            continue
        first = _with_kind(words, at)
        if words.plain(first - 1) in ("a", "an", "retired") and _is_said_as_work(words, at, at):
            yield Match(TYPE, first, at, 0.5)


def _named_after_as(words: TextWords) -> Iterator[Match]:
    """Yield work that no list knows: `I work as a pulmonary technologist`, `trained as a dyer`."""
    for at, word in enumerate(words):
        if word.plain not in DOING and word.plain not in ("trained", "qualified", "job"):
            continue
        start = at + 1
        if words.plain(start) not in DONE_AS or words.plain(start + 1) not in ("a", "an"):
            continue
        first = last = start + 2
        if first >= len(words) or not joined(words, at, first):
            continue
        while (
            last + 1 < len(words)
            and last - first < 2
            and words.gap(last) in (" ", "-")
            and words.plain(last + 1) not in COMMON_WORDS
        ):
            last += 1
        if any(words[n].capitalised for n in range(first, last + 1)):
            continue
        if words.plain(last) not in COMMON_WORDS or words.plain(last).endswith(("er", "or", "ist")):
            yield Match(TYPE, first, last, 0.6)


def _by_place(words: TextWords) -> Iterator[Match]:
    """Yield `worked in a cotton mill`, `my man's in the fish farming`, `drives the school bus`."""
    for first, last in WORK_PLACES.find(words):
        number = before_fillers(words, first)
        if number < 0 or words.plain(number) not in IN_AT:
            continue
        cue = words.plain(number - 1)
        if joined(words, number - 1, number) and (cue in DOING or _is_in(words, number - 1)):
            yield Match(TYPE, first, last, 0.6)
    for things, cues in ((DRIVEN, DRIVING), (PLAYED, PLAYING)):
        for first, last in things.find(words):
            before = words_before(words, first, 2)
            if before[:1] == ["the"] and len(before) > 1 and before[1] in cues:
                yield Match(TYPE, first, last, 0.5)


def _is_in(words: TextWords, at: int) -> bool:
    """Whether `at` is who is in some work: `my husband's in`, `my dad was in`."""
    return is_relative(words, at - 1 if words.plain(at) in ("was", "is", "were") else at)


def _by_trade(words: TextWords) -> Iterator[Match]:
    """Yield `my man's in the pig farming`, `worked in the fur trade`: any trade there is."""
    for head, word in enumerate(words):
        if word.plain not in TRADES:
            continue
        for first in (head, head - 1, head - 2):
            number = before_fillers(words, first)
            if number < 1 or words.plain(number) != "in" or not joined(words, first, head):
                continue
            if words.plain(number - 1) in DOING or _is_in(words, number - 1):
                yield Match(TYPE, first, head, 0.6)
                break
