"""Everybody with a microphone of their own, which also hears the others: softer, later, noisier."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from tests.spoken.groups import Group, Sound, written
from transcriber.domain.recording import Audio
from transcriber.stages.pcm import SAMPLES_PER_MS

NOISE_RMS = 0.0008
"""Of each microphone, 36 dB below the talk of its own speaker."""

MOST_DELAY_MS = 20
"""Sound takes 3 ms a metre; the rest is how recorders differ."""

MOST_GAIN_DB = 8.0
"""How much louder or softer than the others a microphone may be set."""


@dataclass(frozen=True, slots=True)
class Bleed:
    """How loud the neighbours are in a microphone, in dB of its speaker: drawn between the two."""

    least_db: float
    most_db: float


def microphones(talk: Group, bleed: Bleed, seed: int) -> list[Sound]:
    """Return what each person's microphone records, the same for the same seed."""
    drawn = Random(seed)
    noises = np.random.default_rng(seed)
    recorded = []
    for own in range(len(talk.tracks)):
        sound = talk.tracks[own] + noises.normal(0, NOISE_RMS, talk.tracks.shape[1])
        for other, voice in enumerate(talk.tracks):
            if other != own:
                delay = drawn.randrange(MOST_DELAY_MS * SAMPLES_PER_MS)
                heard = np.roll(voice, delay)
                heard[:delay] = 0
                sound += heard * 10 ** (drawn.uniform(bleed.least_db, bleed.most_db) / 20)
        recorded.append(sound * 10 ** (drawn.uniform(-MOST_GAIN_DB, MOST_GAIN_DB) / 20))
    return recorded


def on_disk(sounds: Sequence[Sound], folder: Path) -> list[Audio]:
    """Write one file of samples a microphone."""
    return [
        written(sound, folder / f"microphone-{number}.s16")
        for number, sound in enumerate(sounds, start=1)
    ]
