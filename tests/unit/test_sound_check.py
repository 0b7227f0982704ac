"""The sound check measures what was done to the sound, and says so in plain words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.sound import Aspect, Severity, SoundCheck, SoundFigures, judged
from transcriber.exports.sound_words import (
    GOOD_SENTENCE,
    UNSURE_SENTENCE,
    sound_sentences,
    sound_table,
)
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.sound_check import check as sound_check
from transcriber.stages.sound_check.check import check_sound
from transcriber.stages.sound_check.over_talk import over_talk_share, second_voices

RANDOM = np.random.default_rng(3)
Sound = NDArray[np.float64]

CLEAN = SoundFigures(
    speech_level_dbfs=-24.0,
    noise_level_dbfs=-70.0,
    hum_db=None,
    clipped_share=0.0,
    clarity_db=25.0,
    distant_share=0.0,
    level_spread_db=5.0,
    bandwidth_hz=7_000,
    over_talk_share=0.0,
)


@pytest.fixture(scope="module")
def voice(sample_decoded: Audio) -> Sound:
    """Thirty seconds of the sample with a pause of a second before each two."""
    whole = as_float(read_samples(sample_decoded, Interval(0, 30_000))).astype(np.float64)
    pause = np.zeros(SAMPLE_RATE_HZ)
    pieces = whole.reshape(-1, 2 * SAMPLE_RATE_HZ)
    return np.concatenate([part for piece in pieces for part in (pause, piece)])


SPEECH = tuple(Interval(start + 1_000, start + 3_000) for start in range(0, 45_000, 3_000))


def checked(sound: Sound, folder: Path, speech: Sequence[Interval] = SPEECH) -> SoundFigures:
    return check_sound(written(sound, folder), speech, lambda *_: None).figures


def written(sound: Sound, folder: Path) -> Audio:
    path = folder / "made.s16"
    path.write_bytes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
    return Audio(path, sound.size)


def echo(seconds: float, weight: float) -> Sound:
    """The response of a room: a direct sound and noise that dies away."""
    time_s = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = RANDOM.standard_normal(time_s.size) * 10 ** (-3 * time_s / seconds)
    tail *= weight / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return tail


def through(response: Sound, sound: Sound) -> Sound:
    length = sound.size + response.size
    heard = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(response, length), length)
    result: Sound = heard[: sound.size] * sound.std() / heard.std()
    return result


@pytest.mark.parametrize("below_db", [5, 15, 30])
def test_noise_is_measured_below_the_voices(below_db: int, voice: Sound, tmp_path: Path) -> None:
    level = 10 ** (checked(voice, tmp_path).speech_level_dbfs / 20)
    noise = RANDOM.standard_normal(voice.size) * level * 10 ** (-below_db / 20)
    figures = checked((voice + noise) / 2, tmp_path)
    assert figures.signal_to_noise_db == pytest.approx(below_db, abs=2.5)


def test_turning_down_changes_the_level_and_nothing_else(voice: Sound, tmp_path: Path) -> None:
    loud = voice + RANDOM.standard_normal(voice.size) * 0.003
    before, after = checked(loud, tmp_path), checked(loud * 0.1, tmp_path)
    assert after.speech_level_dbfs == pytest.approx(before.speech_level_dbfs - 20, abs=0.1)
    assert after.signal_to_noise_db == pytest.approx(before.signal_to_noise_db, abs=0.5)
    assert after.clarity_db == pytest.approx(before.clarity_db, abs=0.5)
    assert after.level_spread_db == pytest.approx(before.level_spread_db, abs=0.3)
    assert after.bandwidth_hz == before.bandwidth_hz


@pytest.mark.parametrize("gain", [1.0, 0.4])
def test_clipping_shows_even_when_turned_down(gain: float, voice: Sound, tmp_path: Path) -> None:
    assert checked(voice * gain, tmp_path).clipped_share == 0
    ceiling = np.quantile(np.abs(voice), 0.98)
    pieces = np.abs(voice[SAMPLE_RATE_HZ:]).reshape(-1, 320).max(axis=1)
    spoken = np.mean(pieces >= ceiling) * (voice.size - SAMPLE_RATE_HZ) / (30 * SAMPLE_RATE_HZ)
    clipped = np.clip(voice, -ceiling, ceiling) / ceiling * gain
    assert checked(clipped, tmp_path).clipped_share == pytest.approx(spoken, abs=0.05)


def test_the_farther_the_voice_the_lower_its_clarity(voice: Sound, tmp_path: Path) -> None:
    heard = [
        checked(through(echo(1.2, weight), voice), tmp_path) for weight in (0.1, 0.5, 1.0, 4.0)
    ]
    clarity = [figures.clarity_db for figures in heard]
    assert all(
        near is not None and far is not None and near > far for near, far in pairwise(clarity)
    )
    assert judged(heard[-1]).severity(Aspect.DISTANCE) is Severity.POOR
    assert judged(checked(voice, tmp_path)).severity(Aspect.DISTANCE) is Severity.GOOD


def test_one_distant_voice_among_near_ones_is_noticed(voice: Sound, tmp_path: Path) -> None:
    near = np.concatenate((voice, voice))[: 60 * SAMPLE_RATE_HZ]
    far = through(echo(1.5, 8.0), voice[: 30 * SAMPLE_RATE_HZ]) * 0.1
    speech = tuple(Interval(start + 1_000, start + 3_000) for start in range(0, 90_000, 3_000))
    figures = checked(np.concatenate((near, far)), tmp_path, speech)
    assert figures.distant_share is not None
    assert 0.15 <= figures.distant_share <= 0.5
    assert figures.level_spread_db > 12
    spoken = " ".join(sound_sentences(judged(figures)))
    assert "Some voices are far from the microphone" in spoken


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_of_the_mains_is_found(mains_hz: int, voice: Sound, tmp_path: Path) -> None:
    time_s = np.arange(voice.size) / SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * mains_hz * n * time_s) / n for n in (1, 2, 3)) * 0.01
    room = RANDOM.standard_normal(voice.size) * 0.001
    assert checked(voice + room, tmp_path).hum_db is None
    figures = checked(voice + room + hum, tmp_path)
    power_db = 10 * np.log10(np.mean(hum**2))
    assert figures.hum_db == pytest.approx(power_db - figures.speech_level_dbfs, abs=1.5)


def test_a_telephone_is_recognised(voice: Sound, tmp_path: Path) -> None:
    spectrum = np.fft.rfft(voice)
    spectrum[np.fft.rfftfreq(voice.size, 1 / SAMPLE_RATE_HZ) > 3_700] = 0
    figures = checked(np.fft.irfft(spectrum, voice.size), tmp_path)
    assert 3_500 <= figures.bandwidth_hz <= 4_000
    assert judged(figures).severity(Aspect.BANDWIDTH) is Severity.FAIR
    assert figures.over_talk_share is None


def test_two_voices_at_once_have_a_second_pitch(sample_decoded: Audio, tmp_path: Path) -> None:
    whole = as_float(read_samples(sample_decoded)).astype(np.float64)
    length = 80 * SAMPLE_RATE_HZ
    windows = [Interval(start, start + 2_000) for start in range(0, 80_000, 2_000)]
    talk = (Interval(0, 80_000),)
    alone = written(whole[:length] / 2, tmp_path)
    one = np.mean(second_voices(alone, windows, -24))
    assert over_talk_share(alone, talk, -24) == 0
    both = written((whole[:length] + whole[-length:]) / 2, tmp_path)
    assert np.mean(second_voices(both, windows, -24)) > 1.25 * one
    share = over_talk_share(both, talk, -24)
    assert share is not None
    assert share > 0.25


def test_over_talk_is_not_guessed_from_little(sample_decoded: Audio) -> None:
    assert over_talk_share(sample_decoded, (Interval(0, 30_000),), -20) is None


def test_blocks_do_not_show(voice: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = voice + RANDOM.standard_normal(voice.size) * 0.003
    seen: list[tuple[int, int]] = []
    audio = written(noisy, tmp_path)
    whole = check_sound(audio, SPEECH, lambda *_: None).figures
    monkeypatch.setattr(sound_check, "_BLOCK_MS", 10_000)
    parts = check_sound(audio, SPEECH, lambda done, total: seen.append((done, total))).figures
    assert parts.speech_level_dbfs == pytest.approx(whole.speech_level_dbfs, abs=0.01)
    assert parts.noise_level_dbfs == pytest.approx(whole.noise_level_dbfs, abs=0.01)
    assert parts.clarity_db == pytest.approx(whole.clarity_db, abs=0.5)
    assert seen == [(done, 45_000) for done in (10_000, 20_000, 30_000, 40_000, 45_000)]


def test_pauses_of_digital_silence_are_not_taken_for_a_quiet_room(
    voice: Sound, tmp_path: Path
) -> None:
    gated = voice + (voice != 0) * RANDOM.standard_normal(voice.size) * 0.02
    assert checked(gated, tmp_path).noise_level_dbfs > -45


def test_without_speech_there_is_nothing_to_judge(tmp_path: Path) -> None:
    for sound in (np.zeros(0), np.zeros(100), np.zeros(SAMPLE_RATE_HZ)):
        with pytest.raises(ValueError, match="only where somebody speaks"):
            checked(sound, tmp_path, ())


def test_silence_taken_for_speech_is_no_error(tmp_path: Path) -> None:
    figures = checked(np.zeros(SAMPLE_RATE_HZ), tmp_path, (Interval(0, 1_000),))
    assert figures.speech_level_dbfs == pytest.approx(-100)
    assert figures.clipped_share == 0


def test_good_sound_gets_one_calm_sentence() -> None:
    assert sound_sentences(judged(CLEAN)) == (GOOD_SENTENCE,)
    unknown = replace(CLEAN, clarity_db=None, distant_share=None, over_talk_share=None)
    assert sound_sentences(judged(unknown)) == (UNSURE_SENTENCE,)
    assert judged(unknown).severity(Aspect.OVER_TALK) is None


BAD = {
    "noise": replace(CLEAN, noise_level_dbfs=-29.0),
    "some noise": replace(CLEAN, noise_level_dbfs=-37.0),
    "far": replace(CLEAN, clarity_db=1.0, distant_share=0.9),
    "echo": replace(CLEAN, clarity_db=6.0, distant_share=0.1),
    "some far": replace(CLEAN, clarity_db=12.0, distant_share=0.2),
    "uneven": replace(CLEAN, level_spread_db=20.0),
    "rather uneven": replace(CLEAN, level_spread_db=14.0),
    "clipped": replace(CLEAN, clipped_share=0.1),
    "rather clipped": replace(CLEAN, clipped_share=0.01),
    "very quiet": replace(CLEAN, speech_level_dbfs=-60.0, noise_level_dbfs=-95.0),
    "quiet": replace(CLEAN, speech_level_dbfs=-45.0),
    "hum": replace(CLEAN, hum_db=-5.0),
    "some hum": replace(CLEAN, hum_db=-20.0),
    "telephone": replace(CLEAN, bandwidth_hz=4_000),
    "over-talk": replace(CLEAN, over_talk_share=0.2),
}


@pytest.mark.parametrize("name", BAD)
def test_each_flaw_gets_one_plain_sentence_of_its_own(name: str) -> None:
    (spoken,) = sound_sentences(judged(BAD[name]))
    assert not re.search(r"\b(dB|SNR|Hz|RT60|C50|clipp|reverb|bandwidth)\b|!|\d", spoken)
    assert "Next time" in spoken or "next time" in spoken
    others = [sound_sentences(judged(BAD[other]))[0] for other in BAD if other != name]
    assert spoken not in others


def test_over_talk_is_hedged_and_needs_evidence() -> None:
    (spoken,) = sound_sentences(judged(replace(CLEAN, over_talk_share=0.4)))
    assert spoken.startswith("People seem to talk over each other in places")
    assert sound_sentences(judged(replace(CLEAN, over_talk_share=0.14))) == (GOOD_SENTENCE,)


def test_the_worst_is_said_first() -> None:
    figures = replace(CLEAN, level_spread_db=14.0, clipped_share=0.3, bandwidth_hz=4_000)
    check: SoundCheck = judged(figures)
    spoken = sound_sentences(check)
    assert len(spoken) == 3
    assert spoken[0].startswith("Much of the talk is distorted")


def test_the_table_leaves_out_what_is_not_known() -> None:
    unknown = replace(CLEAN, clarity_db=None, distant_share=None, over_talk_share=None)
    left_out = set(sound_table(CLEAN)) - set(sound_table(unknown))
    assert left_out == {("Voices above echo (C50)", "about 25 dB")}
    assert ("Voices above noise", "46 dB") in sound_table(unknown)
    hum = replace(CLEAN, hum_db=-20.0)
    assert ("Mains hum, beside the voices", "-20 dB") in sound_table(hum)
