"""Once found, found everywhere: other mentions of a name that one place gave away.

A name is found again as written, by a part of it, misheard, by its initials, and where somebody
breaks off in it; in the text that gave it away and in every other text of the study.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from transcriber.domain.finding import PERSON_SOURCE, EntityType, Finding
from transcriber.domain.known_name import KnownName
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.pseudonymise.person_names import FORMAL_TITLES
from transcriber.stages.spoken_names.broken import false_starts, initials
from transcriber.stages.spoken_names.nicknames import variants
from transcriber.stages.words import TextWords, plain_words, words_of

if TYPE_CHECKING:
    from transcriber.stages.spoken_names.alikes import SoundMatch

SOURCE = "propagated"
TYPES = frozenset(
    {
        EntityType.PERSON,
        EntityType.LOCATION,
        EntityType.ORGANISATION,
        EntityType.PHONE,
        EntityType.EMAIL,
    }
)
SPOKEN_NAMES = frozenset((EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION))
BY_SOUND = "propagated-sound"
HEARD = "roster-sound"
SURE = 0.6
"""Least score of a finding whose name is sought by sound too: what is doubtful would multiply."""
DOUBTFUL = 0.5
"""A single word that is less likely a name is not sought again: its detector weighed every
mention of it, and left out those that are none."""
CAUTION = 0.9
"""Evidence beyond that for names of a roster and names that a person marked: these are certain."""
KNOWN_SCORE = 0.8
SHORTEST_BY_SOUND = 4
SHORTEST = 3
"""Letters and digits of the shortest text that is sought elsewhere."""

Form = tuple[str, ...]


def propagated(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return a finding for every other mention of what was found.

    `findings` are in order and do not overlap; what lies inside one of them is no other mention.
    A mention made of common words only must be written with capitals, as the first one was.
    """
    return _mentions(text, findings, _forms(findings))


def mentions_of_known(
    text: str, findings: Sequence[Finding], known: Sequence[KnownName]
) -> list[Finding]:
    """Return a finding for every mention of a name that the texts of the study gave away.

    `findings` as for `propagated`. What was found in this text was sought in it before, but for
    what a person marked.
    """
    own = {plain_words(f.text) for f in findings if f.source != PERSON_SOURCE}
    names = [_as_finding(name) for name in known if plain_words(name.name) not in own]
    return _mentions(text, findings, _forms(names)) if names else []


def _mentions(text: str, findings: Sequence[Finding], forms: dict[Form, Finding]) -> list[Finding]:
    words = words_of(text)
    starts = [finding.start for finding in findings]
    mentions = []
    for form, finding in forms.items():
        behind = -1
        for first, last in words.occurrences(form):
            if first <= behind or not _is_meant(words, form, first, last):
                continue
            behind = last
            before = bisect_right(starts, words[first].start) - 1
            if before < 0 or findings[before].end < words[last].end:
                mentions.append(_mention(words, finding, first, last))
    everywhere = sorted([*findings, *mentions], key=lambda finding: finding.start)
    mentions += _misheard(words, forms, everywhere)
    names = {form: owner for form, owner in forms.items() if owner.entity_type in SPOKEN_NAMES}
    broken = (*false_starts(words, names, everywhere), *initials(words, names, everywhere))
    mentions += [
        replace(_mention(words, owner, first, last), source=source)
        for first, last, owner, source in broken
    ]
    return mentions


def _as_finding(name: KnownName) -> Finding:
    source = PERSON_SOURCE if name.by_person else SOURCE
    return Finding(0, 0, name.entity_type, name.name, KNOWN_SCORE, source, name.entity)


def _misheard(
    words: TextWords, forms: dict[Form, Finding], findings: Sequence[Finding]
) -> list[Finding]:
    """Seek by sound what was found otherwise; the roster's recogniser seeks its own names."""
    from transcriber.stages.spoken_names.alikes import SoundIndex

    sought = {CAUTION: _by_sound(forms), 0.0: _marked_by_sound(forms)}
    if not any(sought.values()):
        return []
    taken = {
        number: plain_words(finding.text)
        for finding in findings
        for number in range(*_numbers(words, finding))
    }
    return [
        replace(_mention(words, names[match.form], match.first, match.last), source=BY_SOUND)
        for caution, names in sought.items()
        if names
        for match in SoundIndex(_persons(names), caution=caution).find(words, taken, ())
        if _may_sound(words, match)
    ]


