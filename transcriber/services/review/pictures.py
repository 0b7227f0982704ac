"""Pictures of recordings as numbers: who talks when and how much, and where identifiers cluster.

Pages draw them and set the same figures as a table beside them. No word of the talk is in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from transcriber.domain.interval import Interval
from transcriber.domain.review import JudgedFinding
from transcriber.domain.transcript import Transcript

ROW_MINUTES = (1, 2, 5, 10, 15, 30, 60)
"""How long a row of the timeline may be."""

ROWS = 6
PAUSE_MS = 700
"""Silence within one speaker's talk that is too short to be seen."""

BINS = 40
"""Into how many parts of one length a recording is divided to show where identifiers cluster."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a row, in per cent of its width."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One speaker in one row: number from 0 by first talk, label, bars, seconds of talk."""

    number: int
    label: str
    bars: tuple[Bar, ...]
    talk_s: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline: times in milliseconds, a lane for each speaker."""

    start_ms: int
    end_ms: int
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class TalkShare:
    """One speaker's part of all talk, in order of first talk; `x` and `share` from 0 to 1."""

    number: int
    label: str
    talk_ms: int
    x: float
    share: float


@dataclass(frozen=True, slots=True)
class Bin:
    """How many identifiers stand in a part of a recording; `height` from 0 to 1 of the most."""

    start_ms: int
    end_ms: int
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of one recording; `most` is the highest bin's count."""

    timeline: tuple[Row, ...]
    shares: tuple[TalkShare, ...]
    clusters: tuple[Bin, ...]
    most: int


def pictures_of(transcript: Transcript, findings: Iterable[JudgedFinding]) -> Pictures:
    """Return the pictures of a version of a recording."""
    talk = _talk(transcript)
    clusters = _clusters(transcript, findings)
    return Pictures(
        timeline=_timeline(transcript, talk),
        shares=_shares(transcript, talk),
        clusters=clusters,
        most=max((one.count for one in clusters), default=0),
    )


Talk = dict[str | None, list[Interval]]


def _talk(transcript: Transcript) -> Talk:
    """When each speaker talks, by first talk; words that follow each other closely are joined."""
    talk: Talk = defaultdict(list)
    for word in transcript.words:
        if word.struck is not None:
            continue
        spoken = talk[word.speaker]
        if spoken and word.start_ms - spoken[-1].end_ms < PAUSE_MS:
            spoken[-1] = Interval(spoken[-1].start_ms, max(spoken[-1].end_ms, word.end_ms))
        else:
            spoken.append(word.interval)
    return talk


def _timeline(transcript: Transcript, talk: Talk) -> tuple[Row, ...]:
    end_ms = max(transcript.duration_ms, *(spoken[-1].end_ms for spoken in talk.values()), 1)
    fitting = (m for m in ROW_MINUTES if ceil(end_ms / m / 60_000) <= ROWS)
    row_ms = next(fitting, ROW_MINUTES[-1]) * 60_000
    rows = []
    for start_ms in range(0, end_ms, row_ms):
        row = Interval(start_ms, start_ms + row_ms)
        lanes = []
        for number, (speaker, spoken) in enumerate(talk.items()):
            parts = list(_within(spoken, row))
            bars = tuple(
                Bar(
                    round(100 * (part.start_ms - start_ms) / row_ms, 2),
                    round(max(100 * part.duration_ms / row_ms, 0.1), 2),
                )
                for part in parts
            )
            talk_s = round(sum(part.duration_ms for part in parts) / 1000)
            lanes.append(Lane(number, transcript.label(speaker), bars, talk_s))
        rows.append(Row(start_ms, row.end_ms, tuple(lanes)))
    return tuple(rows)


def _within(spoken: Sequence[Interval], row: Interval) -> Iterator[Interval]:
    for one in spoken:
        if one.overlap_ms(row):
            yield Interval(max(one.start_ms, row.start_ms), min(one.end_ms, row.end_ms))


def _shares(transcript: Transcript, talk: Talk) -> tuple[TalkShare, ...]:
    each = {who: sum(one.duration_ms for one in spoken) for who, spoken in talk.items()}
    total = sum(each.values())
    shares, x = [], 0.0
    for number, (speaker, talk_ms) in enumerate(each.items()):
        share = talk_ms / total if total else 0.0
        shares.append(
            TalkShare(number, transcript.label(speaker), talk_ms, round(x, 4), round(share, 4))
        )
        x += share
    return tuple(shares)


def _clusters(transcript: Transcript, findings: Iterable[JudgedFinding]) -> tuple[Bin, ...]:
    duration_ms = max(transcript.duration_ms, BINS)
    counts = [0] * BINS
    for judged in findings:
        place = judged.finding.place
        if place is not None and not judged.leaves:
            counts[min(place.start_ms * BINS // duration_ms, BINS - 1)] += 1
    most = max(counts)
    return tuple(
        Bin(
            duration_ms * number // BINS,
            duration_ms * (number + 1) // BINS,
            count,
            round(count / most, 3) if most else 0.0,
        )
        for number, count in enumerate(counts)
    )
