"""Measure how good the sound of a recording is, a block at a time.

`python -m tests.benchmarks.sound_check` measures how well each figure is estimated.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.sound import POOR_CLARITY_DB, SoundCheck, SoundFigures, judged
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.protocols import Progress
from transcriber.stages.sound_check.clarity import (
    BIN_HZ,
    FRAME_MS,
    HOP_SAMPLES,
    TAIL_MS,
    Spectra,
    clarity_db,
    power_spectra,
)
from transcriber.stages.sound_check.over_talk import over_talk_share

_BLOCK_MS = 60_000
_STRETCH_FRAMES = 1_000  # ten seconds: some turns, seldom all voices
_MIN_TALK_FRAMES = 200  # in a stretch, for its level or echo to mean something
_MARGIN_MS = 150  # around speech, whose echo is not the noise of the room
_MIN_PAUSE_FRAMES = 100
_FLOOR = 1e-10  # -100 dBFS: the rounding of 16-bit samples

_LOW_BIN = round(100 / BIN_HZ)  # below is no speech, but most of a room's rumble
_ACTIVE_DB = 15.9  # ITU-T P.56: speech lasts while it is within this of its own level

_BAND_BINS = 8  # 250 Hz
_BAND_DB = 50.0  # below the strongest: measured, wide band falls there above 5 kHz
_LOUD_PERCENTILE = 60

_PEAK_FRAMES = 2  # 20 ms
_STEPS = 100  # of amplitude, up to the highest
_SEARCHED_STEPS = 30  # a codec or a change of rate lets some samples stand out above the cut
_PILED = 2.0  # times as many samples as below
_MIN_PILED_SAMPLES = 20

_HUM_SAMPLES = 8_192  # two lines 2 Hz apart are told apart
_HUM_BIN_HZ = SAMPLE_RATE_HZ / _HUM_SAMPLES
_MAINS_HZ = (50, 60)
_HUM_LINES = 4
_HUM_ABOVE_DB = 10.0  # what is around a line

# What makes a second pitch of echo, noise and missing harmonics (measured): no estimate there.
_OVER_TALK_CLARITY_DB = 13.0
_OVER_TALK_NOISE_DB = 20.0
_OVER_TALK_HZ = 4_500


class _Gathered:
    """What is kept of a recording: a few bytes for each frame, however long it is."""

    def __init__(self) -> None:
        self.power: list[NDArray[np.float32]] = []
        self.talking: list[NDArray[np.bool_]] = []
        self.pausing: list[NDArray[np.bool_]] = []
        self.peaks: list[NDArray[np.int32]] = []
        self.clarity: list[tuple[float, int]] = []
        self.amplitudes = np.zeros(32_769, dtype=np.int64)
        self.speech_spectrum = np.zeros(_BAND_BINS * 32)
        self.hum_spectrum = np.zeros(_HUM_SAMPLES // 2 + 1)
        self.hum_count = 0

    def add(self, audio: Audio, block: Interval, speech: Sequence[Interval]) -> None:
        """Measure one block; its last frame reaches into the next."""
        samples = read_samples(audio, Interval(block.start_ms, block.end_ms + TAIL_MS))
        sound = as_float(samples)
        spectra = power_spectra(sound)
        count = len(spectra)
        talking = _inside(speech, block.start_ms, count, 0)
        pausing = ~_inside(speech, block.start_ms, count, _MARGIN_MS)
        power = spectra[:, _LOW_BIN:].sum(axis=1)
        self.power.append(power)
        self.talking.append(talking)
        self.pausing.append(pausing)

        loudness = np.abs(samples[: count * HOP_SAMPLES].astype(np.int32))
        self.amplitudes += np.bincount(loudness, minlength=self.amplitudes.size)
        self.peaks.append(loudness.reshape(count, HOP_SAMPLES).max(axis=1))
        self._add_talk(spectra, power, talking)
        self._add_pauses(sound, pausing)

    def _add_talk(
        self, spectra: Spectra, power: NDArray[np.float32], talking: NDArray[np.bool_]
    ) -> None:
        if not talking.any():
            return
        loud = talking & (power >= np.percentile(power[talking], _LOUD_PERCENTILE))
        self.speech_spectrum += spectra[loud, :-1].sum(axis=0, dtype=np.float64)
        for first in range(0, len(spectra), _STRETCH_FRAMES):
            stretch = slice(first, first + _STRETCH_FRAMES)
            frames = int(np.count_nonzero(talking[stretch]))
            found = clarity_db(spectra[stretch]) if frames >= _MIN_TALK_FRAMES else None
            if found is not None:
                self.clarity.append((found, frames))

    def _add_pauses(self, sound: NDArray[np.float32], pausing: NDArray[np.bool_]) -> None:
        frames = -(-_HUM_SAMPLES // HOP_SAMPLES)
        for first in range(0, len(pausing) - frames + 1, frames):
            piece = sound[first * HOP_SAMPLES :][:_HUM_SAMPLES]
            if pausing[first : first + frames].all() and piece.size == _HUM_SAMPLES:
                spectrum = np.abs(np.fft.rfft(piece * np.hanning(_HUM_SAMPLES))) ** 2
                # A window of Hann holds 3/8 of the power.
                self.hum_spectrum += spectrum * 2 / (_HUM_SAMPLES**2 * 3 / 8)
                self.hum_count += 1


def check_sound(audio: Audio, speech: Sequence[Interval], progress: Progress) -> SoundCheck:
    """Measure `audio`, in which somebody speaks during `speech`; progress in milliseconds.

    Memory is that of one minute and some bytes for each 10 ms. Raises ValueError when nobody
    speaks, OSError when the samples are gone.
    """
    gathered = _Gathered()
    for start_ms in range(0, audio.duration_ms, _BLOCK_MS):
        block = Interval(start_ms, min(start_ms + _BLOCK_MS, audio.duration_ms))
        gathered.add(audio, block, speech)
        progress(block.end_ms, audio.duration_ms)
    figures = _figures(gathered)
    if _tells_voices_apart(figures):
        share = over_talk_share(audio, speech, figures.speech_level_dbfs)
        figures = replace(figures, over_talk_share=share)
    return judged(figures)


def _inside(
    speech: Sequence[Interval], start_ms: int, count: int, margin_ms: int
) -> NDArray[np.bool_]:
    """Tell for each of `count` frames from `start_ms` on whether it lies in speech or near it."""
    inside = np.zeros(count, dtype=np.bool_)
    for stretch in speech:
        first = (stretch.start_ms - margin_ms - start_ms) // FRAME_MS
        last = -((start_ms - stretch.end_ms - margin_ms) // FRAME_MS)
        inside[max(0, first) : max(0, last)] = True
    return inside


def _figures(gathered: _Gathered) -> SoundFigures:
    power = np.concatenate([np.zeros(0), *gathered.power])
    talking = np.concatenate([np.zeros(0, dtype=np.bool_), *gathered.talking])
    if not talking.any():
        raise ValueError("sound can be judged only where somebody speaks")
    pausing = np.concatenate(gathered.pausing)
    noise = _noise_power(power, talking, pausing)
    level = max(_active_power(power[talking]) - noise, _FLOOR)
    clarity, distant = _distance(gathered.clarity)
    return SoundFigures(
        speech_level_dbfs=_db(level),
        noise_level_dbfs=_db(noise),
        hum_db=_hum_db(gathered, level),
        clipped_share=_clipped_share(gathered, talking),
        clarity_db=clarity,
        distant_share=distant,
        level_spread_db=_spread_db(power, talking, noise),
        bandwidth_hz=_bandwidth_hz(gathered.speech_spectrum),
        over_talk_share=None,
    )


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, _FLOOR)))


def _noise_power(
    power: NDArray[np.float64], talking: NDArray[np.bool_], pausing: NDArray[np.bool_]
) -> float:
    """Return what pauses hold, else what the quietest moments of the talk hold.

    Digital silence is no pause: a phone or a meeting program writes it for the noise that it cut.
    """
    pauses = power[pausing & (power > _FLOOR)]
    if pauses.size >= _MIN_PAUSE_FRAMES:
        return max(float(np.median(pauses)), _FLOOR)
    return max(float(np.percentile(power[talking], 5)), _FLOOR)


def _active_power(power: NDArray[np.float64]) -> float:
    """Return the mean power while speech lasts; the threshold and the mean find each other."""
    level = float(power.mean())
    for _ in range(8):
        level = float(power[power >= level * 10 ** (-_ACTIVE_DB / 10)].mean())
    return level


def _distance(clarity: Sequence[tuple[float, int]]) -> tuple[float | None, float | None]:
    """Return the median clarity and the share of the talk where it is poor."""
    if not clarity:
        return None, None
    found, frames = np.array(clarity).T
    order = np.argsort(found)
    middle = np.searchsorted(np.cumsum(frames[order]), frames.sum() / 2)
    return float(found[order][middle]), float(frames[found < POOR_CLARITY_DB].sum() / frames.sum())


def _spread_db(power: NDArray[np.float64], talking: NDArray[np.bool_], noise: float) -> float:
    """Return how far loud (nine in ten) and quiet (one in ten) stretches of talk lie apart."""
    talk = power[talking]
    pieces = [
        talk[first : first + _MIN_TALK_FRAMES]
        for first in range(0, talk.size - _MIN_TALK_FRAMES + 1, _MIN_TALK_FRAMES)
    ]
    if not pieces:
        return 0.0
    levels = [_db(max(_active_power(piece) - noise, noise)) for piece in pieces]
    quiet, loud = np.percentile(levels, (10, 90))
    return float(loud - quiet)


def _bandwidth_hz(spectrum: NDArray[np.float64]) -> int:
    bands = spectrum.reshape(-1, _BAND_BINS).mean(axis=1)
    heard = np.flatnonzero(bands >= bands.max() * 10 ** (-_BAND_DB / 10))
    return round((int(heard[-1]) + 1) * _BAND_BINS * BIN_HZ)


def _clipped_share(gathered: _Gathered, talking: NDArray[np.bool_]) -> float:
    """Return the share of the talk, in pieces of 20 ms, that reaches the cut."""
    ceiling = _ceiling(gathered.amplitudes)
    peaks = np.concatenate(gathered.peaks)
    pieces = peaks.size // _PEAK_FRAMES
    if ceiling is None or not pieces:
        return 0.0
    whole = pieces * _PEAK_FRAMES
    clipped = (peaks[:whole].reshape(pieces, _PEAK_FRAMES) >= ceiling).any(axis=1)
    spoken = talking[:whole].reshape(pieces, _PEAK_FRAMES).any(axis=1)
    pieces_spoken = int(spoken.sum())
    return int((clipped & spoken).sum()) / max(1, pieces_spoken)


def _ceiling(amplitudes: NDArray[np.int64]) -> float | None:
    """Return the amplitude at which samples pile up; None when the sound is not clipped.

    Samples of speech become rarer towards the highest amplitude. Where it was cut off, at full
    scale or before it was turned down, there are more of them than below.
    """
    highest = int(np.flatnonzero(amplitudes)[-1])
    if highest < _STEPS:
        return None
    edges = np.round(np.arange(_STEPS) * (highest + 1) / _STEPS).astype(int)
    counts = np.add.reduceat(amplitudes[: highest + 1], edges)
    steps = counts / np.diff(np.append(edges, highest + 1))
    for step in range(_STEPS - 1, _STEPS - _SEARCHED_STEPS, -1):
        below = steps[step - 5 : step - 1].mean()
        if counts[step] >= _MIN_PILED_SAMPLES and steps[step] >= _PILED * below:
            return float(edges[step])
    return None


def _hum_db(gathered: _Gathered, speech_power: float) -> float | None:
    """Return the power of the mains lines relative to speech; None where they do not stand out."""
    if not gathered.hum_count:
        return None
    spectrum = gathered.hum_spectrum / gathered.hum_count
    found = (_lines(spectrum, mains_hz) for mains_hz in _MAINS_HZ)
    strongest = max((lines for lines in found if lines), default=0.0)
    return _db(strongest) - _db(speech_power) if strongest > _FLOOR else None


def _lines(spectrum: NDArray[np.float64], mains_hz: int) -> float:
    """Return the power of those lines that stand out; 0 with fewer than two."""
    powers = []
    for multiple in range(1, _HUM_LINES + 1):
        centre = round(mains_hz * multiple / _HUM_BIN_HZ)
        line = spectrum[centre - 2 : centre + 3].sum()
        around = np.concatenate(
            (spectrum[centre - 10 : centre - 3], spectrum[centre + 4 : centre + 11])
        )
        if line > 5 * np.median(around) * 10 ** (_HUM_ABOVE_DB / 10):
            powers.append(float(line))
    return sum(powers) if len(powers) > 1 else 0.0


def _tells_voices_apart(figures: SoundFigures) -> bool:
    return (
        figures.clarity_db is not None
        and figures.clarity_db >= _OVER_TALK_CLARITY_DB
        and figures.signal_to_noise_db >= _OVER_TALK_NOISE_DB
        and figures.bandwidth_hz >= _OVER_TALK_HZ
    )
