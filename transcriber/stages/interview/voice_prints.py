"""How each voice of a recording sounds, from where it speaks alone."""

from collections.abc import Sequence

import numpy as np

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Turn, Voice
from transcriber.stages.interview.solo import solo_stretches
from transcriber.stages.protocols import Progress, VoiceComparer

SHORTEST_MS = 1_500
"""Shorter pieces say more about their sounds than about the voice."""

LONGEST_MS = 8_000

ENOUGH_MS = 120_000
"""Of the longest pieces; more talk hardly changes the mean."""

LEAST_MS = 4_000
"""From less talk no print is taken: it would be compared with doubt and kept all the same."""


def voice_prints(
    audio: Audio, turns: Sequence[Turn], comparer: VoiceComparer, progress: Progress
) -> tuple[Voice, ...]:
    """Return the voices that speak alone for long enough; progress counts voices."""
    voices = []
    alone = solo_stretches(turns)
    for number, (speaker, stretches) in enumerate(alone.items(), start=1):
        pieces = _pieces(stretches)
        vectors = [vector for vector in comparer.embed(audio, pieces) if vector is not None]
        if vectors and sum(piece.duration_ms for piece in pieces) >= LEAST_MS:
            mean = np.mean(vectors, axis=0)
            voices.append(Voice(speaker, tuple((mean / np.linalg.norm(mean)).tolist())))
        progress(number, len(alone))
    return tuple(voices)


def _pieces(stretches: Sequence[Interval]) -> list[Interval]:
    pieces = [
        Interval(start_ms, min(start_ms + LONGEST_MS, stretch.end_ms))
        for stretch in stretches
        for start_ms in range(stretch.start_ms, stretch.end_ms - SHORTEST_MS + 1, LONGEST_MS)
    ]
    pieces.sort(key=lambda piece: (-piece.duration_ms, piece.start_ms))
    taken: list[Interval] = []
    total_ms = 0
    for piece in pieces:
        if total_ms >= ENOUGH_MS:
            break
        taken.append(piece)
        total_ms += piece.duration_ms
    return sorted(taken)
