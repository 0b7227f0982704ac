"""A microphone overhears its neighbours; what it overhears is not its speaker's talk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.stages.cross_talk import FRAME_MS, own_speech

SECONDS = 40
TALK = {
    "first": [(0, 5), (8, 14), (20, 26)],
    "second": [(4, 8), (26, 32)],
    "third": [(15, 16)],
    "nobody": [],
}
GAINS = (1.0, 0.3, 2.0, 1.5)
"""Microphones are set differently: the third hears the first louder than the second does itself."""

HISS = 4.0


def talk(stretches: Sequence[tuple[int, int]], seed: int) -> np.ndarray:
    """Noise whose loudness changes as that of syllables does."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(SECONDS * SAMPLE_RATE_HZ)
    for start_s, end_s in stretches:
        place = slice(start_s * SAMPLE_RATE_HZ, end_s * SAMPLE_RATE_HZ)
        syllables = np.repeat(rng.uniform(0.3, 1.0, 4 * (end_s - start_s)), SAMPLE_RATE_HZ // 4)
        sound[place] = rng.normal(0, 3_000, syllables.size) * syllables
    return sound


def recorded(people: Sequence[str], bleed_db: float, folder: Path) -> list[Audio]:
    """One microphone a person; neighbours are softer by `bleed_db` and 10 ms late."""
    voices = [talk(TALK[person], seed) for seed, person in enumerate(people)]
    noise = np.random.default_rng(99)
    audios = []
    for own, gain in zip(range(len(voices)), GAINS, strict=False):
        sound = voices[own] + noise.normal(0, HISS, voices[own].size)
        for other, voice in enumerate(voices):
            if other != own:
                sound += np.roll(voice, SAMPLE_RATE_HZ // 100) * 10 ** (bleed_db / 20)
        path = folder / f"{own}.s16"
        path.write_bytes(np.clip(gain * sound, -32_768, 32_767).astype("<i2").tobytes())
        audios.append(Audio(path, SECONDS * SAMPLE_RATE_HZ))
    return audios


def assert_found(found: Sequence[Interval], person: str) -> None:
    """Compare up to two frames on either side: sound and its smoothing reach that far."""
    gold = [(start_s * 1000, end_s * 1000) for start_s, end_s in TALK[person]]
    assert len(found) == len(gold), (person, found)
    for stretch, (start_ms, end_ms) in zip(found, gold, strict=True):
        assert abs(stretch.start_ms - start_ms) <= 2 * FRAME_MS, (person, found)
        assert abs(stretch.end_ms - end_ms) <= 2 * FRAME_MS, (person, found)


EVERYWHERE = [Interval(0, SECONDS * 1000)]


@pytest.mark.parametrize("bleed_db", [-6.0, -12.0, -20.0, -30.0])
@pytest.mark.parametrize(
    "people",
    [
        ("first", "second"),
        ("second", "first", "third"),
        ("first", "nobody", "second"),
        ("nobody", "first", "second", "third"),
    ],
)
def test_everybody_has_the_own_talk_and_talk_at_once_is_both(
    people: tuple[str, ...], bleed_db: float, tmp_path: Path
) -> None:
    audios = recorded(people, bleed_db, tmp_path)
    for person, found in zip(people, own_speech(audios, [EVERYWHERE] * len(audios)), strict=True):
        assert_found(found, person)


def test_a_track_in_which_nothing_was_heard_has_no_speech(tmp_path: Path) -> None:
    audios = recorded(("first", "second"), -16.0, tmp_path)
    first, second = own_speech(audios, [[Interval(0, 5_000)], []])
    assert first == (Interval(0, 5_000),)
    assert second == ()


def test_tracks_of_silence_have_no_speech(tmp_path: Path) -> None:
    path = tmp_path / "silence.s16"
    path.write_bytes(bytes(2 * SAMPLE_RATE_HZ))
    silence = Audio(path, SAMPLE_RATE_HZ)
    assert own_speech([silence, silence], [[], []]) == ((), ())
    everything = [Interval(0, 1_000)]
    assert own_speech([silence, silence], [everything, everything]) == ((), ())
