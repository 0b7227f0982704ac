"""Clear clips of each voice, for a person who puts names to voices.

A clip is three to eight seconds of one voice alone, at the level at which this voice mostly speaks,
without distortion, with few pauses, and sounding like the rest of what this voice says.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.clip import Clip
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Transcript, Turn
from transcriber.stages.interview.solo import solo_stretches
from transcriber.stages.pcm import SAMPLES_PER_MS, as_float, read_samples
from transcriber.stages.protocols import Progress, VoiceComparer

LONGEST_MS = 8_000
GOOD_MS = 3_000
SHORTEST_MS = 1_000
"""A voice that never speaks for three seconds gets shorter clips, not none."""

CLIPS = 3
PARTS = 6
"""The recording is divided into this many parts, and each gives a voice's clearest clip: twice as
many as are shown, so that some are left when a person corrects who spoke where."""

CANDIDATES_A_PART = 6
"""Of the longest stretches; hours of talk need not all be heard for three clips."""

FRAME_MS = 50
QUIET_DB = 20.0
"""A frame this far below the loud ones of its clip is a pause."""

CLIPPED = 0.98
"""Of full scale."""


def find_clips(
    audio: Audio, turns: Sequence[Turn], comparer: VoiceComparer, progress: Progress
) -> tuple[Clip, ...]:
    """Return up to `PARTS` clips of each voice in order of time; progress counts voices."""
    found: list[Clip] = []
    alone = solo_stretches(turns)
    for number, (voice, stretches) in enumerate(alone.items(), start=1):
        candidates = _candidates(stretches, audio.duration_ms)
        clarity = _clarity(audio, candidates, comparer)
        best: dict[int, Clip] = {}
        for candidate, clear in zip(candidates, clarity, strict=True):
            part = _part(candidate, audio.duration_ms)
            if part not in best or clear > best[part].clarity:
                best[part] = Clip(voice, candidate, clear)
        found += [best[part] for part in sorted(best)]
        progress(number, len(alone))
    return tuple(found)


def chosen_clips(
    clips: Sequence[Clip], heard: Transcript, current: Transcript
) -> dict[str, tuple[Clip, ...]]:
    """Return up to three clips for each speaker of `current`, in order of time.

    `clips` are those of the voices in `heard`. A clip goes to the one who has all of its words now,
    and to nobody where its words changed hands in part.
    """
    theirs: defaultdict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        owners = {
            now.speaker
            for was, now in zip(heard.words, current.words, strict=True)
            if was.speaker == clip.speaker and was.interval.overlap_ms(clip.interval)
        } or {clip.speaker}
        if len(owners) == 1:
            (owner,) = owners
            theirs[owner or ""].append(clip)
    return {
        speaker.id: tuple(sorted(_clearest(theirs[speaker.id]), key=lambda clip: clip.interval))
        for speaker in current.speakers
    }


def _clearest(clips: Sequence[Clip]) -> list[Clip]:
    return sorted(clips, key=lambda clip: (-clip.clarity, clip.interval))[:CLIPS]


def _candidates(stretches: Sequence[Interval], duration_ms: int) -> list[Interval]:
    """Return stretches of a good length, the longest of each part of the recording."""
    pieces = [piece for stretch in stretches for piece in _pieces(stretch)]
    if any(piece.duration_ms >= GOOD_MS for piece in pieces):
        pieces = [piece for piece in pieces if piece.duration_ms >= GOOD_MS]
    by_part: defaultdict[int, list[Interval]] = defaultdict(list)
    for piece in pieces:
        by_part[_part(piece, duration_ms)].append(piece)
    return [
        piece
        for part in sorted(by_part)
        for piece in sorted(by_part[part], key=lambda p: -p.duration_ms)[:CANDIDATES_A_PART]
    ]


def _pieces(stretch: Interval) -> list[Interval]:
    """Cut a stretch into equal pieces of at most `LONGEST_MS`; too short a one gives none."""
    if stretch.duration_ms < SHORTEST_MS:
        return []
    number = -(-stretch.duration_ms // LONGEST_MS)
    borders = [
        stretch.start_ms + stretch.duration_ms * place // number for place in range(number + 1)
    ]
    return [Interval(start, end) for start, end in pairwise(borders)]


def _part(piece: Interval, duration_ms: int) -> int:
    return min(piece.start_ms * PARTS // max(duration_ms, 1), PARTS - 1)


def _clarity(audio: Audio, candidates: Sequence[Interval], comparer: VoiceComparer) -> list[float]:
    """Return the clarity of each candidate of one voice, about 0 to 1."""
    levels = [_levels_db(audio, candidate) for candidate in candidates]
    usual_db = float(np.median([np.percentile(db, 90) for db in levels])) if levels else 0.0
    similar = _similarity(comparer.embed(audio, candidates))
    return [
        round(likeness - _faults(audio, candidate, db, usual_db), 4)
        for candidate, db, likeness in zip(candidates, levels, similar, strict=True)
    ]


def _faults(
    audio: Audio, candidate: Interval, levels_db: NDArray[np.float64], usual_db: float
) -> float:
    """Return what is wrong with a clip: pauses, distortion, a level that is not the voice's own."""
    loud_db = float(np.percentile(levels_db, 90))
    pauses = float(np.mean(levels_db < loud_db - QUIET_DB))
    clipped = float(np.mean(np.abs(as_float(read_samples(audio, candidate))) >= CLIPPED))
    # Ten decibels beside the usual level are as bad as a clip that is all pauses.
    return pauses + abs(loud_db - usual_db) / 10 + 100 * clipped


def _levels_db(audio: Audio, candidate: Interval) -> NDArray[np.float64]:
    """Return the level of each frame of a stretch, in dB below full scale."""
    samples = as_float(read_samples(audio, candidate)).astype(np.float64)
    size = FRAME_MS * SAMPLES_PER_MS
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        return np.array([-100.0])
    level: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    return level


def _similarity(prints: Sequence[tuple[float, ...] | None]) -> list[float]:
    """Return how much each sounds like all of them together, at most 1."""
    known = [np.asarray(one) for one in prints if one is not None]
    if not known:
        return [0.0] * len(prints)
    mean = np.mean(known, axis=0)
    length = float(np.linalg.norm(mean)) or 1.0
    return [0.0 if one is None else float(np.dot(one, mean)) / length for one in prints]
