"""Sound that was taken out is gone, and nothing else is."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.listening import noise, spoken
from transcriber.domain.errors import EngineFailed, RedactionRefused
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines import silencer
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silencer import SMEAR_MS, PyAvSilencer
from transcriber.stages.protocols import Fill

LENGTH_MS = 61_234
GONE = (
    Interval(0, 1_500),
    Interval(7_500, 9_000),
    Interval(8_000, 10_000),
    Interval(60_000, 90_000),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("copy")
    path = folder / "review.m4a"
    AacEncoder().encode(noise(folder / "s16", spoken(LENGTH_MS)), path, lambda *_: None)
    return path.read_bytes()


def without(copy: bytes, fill: Fill = Fill.SILENCE) -> io.BytesIO:
    made = io.BytesIO()
    PyAvSilencer().silence(io.BytesIO(copy), made, GONE, fill)
    return made


def samples(file: io.BytesIO) -> NDArray[np.float64]:
    """Decode by other means than the engine's own."""
    file.seek(0)
    with av.open(file) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float64) * 32_768


def stretch(heard: NDArray[np.float64], start_ms: int, end_ms: int) -> NDArray[np.float64]:
    return heard[start_ms * 16 : end_ms * 16]


def test_what_was_taken_out_is_silent_and_the_rest_is_as_it_was(copy: bytes) -> None:
    made = samples(without(copy))
    before = samples(io.BytesIO(copy))
    assert abs(len(made) - len(before)) <= 1_024
    assert np.abs(stretch(before, 1_000, 1_300)).max() > 2_000
    for start, end in ((0, 1_500), (7_500, 10_000), (60_000, LENGTH_MS)):
        inner = stretch(made, start + SMEAR_MS if start else 0, end - SMEAR_MS)
        assert np.abs(inner).max() < 64
    for start, end in ((1_700, 4_900), (13_000, 17_000), (49_000, 53_000)):
        one, other = stretch(before, start, end), stretch(made, start, end)
        assert np.corrcoef(one, other)[0, 1] > 0.97  # at the same place, to the sample


def test_a_tone_stands_where_it_was(copy: bytes) -> None:
    inner = stretch(samples(without(copy, Fill.TONE)), 8_000, 9_500)
    spectrum = np.abs(np.fft.rfft(inner))
    loudest_hz = spectrum.argmax() * SAMPLE_RATE_HZ / len(inner)
    assert loudest_hz == pytest.approx(1_000, abs=2)


def test_the_file_tells_nothing_and_is_the_same_twice(copy: bytes) -> None:
    made = without(copy).getvalue()
    assert made == without(copy).getvalue()
    with av.open(io.BytesIO(made)) as container:
        told = {**container.metadata, **container.streams.audio[0].metadata}
    told.pop("vendor_id", None)
    assert set(told) <= {"major_brand", "minor_version", "compatible_brands", "language",
                         "handler_name"}  # fmt: skip
    assert b"Lavf" not in made
    assert b"Lavc" not in made


def test_a_copy_in_which_something_is_left_is_refused(
    copy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silencer, "_filled", lambda samples, *_: samples)
    for fill in Fill:
        with pytest.raises(RedactionRefused):
            without(copy, fill)


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed):
        PyAvSilencer().silence(io.BytesIO(b"no sound at all" * 99), io.BytesIO(), GONE)
