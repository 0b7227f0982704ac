"""Names that small words hold together: `Hulme and Sale College`, `Ana de la Paz`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match
from transcriber.stages.words import TextWords, word_set

FAMILY = word_set("sons daughters son daughter brothers co company partners")
SHARED = word_set(
    "college council trust hospital hospitals school schools university solicitors health society "
    "hospice ltd llp partnership association federation churches parish"
)
"""Last words of bodies that two places or two partners share."""
ORGANISATION = EntityType.ORGANISATION.value
PERSON = EntityType.PERSON.value
PARTICLES = word_set("de del la las los da das do dos di van von der den ter bin ibn al el")
"""Between the parts of one person's name."""
MOST_PARTICLES = 2


def joined_by_and(words: TextWords, matches: Sequence[Match]) -> Iterator[Match]:
    """Yield the matches, those that are one organisation as one; `matches` are in order."""
    number = 0
    while number < len(matches):
        match = matches[number]
        follows = matches[number + 1] if number + 1 < len(matches) else None
        number += 1
        if not _and_behind(words, match.last):
            yield match
        elif follows is not None and follows.first == match.last + 2 and _shares(words, follows):
            yield Match(ORGANISATION, match.first, follows.last, follows.score)
            number += 1
        elif words.plain(match.last + 2) in FAMILY and _written_alike(words, match):
            yield Match(ORGANISATION, match.first, match.last + 2, match.score)
        else:
            yield match


def joined_by_particles(words: TextWords, matches: Sequence[Match]) -> Iterator[Match]:
    """Yield the matches, two parts of a person's name and what holds them together as one."""
    behind: Match | None = None
    for match in matches:
        if behind is not None and _one_person(words, behind, match):
            behind = replace(behind, last=match.last)
            continue
        if behind is not None:
            yield behind
        behind = match
    if behind is not None:
        yield behind


def _one_person(words: TextWords, first: Match, second: Match) -> bool:
    between = range(first.last + 1, second.first)
    if {first.entity_type, second.entity_type} != {PERSON} or not len(between) > 0:
        return False
    held = len(between) <= MOST_PARTICLES and all(words.plain(n) in PARTICLES for n in between)
    return held and all(words.gap(n) in (" ", "-") for n in range(first.last, second.first))


def _and_behind(words: TextWords, last: int) -> bool:
    return words.gap(last) == words.gap(last + 1) == " " and words.plain(last + 1) == "and"


def _shares(words: TextWords, match: Match) -> bool:
    is_body = match.entity_type == ORGANISATION and match.last > match.first
    return is_body and words.plain(match.last) in SHARED


def _written_alike(words: TextWords, match: Match) -> bool:
    """Whether both halves have capitals where capitals tell: not `Rao and sons of his`."""
    return not words.cased or words[match.last + 2].capitalised
