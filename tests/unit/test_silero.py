"""Speech is told from silence and noise, in constant memory, and nothing is left when none is."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import (
    SAMPLE_RATE_HZ,
    WHOLE,
    Audio,
    IngestedRecording,
    Kind,
    Recording,
    Trim,
)
from transcriber.engines import silero
from transcriber.engines.silero import SileroDetector, stretches
from transcriber.stages.ingest import SAMPLES_NAME, Ears, ingest
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.protocols import Decoded, Progress

RANDOM = np.random.default_rng(7)
SECONDS = 20
LENGTH = SECONDS * SAMPLE_RATE_HZ


def coloured(exponent: float) -> NDArray[np.float64]:
    """Noise whose power falls with frequency: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(RANDOM.standard_normal(LENGTH))
    frequency = np.fft.rfftfreq(LENGTH)
    frequency[0] = frequency[1]
    sound = np.fft.irfft(spectrum / frequency ** (exponent / 2), LENGTH)
    result: NDArray[np.float64] = sound / sound.std()
    return result


TIME_S = np.arange(LENGTH) / SAMPLE_RATE_HZ
NOT_SPEECH = {
    "silence": np.zeros(LENGTH),
    "white": coloured(0),
    "pink": coloured(1),
    "brown": coloured(2),
    "hum": np.sign(np.sin(2 * np.pi * 50 * TIME_S)),
    "tone": np.sin(2 * np.pi * 440 * TIME_S),
}


def written(sound: NDArray[np.float64], path: Path) -> Audio:
    path.write_bytes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
    return Audio(path, sound.size)


@pytest.mark.parametrize("loudness", [0.001, 0.03, 0.3, 1.0])
@pytest.mark.parametrize("kind", NOT_SPEECH)
def test_silence_and_noise_are_no_speech(kind: str, loudness: float, tmp_path: Path) -> None:
    audio = written(NOT_SPEECH[kind] * loudness, tmp_path / "x.s16")
    assert SileroDetector().speech(audio) == ()


def test_speech_is_found_between_silences(sample_clip: Path, tmp_path: Path) -> None:
    voice = np.frombuffer(sample_clip.read_bytes()[44:], "<i2")[:LENGTH] / 32_768
    quiet = np.zeros(10 * SAMPLE_RATE_HZ)
    audio = written(np.concatenate((quiet, voice, quiet)), tmp_path / "x.s16")
    speech = SileroDetector().speech(audio)
    assert sum(stretch.duration_ms for stretch in speech) > SECONDS * 500
    assert speech[0].start_ms >= 9_800
    assert speech[-1].end_ms <= (SECONDS + 10) * 1000 + 500
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(speech))


def test_blocks_do_not_show(
    sample_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = np.frombuffer(sample_clip.read_bytes()[44:], "<i2") / 32_768
    audio = written(voice, tmp_path / "x.s16")
    whole = SileroDetector().speech(audio)
    monkeypatch.setattr(silero, "_BLOCK_WINDOWS", 100)
    assert SileroDetector().speech(audio) == whole


def test_stretches_start_likely_and_last_while_possible() -> None:
    probability = np.zeros(200, dtype=np.float32)
    probability[50:60] = 0.1  # possible, but not yet likely
    probability[60:70] = 0.9
    probability[70:80] = 0.06
    probability[100:110] = 0.1  # never likely
    probability[130:132] = 0.4  # likely, but for too short
    assert stretches(probability, 6_400) == (Interval(60 * 32 - 100, 80 * 32 + 100),)
    assert stretches(np.minimum(probability, 0.49), 6_400) == ()
    assert stretches(np.zeros(0, dtype=np.float32), 0) == ()


def test_an_empty_recording_holds_no_speech(tmp_path: Path) -> None:
    assert SileroDetector().speech(written(np.zeros(0), tmp_path / "x.s16")) == ()


class CopyingDecoder:
    """Gives sound that is already there."""

    def __init__(self, sound: NDArray[np.float64]) -> None:
        self._sound = sound

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        audio = written(self._sound, destination)
        return Decoded(audio, audio.duration_ms, 1)


def heard(sound: NDArray[np.float64], folder: Path) -> IngestedRecording:
    source = folder / "any.wav"
    source.write_bytes(b"read by no one")
    workspace = folder / "work"
    workspace.mkdir()
    recording = Recording("X", "", Kind.INDIVIDUAL, ("0",))
    ears = Ears(CopyingDecoder(sound), SileroDetector())
    return ingest((source,), recording, workspace, ears, lambda *_: None)


@pytest.mark.parametrize("kind", ["silence", "white"])
def test_a_recording_without_speech_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No speech was found") as caught:
        heard(NOT_SPEECH[kind] * 0.1, tmp_path)
    assert caught.value.code == "no_speech"
    assert not list((tmp_path / "work").iterdir())


def test_a_recording_with_speech_is_ready_to_be_heard(sample_clip: Path, tmp_path: Path) -> None:
    voice = np.frombuffer(sample_clip.read_bytes()[44:], "<i2") / 32_768
    ready = heard(voice, tmp_path)
    assert ready.audio.path == tmp_path / "work" / SAMPLES_NAME
    (track,) = ready.heard
    assert ready.speech == track.speech
    assert track.regions
    assert all(region.duration_ms <= 30_000 for region in track.regions)


def test_samples_are_read_by_the_stretch(tmp_path: Path) -> None:
    audio = written(np.arange(160) / 32_767, tmp_path / "x.s16")
    assert read_samples(audio, None).shape == (160,)
    assert read_samples(audio, Interval(2, 4)).tolist() == list(range(32, 64))
    assert read_samples(audio, Interval(9, 99)).tolist() == list(range(144, 160))
    assert read_samples(audio, Interval(50, 60)).size == 0
    extremes = as_float(np.array([-32_768, 0, 32_767], dtype=np.int16))
    assert extremes.dtype == np.float32
    assert extremes.tolist() == [-1.0, 0.0, pytest.approx(1.0, abs=1e-4)]
