"""Once found, found everywhere: other mentions of a name that one place gave away."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transcriber.domain.finding import EntityType, Finding
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, plain_words, words_of

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
SHORTEST = 3
"""Letters and digits of the shortest text that is sought elsewhere."""

Form = tuple[str, ...]


def propagated(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return a finding for every other exact mention, and for parts of full names.

    `findings` are in order and do not overlap; what lies inside one of them is no other mention.
    A mention made of common words only must be written with capitals, as the first one was.
    """
    words = words_of(text)
    starts = [finding.start for finding in findings]
    mentions = []
    for form, finding in _forms(findings).items():
        behind = -1
        for first, last in words.occurrences(form):
            if first <= behind or not _is_meant(words, form, first, last):
                continue
            behind = last
            before = bisect_right(starts, words[first].start) - 1
            if before < 0 or findings[before].end < words[last].end:
                mentions.append(_mention(words, finding, first, last))
    return mentions


def _forms(findings: Sequence[Finding]) -> dict[Form, Finding]:
    """Return what to look for, each with the finding that gave it away; whole texts come first."""
    forms: dict[Form, Finding] = {}
    sought = [finding for finding in findings if finding.entity_type in TYPES]
    for finding in sought:
        form = plain_words(finding.text)
        if sum(map(len, form)) >= SHORTEST:
            forms.setdefault(form, finding)
    parts: dict[Form, Finding | None] = {}
    for finding in sought:
        for part in _parts(finding):
            # A surname that two people share points at neither.
            shared = part in parts and plain_words(_text_of(parts[part])) != plain_words(
                finding.text
            )
            parts[part] = None if shared else finding
    for part, owner in parts.items():
        if owner is not None:
            forms.setdefault(part, replace(owner, entity=owner.entity or owner.text.casefold()))
    return forms


def _text_of(finding: Finding | None) -> str:
    return finding.text if finding else ""


def _parts(finding: Finding) -> Iterator[Form]:
    """Yield first and last word of a full name that is no sound-alike."""
    form = plain_words(finding.text)
    if finding.entity_type is not EntityType.PERSON or len(form) < 2:
        return
    if finding.source == "roster-sound":
        return
    for part in {form[0], form[-1]}:
        if len(part) >= SHORTEST:
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
