"""Who spoke when, compared: diarisation error rate with its parts, and Jaccard error rate."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Turn

COLLAR_MS = 250
"""Left out on either side of each gold border (NIST RT-09 evaluation plan)."""


@dataclass(frozen=True, slots=True)
class DiarisationScore:
    """Seconds of wrong and of all gold talk in the scored region, and how many voices.

    `jaccard_error` is the sum over gold speakers (DIHARD II evaluation plan), `jaccard_speakers`
    how many they are there.
    """

    talk_s: float = 0.0
    missed_s: float = 0.0
    false_alarm_s: float = 0.0
    confusion_s: float = 0.0
    gold_speakers: int = 0
    found_speakers: int = 0
    jaccard_error: float = 0.0
    jaccard_speakers: int = 0

    @property
    def error_rate(self) -> float | None:
        """Missed, false alarm and confusion as a share of the gold talk; None without talk."""
        return self.share(self.missed_s + self.false_alarm_s + self.confusion_s)

    @property
    def jaccard_error_rate(self) -> float | None:
        """Mean over gold speakers, each counting alike; None without any."""
        return self.jaccard_error / self.jaccard_speakers if self.jaccard_speakers else None

    def share(self, seconds: float) -> float | None:
        """Return seconds as a share of the gold talk; None without talk."""
        return seconds / self.talk_s if self.talk_s else None

    def __add__(self, other: "DiarisationScore") -> "DiarisationScore":
        names = [field.name for field in fields(self)]
        return DiarisationScore(**{n: getattr(self, n) + getattr(other, n) for n in names})


def score_diarisation(
    gold: Sequence[Turn], found: Sequence[Turn], scored: Sequence[Interval]
) -> DiarisationScore:
    """Compare turns within the scored stretches, talk at once included.

    Without scored stretches all from the first to the last turn of either side counts.
    """
    with warnings.catch_warnings():
        # The packages that pyannote.metrics imports warn about themselves.
        warnings.simplefilter("ignore")
        from pyannote.core import Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate, JaccardErrorRate

    region = Timeline([_segment(place) for place in scored or _extent([*gold, *found])])
    # pyannote.metrics takes both sides of a border together.
    options = {"collar": 2 * COLLAR_MS / 1000, "skip_overlap": False}
    sides = _annotation(gold), _annotation(found)
    parts = DiarizationErrorRate(**options)(*sides, uem=region, detailed=True)
    jaccard = JaccardErrorRate(**options)(*sides, uem=region, detailed=True)
    return DiarisationScore(
        talk_s=float(parts["total"]),
        missed_s=float(parts["missed detection"]),
        false_alarm_s=float(parts["false alarm"]),
        confusion_s=float(parts["confusion"]),
        gold_speakers=len({turn.speaker for turn in gold}),
        found_speakers=len({turn.speaker for turn in found}),
        jaccard_error=float(jaccard["speaker error"]),
        jaccard_speakers=int(jaccard["speaker count"]),
    )


def _extent(turns: Sequence[Turn]) -> list[Interval]:
    places = [turn.interval for turn in turns]
    if not places:
        return []
    return [Interval(min(p.start_ms for p in places), max(p.end_ms for p in places))]


def _segment(place: Interval) -> Any:
    from pyannote.core import Segment

    return Segment(place.start_ms / 1000, place.end_ms / 1000)


def _annotation(turns: Sequence[Turn]) -> Any:
    from pyannote.core import Annotation

    annotation = Annotation()
    for number, turn in enumerate(turns):
        annotation[_segment(turn.interval), number] = turn.speaker
    return annotation


def total_diarisation(scores: Sequence[DiarisationScore]) -> DiarisationScore:
    """Add up seconds and speakers, so that a long recording weighs more than a short one."""
    return sum(scores, DiarisationScore())
