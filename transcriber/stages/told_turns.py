"""Lay turns that another program wrote down over the recording: its clock is not ours.

The times are moved and stretched so that the turns lie where somebody speaks. Only that is used of
the sound, so the turns' borders stay as loose as they came; words go to speakers unit by unit
(`word_speakers`), which mends most of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import IngestedRecording
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import Diarisation, Transcript, Turn, Voice

FRAME_MS = 50

MOST_OFFSET_MS = 120_000
"""A meeting's transcript begins at most two minutes before or after its recording."""

BLOCK_MS = 300_000
"""Drift is looked for from one stretch of five minutes to the next."""

MOST_DRIFT_MS = 3_000
"""How far a block may lie from where the whole fits best; clocks differ by seconds an hour."""

LEAST_AGREEMENT = 0.25
"""Correlation of turns and speech below which they are not of one recording.

Measured on synthetic groups of 3 to 20 minutes whose cues begin and end 0.3 to 0.5 s off: 0.38 and
more for their own recording.
"""

LEAST_PEAK = 6.5
"""By how many standard deviations the best offset must stand out from all others.

Measured on the same: at least 7 for their own recording, at most 6.1 for another. A minute of talk
gives 5 to 7, which does not tell them apart, and is mostly refused.
"""

LEAST_SHARED_MS = 30_000
"""Less talk fits anywhere."""

_AROUND_PEAK_MS = 5_000
_FEWEST_BLOCKS = 3  # two points are a line whatever they say

Frames = NDArray[np.float64]


def told_diarisation(
    ingested: IngestedRecording, told: ToldSpeakers, trimmed_ms: int
) -> Diarisation:
    """Return the told turns in the time of the recording.

    Told times count from the start of the file, of which `trimmed_ms` were cut off. Raises
    InputError `speakers_do_not_fit` when turns and speech have nothing to do with one another.
    """
    duration_ms = ingested.audio.duration_ms
    speech = _frames(ingested.speech)
    talk = _frames([turn.interval for turn in told.turns])
    slope, shift_ms = _clock(talk, speech, -trimmed_ms)
    turns = []
    for turn in told.turns:
        start_ms, end_ms = (
            min(max(round(at_ms * (1 + slope) + shift_ms), 0), duration_ms)
            for at_ms in (turn.interval.start_ms, turn.interval.end_ms)
        )
        if start_ms < end_ms:
            turns.append(Turn(turn.speaker, Interval(start_ms, end_ms)))
    turns.sort(key=lambda turn: (turn.interval, turn.speaker))
    speakers = dict.fromkeys(turn.speaker for turn in turns)
    return Diarisation(tuple(turns), tuple(Voice(speaker) for speaker in speakers))


def labelled(transcript: Transcript, told: ToldSpeakers) -> Transcript:
    """Return the transcript with the roster's labels for speakers who have one there."""
    known = {speaker.id: speaker for speaker in told.speakers if speaker.label != speaker.id}
    speakers = tuple(known.get(speaker.id, speaker) for speaker in transcript.speakers)
    return replace(transcript, speakers=speakers)


def _clock(talk: Frames, speech: Frames, expected_ms: int) -> tuple[float, float]:
    """Return how much faster the told clock runs and how far it is off, in milliseconds.

    Raises InputError when no offset fits much better than all others.
    """
    from scipy.stats import theilslopes

    whole = _fit(talk, speech, expected_ms, MOST_OFFSET_MS)
    if whole is None or whole.agreement < LEAST_AGREEMENT or whole.peak < LEAST_PEAK:
        raise InputError(
            "speakers_do_not_fit",
            "The times in the file of --speakers-from do not fit this recording: its talk lies "
            "where nobody speaks. Give the file of this recording, or leave the option out: who "
            "is speaking is then found from the voices.",
        )
    middles_ms, offsets_ms = [], []
    size = BLOCK_MS // FRAME_MS
    for first in range(0, len(talk), size):
        block = np.zeros_like(talk)
        block[first : first + size] = talk[first : first + size]
        fit = _fit(block, speech, whole.offset_ms, MOST_DRIFT_MS)
        if fit is not None and fit.agreement >= LEAST_AGREEMENT:
            middles_ms.append((first + size / 2) * FRAME_MS)
            offsets_ms.append(fit.offset_ms)
    if len(offsets_ms) < _FEWEST_BLOCKS:
        return 0.0, whole.offset_ms
    line = theilslopes(offsets_ms, middles_ms)
    return float(line.slope), float(line.intercept)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where turns fit the speech best, how well (-1 to 1), and how far that stands out."""

    offset_ms: int
    agreement: float
    peak: float


def _fit(talk: Frames, speech: Frames, around_ms: int, reach_ms: int) -> _Fit | None:
    """Move `talk` over `speech` by up to `reach_ms` around an offset; None where one is empty.

    At each offset only the stretch that both have counts, at least half of the shorter one and
    `LEAST_SHARED_MS`, and the longer it is the more (the correlation's t-statistic).
    """
    on = np.flatnonzero(talk)
    if not on.size:
        return None
    first, last = int(on[0]), int(on[-1]) + 1
    around, reach = around_ms // FRAME_MS, reach_ms // FRAME_MS
    low = max(first + around - reach, 0)
    high = min(last + around + reach, len(speech))
    if low >= high:
        return None
    said, heard = talk[first:last], speech[low:high]
    lags = np.arange(1 - len(said), len(heard)) + low - first
    agreements, shared = _agreements(said, heard)
    enough = max(min(len(said), len(heard)) / 2, LEAST_SHARED_MS / FRAME_MS)
    near = (np.abs(lags - around) <= reach) & (shared >= enough)
    if not near.any():
        return None
    agreements, lags = agreements[near], lags[near]
    weighty = agreements * np.sqrt(shared[near])
    best = int(weighty.argmax())
    others = weighty[np.abs(lags - lags[best]) > _AROUND_PEAK_MS // FRAME_MS]
    spread = float(others.std()) if others.size else 0.0
    peak = (float(weighty[best]) - float(others.mean())) / spread if spread else 0.0
    return _Fit(int(lags[best]) * FRAME_MS, float(agreements[best]), peak)


def _agreements(said: Frames, heard: Frames) -> tuple[Frames, Frames]:
    """Return for each lag Pearson's correlation of what both have, and how many frames that is.

    Of numbers that are 0 or 1 the sum is the sum of squares.
    """
    from scipy.signal import correlate

    shared = np.rint(correlate(np.ones_like(heard), np.ones_like(said)))
    both = correlate(heard, said)
    of_said = correlate(np.ones_like(heard), said)
    of_heard = correlate(heard, np.ones_like(said))
    spread = (of_said - of_said**2 / shared) * (of_heard - of_heard**2 / shared)
    agreements: Frames = (both - of_said * of_heard / shared) / np.sqrt(np.maximum(spread, 1.0))
    return agreements, shared


def _frames(places: Sequence[Interval]) -> Frames:
    on = np.zeros(max((place.end_ms for place in places), default=0) // FRAME_MS + 1)
    for place in places:
        on[place.start_ms // FRAME_MS : place.end_ms // FRAME_MS] = 1.0
    return on
