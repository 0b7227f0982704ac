"""Overlapping findings become ones that do not overlap, and no covered letter is lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transcriber.domain.finding import INDIRECT, EntityType, Finding
from transcriber.stages.propagate import SOURCE
from transcriber.stages.words import widened

_RANKS = {
    "person": 0,
    "roster": 2,
    "roster-nickname": 2,
    "roster-spelling": 3,
    "roster-sound": 3,
}
_CONTAINER, _OTHERS, _PROPAGATED = 1, 4, 5

_NAMES = (EntityType.PERSON, EntityType.LOCATION)
_OF_SAINTS = (EntityType.LOCATION, EntityType.ORGANISATION)
_SAINT = re.compile(r"(?:saint|st)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)

CONTAINERS = frozenset(
    {
        EntityType.EMAIL,
        EntityType.URL,
        EntityType.HANDLE,
        EntityType.PHONE,
        EntityType.ID,
        EntityType.POSTCODE,
        EntityType.ADDRESS,
        EntityType.ORGANISATION,
    }
)
"""Types that are one thing although a known name is part of it: `sarah.whitfield@example.org`."""


def resolve(text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings in order, without overlap, that cover every letter any finding covered.

    An address, number or organisation beats a roster name that is part of it; otherwise the roster
    beats what merely sounds like it, and that beats other recognisers; then the longer finding
    wins, then the higher score, but an age keeps its number. A winner inside one longer finding of
    its own type grows to it; of any other loser the part beside the winners stays a finding of its
    own.
    """
    return tuple(
        finding
        for group in _groups(findings)
        for finding in sorted(_resolved(text, group), key=_span)
    )


def _groups(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield findings that hang together by overlaps; groups are small however long the text."""
    group: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=_span):
        if group and finding.start >= end:
            yield group
            group = []
        group.append(finding)
        end = max(end, finding.end)
    if group:
        yield group


def _span(finding: Finding) -> tuple[int, int]:
    return finding.start, finding.end


def _resolved(text: str, group: Sequence[Finding]) -> list[Finding]:
    ranked = sorted(group, key=lambda finding: _rank(finding, group))
    chosen: list[Finding] = []
    for finding in _grown(text, ranked):
        chosen.extend(_beside(text, finding, chosen))
    return chosen


def cut_to(text: str, finding: Finding, start: int, end: int) -> Finding:
    """Return the finding over another span of the same text."""
    return replace(finding, start=start, end=end, text=text[start:end])


def _rank(
    finding: Finding, findings: Sequence[Finding]
) -> tuple[int, int, float, int, str, str, str]:
    rank = _source_rank(finding)
    if finding.entity_type in CONTAINERS and rank >= _OTHERS and _holds_roster(finding, findings):
        rank = _CONTAINER
    if finding.entity_type is EntityType.OCCUPATION and _covers_direct(finding, findings):
        # "Siobhan Kelly plumber", "the Undertaker": what may be a name must not be merely flagged.
        rank = _PROPAGATED + 1
    if rank >= _OTHERS and _cuts_age(finding, findings):
        rank = _PROPAGATED + 1
    return (
        rank,
        finding.start - finding.end,
        -finding.score,
        finding.start,
        finding.entity_type.value,
        finding.source,
        finding.entity,
    )


def _covers_direct(finding: Finding, findings: Sequence[Finding]) -> bool:
    return any(
        other.entity_type not in INDIRECT
        and other.start < finding.end
        and finding.start < other.end
        for other in findings
    )


def _cuts_age(finding: Finding, findings: Sequence[Finding]) -> bool:
    """Whether a name takes the number from an age: `Lilian seven` of `seven years old`."""
    return finding.entity_type in _NAMES and any(
        other.entity_type is EntityType.AGE
        and other.start < finding.end
        and finding.start < other.end
        and not (finding.start <= other.start and other.end <= finding.end)
        for other in findings
    )


def _source_rank(finding: Finding) -> int:
    return _RANKS.get(finding.source, _PROPAGATED if finding.source == SOURCE else _OTHERS)


def _holds_roster(outer: Finding, findings: Sequence[Finding]) -> bool:
    return any(
        inner.source in _RANKS
        and inner.entity_type is not outer.entity_type
        and outer.start <= inner.start
        and inner.end <= outer.end
        and outer.end - outer.start > inner.end - inner.start
        for inner in findings
    )


def _grown(text: str, ranked: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings in order; one of the roster grows to a longer finding that holds only it."""
    for finding in ranked:
        yield next(
            (
                cut_to(text, finding, other.start, other.end)
                for other in ranked
                if _holds(other, finding)
                and _holds_one(other, ranked, finding)
                and not _cuts_age(other, ranked)
            ),
            finding,
        )


def _holds(outer: Finding, inner: Finding) -> bool:
    return (
        outer.entity_type is inner.entity_type
        and inner.source in _RANKS
        and _source_rank(inner) < _source_rank(outer)
        and outer.start <= inner.start
        and inner.end <= outer.end
        and outer.end - outer.start > inner.end - inner.start
    )


def _holds_one(outer: Finding, ranked: Sequence[Finding], inner: Finding) -> bool:
    """Whether `outer` overlaps no other entity that the roster or a person knows."""
    return all(
        other.entity == inner.entity
        for other in ranked
        if other.source in _RANKS and other.start < outer.end and outer.start < other.end
    )


def _beside(text: str, finding: Finding, chosen: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what of a finding lies outside those already chosen."""
    start = finding.start
    for other in sorted(chosen, key=lambda c: c.start):
        if other.end <= start or other.start >= finding.end:
            continue
        yield from _piece(text, finding, start, other.start)
        start = max(start, other.end)
    yield from _piece(text, finding, start, finding.end)


def _piece(text: str, finding: Finding, start: int, end: int) -> Iterator[Finding]:
    if start >= end:
        return
    if (start, end) == (finding.start, finding.end):
        yield finding
        return
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if start < end:
        yield cut_to(text, finding, start, end)


def whole_words(text: str, finding: Finding) -> Iterator[Finding]:
    """Yield a finding line by line, each piece widened to whole words.

    Its `'s` belongs to what is named after a saint: `at Saint Mary's`.
    """
    start = finding.start
    for line in text[finding.start : finding.end].split("\n"):
        end = start + len(line)
        if line.strip():
            first, last = widened(text, start, end)
            yield cut_to(text, finding, first, _with_saints_s(text, finding, first, last))
        start = end + 1


def _with_saints_s(text: str, finding: Finding, start: int, end: int) -> int:
    """Return the end of a piece, behind the `'s` of a church, school or place of a saint."""
    if finding.entity_type not in _OF_SAINTS or not _SAINT.match(text, start, end):
        return end
    possessive = _POSSESSIVE.match(text, end)
    return possessive.end() if possessive else end
