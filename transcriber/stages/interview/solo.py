"""Where one voice speaks alone."""

from collections.abc import Sequence

from transcriber.domain.interval import Interval, joined
from transcriber.domain.transcript import Turn

MARGIN_MS = 250
"""Kept from other voices: turn borders are that exact at best (issue 5)."""


def solo_stretches(turns: Sequence[Turn]) -> dict[str, list[Interval]]:
    """Return the stretches of each voice that keep a quarter of a second from any other voice."""
    own: dict[str, list[Interval]] = {}
    for turn in turns:
        own.setdefault(turn.speaker, []).append(turn.interval)
    return {voice: _without(joined(spoken), _others(own, voice)) for voice, spoken in own.items()}


def _others(own: dict[str, list[Interval]], voice: str) -> list[Interval]:
    return joined(
        Interval(max(stretch.start_ms - MARGIN_MS, 0), stretch.end_ms + MARGIN_MS)
        for other, spoken in own.items()
        if other != voice
        for stretch in spoken
    )


def _without(stretches: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Cut ordered `others` out of ordered `stretches`."""
    left: list[Interval] = []
    place = 0
    for stretch in stretches:
        start_ms = stretch.start_ms
        while place < len(others) and others[place].end_ms <= start_ms:
            place += 1
        at = place
        while at < len(others) and others[at].start_ms < stretch.end_ms:
            if others[at].start_ms > start_ms:
                left.append(Interval(start_ms, others[at].start_ms))
            start_ms = max(start_ms, others[at].end_ms)
            at += 1
        if start_ms < stretch.end_ms:
            left.append(Interval(start_ms, stretch.end_ms))
    return left
