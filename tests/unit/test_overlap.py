"""Talk at once: what is marked, and what each kind of evidence hears."""

from pathlib import Path

import numpy as np
import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.voices.encoder import Floats, unit
from transcriber.engines.voices.overlap import Evidence, listen, second_turns
from transcriber.engines.voices.resegmentation import FRAME_MS, Doubles, Frames

SURE = np.array([0.0, 0.5, 0.0, 0.5, 10.0])
NOT = np.array([0.5, 0.0, 3.0, 0.0, -10.0])
CENTRES = unit(np.random.default_rng(7).normal(size=(3, 256))).astype(np.float32)


def frames_of(voices: list[int], speech: list[Interval]) -> Frames:
    return Frames(speech, np.zeros((len(voices), 3)), np.array(voices))


def similarities(places: Floats) -> Doubles:
    return np.asarray(places @ CENTRES.T, dtype=np.float64)


def evidence(sure: list[bool], second: list[int]) -> Evidence:
    return Evidence(np.where(np.array(sure)[:, None], SURE, NOT), np.array(second))


@pytest.mark.parametrize(("length", "marked"), [(5, []), (6, [(1, Interval(1_500, 1_800))])])
def test_what_is_shorter_than_a_third_of_a_second_is_not_marked(
    length: int, marked: list[tuple[int, Interval]]
) -> None:
    frames = frames_of([0] * 40, [Interval(1_000, 3_000)])
    sure = [10 <= frame < 10 + length for frame in range(40)]

    assert list(second_turns(frames, evidence(sure, [1] * 40))) == marked


def test_across_a_change_of_turn_each_is_the_second_of_the_other() -> None:
    frames = frames_of([0] * 20 + [1] * 20, [Interval(0, 2_000)])
    sure = [15 <= frame < 23 for frame in range(40)]

    found = list(second_turns(frames, evidence(sure, [1] * 20 + [0] * 20)))

    assert found == [(1, Interval(750, 1_000)), (0, Interval(1_000, 1_150))]


def test_no_mark_goes_on_over_silence_or_beyond_the_speech() -> None:
    speech = [Interval(0, 980), Interval(5_000, 6_000)]
    frames = frames_of([0] * 40, speech)
    sure = [12 <= frame < 24 for frame in range(40)]

    found = list(second_turns(frames, evidence(sure, [1] * 40)))

    assert found == [(1, Interval(600, 980))]


@pytest.fixture
def hum(tmp_path: Path) -> Audio:
    """Six seconds: a voice of 110 Hz, and from two to four seconds one of 185 Hz as well."""
    times = np.arange(6 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    low, high = (
        sum(np.sin(2 * np.pi * pitch_hz * k * times) / k for k in range(1, 20))
        for pitch_hz in (110, 185)
    )
    sound = 0.1 * low + 0.1 * high * ((times >= 2) & (times < 4))
    path = tmp_path / "hum.s16"
    (sound * 20_000).astype("<i2").tofile(path)
    return Audio(path, len(times))


def test_each_kind_of_evidence_tells_of_the_second_voice(hum: Audio) -> None:
    speech = [Interval(0, 6_000)]
    middle = slice(45, 75)
    voices = np.array([0] * 60 + [1] * 60)
    places = CENTRES[voices]
    places[40:80] = unit(CENTRES[0] + CENTRES[1])
    frames = Frames(speech, similarities(places), voices)

    found = listen(frames, CENTRES, hum)

    margin, gain, border_s, pitch, level_db = found.heard.T
    assert found.second[middle].tolist() == [1] * 15 + [0] * 15
    assert margin[:35].min() > margin[middle].max() + 0.5
    assert gain[middle].min() > 0.1 > gain[:35].max()
    assert border_s == pytest.approx(np.abs(np.arange(-60, 60)) * FRAME_MS / 1000)
    assert pitch[middle].min() > pitch[5:30].max()
    assert level_db[middle].min() > level_db[5:30].max() + 1


def test_in_a_recording_without_a_change_of_voice_no_border_is_near(hum: Audio) -> None:
    voices = np.zeros(120, dtype=np.int64)
    frames = Frames([Interval(0, 6_000)], similarities(CENTRES[voices]), voices)

    assert (listen(frames, CENTRES, hum).heard[:, 2] == 3.0).all()


def test_a_speaker_who_is_louder_than_the_other_does_not_sound_like_two(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(size=6 * SAMPLE_RATE_HZ) * 1_000
    noise[3 * SAMPLE_RATE_HZ :] *= 8
    noise.astype("<i2").tofile(tmp_path / "two.s16")
    voices = np.array([0] * 60 + [1] * 60)
    frames = Frames([Interval(0, 6_000)], similarities(CENTRES[voices]), voices)

    found = listen(frames, CENTRES, Audio(tmp_path / "two.s16", len(noise)))

    assert abs(found.heard[70:115, 4]).max() < 1
