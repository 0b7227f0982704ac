"""What redaction covers of the gold mentions in one text, and what it covers needlessly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.finding import Action, Finding


class Identifies(StrEnum):
    """How a mention identifies somebody: alone, with others, only in combination, or not at all.

    What identifies only in combination is for a person to judge: neither missing nor redacting it
    counts.
    """

    DIRECT = "direct"
    QUASI = "quasi"
    INDIRECT = "indirect"
    NEUTRAL = "neutral"

    @property
    def must_go(self) -> bool:
        """Whether redaction is to cover it."""
        return self in (Identifies.DIRECT, Identifies.QUASI)


@dataclass(frozen=True, slots=True)
class Mention:
    """A gold stretch, offsets in code points, end exclusive; it holds a letter or a digit."""

    start: int
    end: int
    entity_type: str
    identifies: Identifies


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether every letter and digit is covered, and each by a finding of the mention's type."""

    mention: Mention
    covered: bool
    typed: bool


@dataclass(frozen=True, slots=True)
class RedactionScore:
    """The mentions of one text, and the letters and digits that findings cover.

    `needed` of them lie in direct or quasi mentions, `needless` in none at all; those in indirect
    or neutral mentions only are neither.
    """

    judged: tuple[Judged, ...]
    needed: int
    needless: int

    def missed(self, *kinds: Identifies) -> tuple[Mention, ...]:
        """Return the mentions of these kinds that are not covered, in the order of the gold."""
        return tuple(
            j.mention for j in self.judged if j.mention.identifies in kinds and not j.covered
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mentions there are, are covered, and are covered under the right type."""

    mentions: int
    covered: int
    typed: int

    @property
    def recall(self) -> float | None:
        """The share that is covered; None without mentions."""
        return self.covered / self.mentions if self.mentions else None

    @property
    def typed_recall(self) -> float | None:
        """The share that is covered under the right type; None without mentions."""
        return self.typed / self.mentions if self.mentions else None


def score_redaction(
    text: str, gold: Sequence[Mention], findings: Iterable[Finding]
) -> RedactionScore:
    """Judge every mention.

    A finding covers its stretch of the body unless the policy only flags or keeps it; findings in
    other parts of a document are left out.
    """
    types: defaultdict[int, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.part is None and finding.action not in {Action.FLAG, Action.KEEP}:
            for offset in range(finding.start, finding.end):
                if text[offset].isalnum():
                    types[offset].add(finding.entity_type.value)
    covered = frozenset(types)
    identifying = _letters(text, (m for m in gold if m.identifies.must_go))
    named = _letters(text, gold)
    return RedactionScore(
        tuple(_judged(mention, _letters(text, [mention]), types) for mention in gold),
        len(covered & identifying),
        len(covered - named),
    )


def _letters(text: str, mentions: Iterable[Mention]) -> frozenset[int]:
    """Offsets of the letters and digits in the mentions."""
    return frozenset(
        offset
        for mention in mentions
        for offset in range(mention.start, mention.end)
        if text[offset].isalnum()
    )


def _judged(mention: Mention, letters: frozenset[int], types: dict[int, set[str]]) -> Judged:
    covered = letters <= types.keys()
    typed = covered and all(mention.entity_type in types[offset] for offset in letters)
    return Judged(mention, covered, typed)


def tally(judged: Iterable[Judged]) -> Tally:
    """Count mentions."""
    chosen = list(judged)
    return Tally(len(chosen), sum(j.covered for j in chosen), sum(j.typed for j in chosen))
