"""Taking stretches out of samples, and hearing whether they are gone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.domain.released_sound import Fill
from transcriber.stages.pcm import SAMPLES_PER_MS

TONE_HZ = 1_000
TONE_LEVEL = 2_000
"""Of 32,768: audible, and quieter than talk."""

FADE_MS = 8
"""Just inside of a stretch, in its padding, so that it begins and ends without a click."""

Spans = Sequence[tuple[int, int]]
"""Stretches by the numbers of their first sample and of the one behind their last."""


def spans_of(stretches: Sequence[Interval], sample_count: int) -> Spans:
    """Return stretches as samples of a sound; what reaches its beginning or end has no fade there.

    Outside of them not one sample is changed.
    """
    fade = FADE_MS * SAMPLES_PER_MS
    spans = []
    for stretch in joined(stretches):
        start, end = stretch.start_ms * SAMPLES_PER_MS, stretch.end_ms * SAMPLES_PER_MS
        if start < min(end, sample_count):
            is_last = end + SAMPLES_PER_MS > sample_count  # lengths are told in whole ms
            spans.append((start or -fade, sample_count + fade if is_last else end))
    return spans


def filled(samples: NDArray[np.int16], first: int, spans: Spans, fill: Fill) -> NDArray[np.int16]:
    """Return samples, of which the first has the number `first`, without what lies in the spans."""
    fade = FADE_MS * SAMPLES_PER_MS
    result = samples.copy()
    for start, end in spans:
        low, high = max(start - first, 0), min(end - first, len(samples))
        if low >= high:
            continue
        numbers = np.arange(first + low, first + high)
        inside = np.minimum(numbers - start + 1, end - numbers)
        stays = 1 - inside.clip(0, fade) / fade
        kept = samples[low:high] * stays
        if fill is Fill.TONE:
            turns = 2 * np.pi * ((numbers * TONE_HZ) % SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
            kept = kept + (1 - stays) * np.sin(turns) * TONE_LEVEL
        result[low:high] = np.round(kept).clip(-32_768, 32_767)
    return result


class Listener:
    """Hears what was written, from its beginning on, and refuses what should be gone.

    `rate_hz` is that of what is heard. Within `smear_ms` of its ends a stretch is not looked at:
    there a codec lets sound that stays be heard. `loudest_left` of 32,768 is what it may leave of
    nothing.
    """

    def __init__(
        self, spans: Spans, fill: Fill, rate_hz: int, smear_ms: int, loudest_left: int
    ) -> None:
        smear = smear_ms * SAMPLES_PER_MS
        times = rate_hz // SAMPLE_RATE_HZ
        self._inner = [
            ((start + smear) * times, (end - smear) * times)
            for start, end in spans
            if end - start > 2 * smear
        ]
        self._fill = fill
        self._rate_hz = rate_hz
        self._loudest_left = loudest_left
        self._at = 0

    def hear(self, samples: NDArray[np.int16]) -> None:
        """Hear what follows. Raises RedactionRefused where a span holds more than its fill."""
        first, self._at = self._at, self._at + len(samples)
        for start, end in self._inner:
            low, high = max(0, start - first), min(len(samples), end - first)
            for place in range(low, high, self._rate_hz):
                if self._loudest(samples[place : min(place + self._rate_hz, high)]) > (
                    self._loudest_left
                ):
                    raise RedactionRefused(
                        "sound_left",
                        "Something is still heard where the sound should be gone, so the sound "
                        "was not written to its end. Please report this.",
                    )

    def _loudest(self, samples: NDArray[np.int16]) -> float:
        """Return the loudest sample of a second that is not the tone's."""
        heard = samples.astype(np.float64)
        if self._fill is Fill.TONE:
            # Its size and phase as encoding left them; the rest is what should not be there.
            turns = 2 * np.pi * TONE_HZ * np.arange(len(heard)) / self._rate_hz
            tone = np.stack((np.sin(turns), np.cos(turns)), axis=1)
            heard = heard - tone @ np.linalg.lstsq(tone, heard, rcond=None)[0]
        return float(np.abs(heard).max())
