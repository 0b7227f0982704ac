"""Talk-time, turns, interruptions and silence, from when each speaker talks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise

from transcriber.domain.interval import Interval, joined
from transcriber.domain.talk import SpeakerTalk, TalkFigures
from transcriber.domain.transcript import Transcript

TURN_PAUSE_MS = 2_000
"""A speaker who goes on after a longer silence begins a new turn, as paragraphs do."""

TAKES_OVER_MS = 500
"""Shorter overlaps at the end of a turn are none: people foresee where a turn ends, and come in on
its last syllables (Schegloff, "Overlapping talk", Language in Society 29, 2000)."""


LISTENING_MS = 1_000
"""A listening sound ("mm", "yeah, yeah") takes no turn; whoever goes on for longer has one."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Somebody talks; `listens` when it is short and lies within somebody else's talk."""

    interval: Interval
    speaker: str
    listens: bool = False


def talk_figures(talking: Mapping[str, Sequence[Interval]], transcript: Transcript) -> TalkFigures:
    """Return the figures; the stretches of each speaker are in order and do not overlap.

    Silence is told apart without remainder: `silence_ms` is the pauses and gaps of all speakers and
    what is before the first and after the last talk.
    """
    stretches = _in_order(talking)
    takings = _takings(stretches)
    silences = _silences(stretches)
    words = Counter(word.speaker for word in transcript.words if word.struck is None)
    talk_ms = {who: sum(s.duration_ms for s in spoken) for who, spoken in talking.items()}
    all_ms = sum(talk_ms.values())
    turns = _turns(stretches)
    first_ms = {who: spoken[0].start_ms for who, spoken in talking.items() if spoken}
    order = sorted(first_ms, key=lambda who: (first_ms[who], who))
    somebody = joined(stretch.interval for stretch in stretches)
    somebody_ms = sum(stretch.duration_ms for stretch in somebody)
    return TalkFigures(
        duration_ms=transcript.duration_ms,
        speakers=tuple(
            SpeakerTalk(
                speaker=who,
                talk_ms=talk_ms[who],
                share=round(talk_ms[who] / all_ms, 4) if all_ms else 0.0,
                turns=len(turns[who]),
                longest_turn_ms=max((turn.duration_ms for turn in turns[who]), default=0),
                listening=sum(s.listens and s.speaker == who for s in stretches),
                words=words[who],
                overlapped_ms=_shared_ms(who, talking),
                interrupts=sum(taker == who for taker, _ in takings),
                interrupted=sum(taken == who for _, taken in takings),
                pauses_ms=sum(ms for ms, after, before in silences if before == after == who),
                gaps_ms=sum(ms for ms, after, before in silences if before != after == who),
            )
            for who in order
        ),
        stretches=tuple(tuple(talking[who]) for who in order),
        silence_ms=max(transcript.duration_ms - somebody_ms, 0),
        overlap_ms=_overlap_ms(stretches),
    )


def _in_order(talking: Mapping[str, Sequence[Interval]]) -> list[_Stretch]:
    """Return all stretches by start; those within somebody else's are listening sounds."""
    each = ([_Stretch(interval, who) for interval in spoken] for who, spoken in talking.items())
    ordered = list(merge(*each, key=lambda s: (s.interval, s.speaker)))
    result: list[_Stretch] = []
    reach: dict[str, Interval] = {}
    for stretch in ordered:
        within = stretch.interval.duration_ms <= LISTENING_MS and any(
            other.start_ms < stretch.interval.start_ms and stretch.interval.end_ms < other.end_ms
            for who, other in reach.items()
            if who != stretch.speaker
        )
        result.append(_Stretch(stretch.interval, stretch.speaker, within))
        reach[stretch.speaker] = stretch.interval
    return result


def _turns(stretches: Sequence[_Stretch]) -> dict[str, list[Interval]]:
    """Return the turns of each: stretches without a long silence or another's turn in between."""
    turns: dict[str, list[Interval]] = {stretch.speaker: [] for stretch in stretches}
    holder = None
    for stretch in (stretch for stretch in stretches if not stretch.listens):
        mine, now = turns[stretch.speaker], stretch.interval
        if mine and stretch.speaker == holder and now.start_ms - mine[-1].end_ms < TURN_PAUSE_MS:
            mine[-1] = Interval(mine[-1].start_ms, max(mine[-1].end_ms, now.end_ms))
        else:
            mine.append(now)
        holder = stretch.speaker
    return turns


def _takings(stretches: Sequence[_Stretch]) -> list[tuple[str, str]]:
    """Return who came in while whom was speaking, and went on when that one had stopped."""
    found = []
    open_now: dict[str, Interval] = {}
    for stretch in stretches:
        now = stretch.interval
        for who, other in open_now.items():
            overlap_ms = min(other.end_ms, now.end_ms) - now.start_ms
            if (
                who != stretch.speaker
                and other.start_ms < now.start_ms
                and other.end_ms < now.end_ms
                and overlap_ms >= TAKES_OVER_MS
            ):
                found.append((stretch.speaker, who))
        open_now[stretch.speaker] = now
    return found


def _silences(stretches: Sequence[_Stretch]) -> list[tuple[int, str, str]]:
    """Return each silence of everybody between talk: its length, who ends it, who spoke before."""
    found = []
    end_ms, last = 0, ""
    for number, stretch in enumerate(stretches):
        silence_ms = stretch.interval.start_ms - end_ms
        if number and silence_ms > 0:
            found.append((silence_ms, stretch.speaker, last))
        if stretch.interval.end_ms >= end_ms:
            end_ms, last = stretch.interval.end_ms, stretch.speaker
    return found


def _shared_ms(who: str, talking: Mapping[str, Sequence[Interval]]) -> int:
    others = joined(s for other, spoken in talking.items() if other != who for s in spoken)
    return _common_ms(talking[who], others)


def _common_ms(one: Sequence[Interval], other: Sequence[Interval]) -> int:
    """Milliseconds that two ordered lists without overlap of their own share."""
    total, a, b = 0, 0, 0
    while a < len(one) and b < len(other):
        total += one[a].overlap_ms(other[b])
        if one[a].end_ms <= other[b].end_ms:
            a += 1
        else:
            b += 1
    return total


def _overlap_ms(stretches: Sequence[_Stretch]) -> int:
    """Milliseconds in which more than one speaks."""
    changes = sorted(
        change
        for stretch in stretches
        for change in ((stretch.interval.start_ms, 1), (stretch.interval.end_ms, -1))
    )
    total, speaking = 0, 0
    for (at_ms, change), (next_ms, _) in pairwise(changes):
        speaking += change
        total += (next_ms - at_ms) * (speaking > 1)
    return total