def _by_sound(forms: dict[Form, Finding]) -> dict[Form, Finding]:
    """Return the names that the machine found and that are sought by sound; all are people's."""
    return {
        form: finding
        for form, finding in forms.items()
        if finding.entity_type is EntityType.PERSON
        and finding.score >= SURE
        and not finding.source.startswith(("roster", PERSON_SOURCE))
        and _is_told_apart(form)
    }


def _marked_by_sound(forms: dict[Form, Finding]) -> dict[Form, Finding]:
    """Return the names that a person marked and that are sought by sound.

    Somebody looks at what is found, so places, organisations and what people are called for short
    are sought as well.
    """
    marked = {
        form: finding
        for form, finding in forms.items()
        if finding.source == PERSON_SOURCE and finding.entity_type in SPOKEN_NAMES
    }
    for finding in [f for f in marked.values() if f.entity_type is EntityType.PERSON]:
        for short in variants(plain_words(finding.text)[0]):
            marked.setdefault((short,), finding)
    return {form: finding for form, finding in marked.items() if _is_told_apart(form)}


def _persons(names: dict[Form, Finding]) -> dict[Form, bool]:
    return {form: finding.entity_type is EntityType.PERSON for form, finding in names.items()}


def _is_told_apart(form: Form) -> bool:
    """Whether a name is long and rare enough to be told from other words by its sound."""
    return not COMMON_WORDS.issuperset(form) and sum(map(len, form)) >= SHORTEST_BY_SOUND


def _may_sound(words: TextWords, match: "SoundMatch") -> bool:
    """In lower case between capitals a word sounds like a name by chance, but for its plural."""
    word = words[match.first]
    plural = word.plain == f"{match.form[-1]}s"
    return match.first < match.last or word.capitalised or plural or not words.cased


def _forms(findings: Sequence[Finding]) -> dict[Form, Finding]:
    """Return what to look for, each with the finding that gave it away; whole texts come first."""
    forms: dict[Form, Finding] = {}
    # What only sounds like a name is that name there: elsewhere the sound decides again.
    sought = [f for f in findings if f.entity_type in TYPES and f.source != HEARD]
    for finding in sought:
        form = plain_words(finding.text)
        if FORMAL_TITLES.keys() >= set(form):
            continue
        if sum(map(len, form)) >= SHORTEST and (len(form) > 1 or finding.score >= DOUBTFUL):
            forms.setdefault(form, finding)
    owners: dict[Form, dict[Form, Finding]] = {}
    for finding in sought:
        for part in _parts(finding):
            owners.setdefault(part, {}).setdefault(plain_words(finding.text), finding)
    for part, sharing in owners.items():
        owner = next(iter(sharing.values()))
        # A surname that two people share points at neither of them, and is a name all the same.
        entity = " ".join(part) if len(sharing) > 1 else owner.entity or owner.text.casefold()
        forms.setdefault(part, replace(owner, entity=entity))
    return forms


def _parts(finding: Finding) -> Iterator[Form]:
    """Yield first and last word of a full name; its title is nobody's name."""
    form = plain_words(finding.text)
    if finding.entity_type is not EntityType.PERSON or len(form) < 2:
        return
    for part in {form[0], form[-1]}:
        if len(part) >= SHORTEST and part not in FORMAL_TITLES:
            yield (part,)


def _is_meant(words: TextWords, form: Form, first: int, last: int) -> bool:
    """Ask for capitals of single words and common words, where capitals mean something."""
    common = COMMON_WORDS.issuperset(form)
    if not words.cased:
        return not common
    if len(form) > 1 and not common:
        return True
    capitals = all(words[number].capitalised for number in range(first, last + 1))
    return capitals and not (common and first == last and words.starts_sentence(first))


def _mention(words: TextWords, finding: Finding, first: int, last: int) -> Finding:
    start, end = words[first].start, words[last].end
    return replace(
        finding,
        start=start,
        end=end,
        text=words.text[start:end],
        score=min(finding.score, 0.6),
        source=SOURCE,
        entity=finding.entity or finding.text.casefold(),
    )


def _numbers(words: TextWords, finding: Finding) -> tuple[int, int]:
    """First word number inside a finding, and the one behind its last."""
    first = bisect_left(words, finding.start, key=lambda word: word.start)
    return first, bisect_left(words, finding.end, lo=first, key=lambda word: word.start)
