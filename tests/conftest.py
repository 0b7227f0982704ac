"""Sound for tests: the shipped sample, whole and cut."""

import os
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.sample import sample_audio
from transcriber.stages.pcm import read_samples

pytest_plugins = ["tests.buckets", "tests.databases", "tests.stores"]

# Tests run side by side, and so does what they start: threads of their own would wait for a core.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A test never fails for being slow: machines are shared.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Nor for what another run would not have tried; `--hypothesis-profile=searching` tries anew.
settings.register_profile("the same", settings.get_profile("searching"), derandomize=True)
settings.load_profile("the same")

CLIP = Interval(8_000, 24_000)


@pytest.fixture(scope="session")
def sample_decoded(tmp_path_factory: pytest.TempPathFactory) -> Audio:
    """The sample focus group as 16 kHz samples on disk."""
    folder = tmp_path_factory.mktemp("sample")
    decoded = PyAvDecoder().decode(sample_audio(), folder / "samples.s16", lambda *_: None)
    return decoded.audio


@pytest.fixture(scope="session")
def sample_clip(sample_decoded: Audio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen seconds of the sample, two voices, as a WAV file."""
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(read_samples(sample_decoded, CLIP).tobytes())
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings and texts with gold labels, kept beside the checkout."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("TRANSCRIBER_DATA", beside))
    if not folder.is_dir():
        pytest.skip("the shared data is not here: name its folder in TRANSCRIBER_DATA")
    return folder
