"""Figures of redaction over several texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transcriber.evaluation.bootstrap import recall_interval
from transcriber.evaluation.redaction import Identifies, Judged, RedactionScore, Tally, tally

IDENTIFYING = (Identifies.DIRECT, Identifies.QUASI)


@dataclass(frozen=True, slots=True)
class Recall:
    """A tally over all texts with its 95 % interval, None with too few texts."""

    tally: Tally
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class RedactionTotals:
    """All figures: recall, texts that leak, and what is covered needlessly."""

    documents: int
    direct: Recall
    quasi: Recall
    identifying: Recall
    by_type: Mapping[str, Tally]
    leaking_direct: int
    leaking_any: int
    neutral: Tally
    precision: float | None

    def share_of_documents(self, count: int) -> float | None:
        """Return a number of texts as a share of all; None without texts."""
        return count / self.documents if self.documents else None


def total_redaction(scores: Sequence[RedactionScore]) -> RedactionTotals:
    """Count over all texts; every mention weighs alike."""
    judged = [j for score in scores for j in score.judged]
    types = sorted({j.mention.entity_type for j in judged if j.mention.identifies in IDENTIFYING})
    return RedactionTotals(
        documents=len(scores),
        direct=_recall(scores, lambda j: j.mention.identifies is Identifies.DIRECT),
        quasi=_recall(scores, lambda j: j.mention.identifies is Identifies.QUASI),
        identifying=_recall(scores, lambda j: j.mention.identifies in IDENTIFYING),
        by_type={
            name: tally(
                j
                for j in judged
                if j.mention.entity_type == name and j.mention.identifies in IDENTIFYING
            )
            for name in types
        },
        leaking_direct=sum(bool(score.missed(Identifies.DIRECT)) for score in scores),
        leaking_any=sum(bool(score.missed(*IDENTIFYING)) for score in scores),
        neutral=tally(j for j in judged if j.mention.identifies is Identifies.NEUTRAL),
        precision=character_precision(scores),
    )


def character_precision(scores: Sequence[RedactionScore]) -> float | None:
    """Return the share of covered letters and digits that had to be; None when none is covered."""
    needed, needless = sum(s.needed for s in scores), sum(s.needless for s in scores)
    return needed / (needed + needless) if needed + needless else None


def _recall(scores: Sequence[RedactionScore], chosen: Callable[[Judged], bool]) -> Recall:
    tallies = [tally(filter(chosen, score.judged)) for score in scores]
    whole = tally(j for score in scores for j in score.judged if chosen(j))
    return Recall(whole, recall_interval([(t.covered, t.mentions) for t in tallies]))
