"""Sound that was taken out is gone, and nothing else is, in every format."""

import io
from functools import cache
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from numpy.typing import NDArray

from tests.listening import noise, spoken
from tests.sounding_release import samples
from transcriber.domain.errors import EngineFailed, RedactionRefused
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.domain.released_sound import Fill, SoundFormat, SoundRule, TakenOut
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silenced import silencer
from transcriber.engines.silenced.silencer import PyAvSilencer

LENGTH_MS = 31_234
COUNT = LENGTH_MS * SAMPLE_RATE_HZ // 1000
GONE = (
    Interval(0, 1_500),
    Interval(7_500, 9_000),
    Interval(8_000, 10_000),
    Interval(30_000, 90_000),
)
STAYS = ((1_500, 7_500), (10_000, 30_000))
LOSSLESS = {SoundFormat.WAV, SoundFormat.FLAC}
SMEAR_MS = 120
EVERY_WAY = [(sound_format, fill) for sound_format in SoundFormat for fill in Fill]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("copy")
    path = folder / "review.m4a"
    AacEncoder().encode(noise(folder / "s16", spoken(LENGTH_MS)), path, lambda *_: None)
    return path.read_bytes()


@cache
def without(copy: bytes, sound_format: SoundFormat, fill: Fill = Fill.TONE) -> bytes:
    gone = TakenOut(GONE, SoundRule(fill=fill))
    return b"".join(PyAvSilencer(sound_format).without(io.BytesIO(copy), gone))


def stretch(heard: NDArray[np.int16], start_ms: int, end_ms: int) -> NDArray[np.float64]:
    return heard[start_ms * 16 : end_ms * 16].astype(np.float64)


@pytest.mark.parametrize(("sound_format", "fill"), EVERY_WAY)
def test_what_was_taken_out_is_gone_and_the_length_is_the_same(
    copy: bytes, sound_format: SoundFormat, fill: Fill
) -> None:
    before, made = samples(copy)[:COUNT], samples(without(copy, sound_format, fill))
    assert len(made) == COUNT
    assert np.abs(stretch(before, 1_000, 1_300)).max() > 2_000
    for start, end in ((0, 1_500), (7_500, 10_000), (30_000, LENGTH_MS)):
        inner = (start + SMEAR_MS if start else 0, end - (SMEAR_MS if end < LENGTH_MS else 0))
        was, now = stretch(before, *inner), stretch(made, *inner)
        assert abs(np.corrcoef(was, now)[0, 1]) < 0.02 if now.any() else fill is Fill.SILENCE
        if fill is Fill.SILENCE:
            assert np.abs(now).max() < 64
        else:
            spectrum = np.abs(np.fft.rfft(now))
            assert spectrum.argmax() * SAMPLE_RATE_HZ / len(now) == pytest.approx(1_000, abs=2)
            assert (spectrum**2).sum() < 1.01 * (np.sort(spectrum)[-8:] ** 2).sum()


@pytest.mark.parametrize(("sound_format", "fill"), EVERY_WAY)
def test_nothing_outside_is_lost(copy: bytes, sound_format: SoundFormat, fill: Fill) -> None:
    before, made = samples(copy)[:COUNT], samples(without(copy, sound_format, fill))
    for start, end in STAYS:
        one, other = stretch(before, start, end), stretch(made, start, end)
        if sound_format in LOSSLESS:
            assert (one != other).sum() == 0
        else:
            assert np.corrcoef(one, other)[0, 1] > 0.85  # noise is the worst that can be coded


@pytest.mark.parametrize("sound_format", SoundFormat)
def test_the_file_tells_nothing_and_is_the_same_twice(
    copy: bytes, sound_format: SoundFormat
) -> None:
    made = without(copy, sound_format)
    assert made == without.__wrapped__(copy, sound_format)
    assert b"Lav" not in made
    read = mutagen.File(io.BytesIO(made))
    assert not list(read.tags or ())
    if isinstance(read, FLAC):
        assert not read.pictures
        assert len(read.metadata_blocks) == 1
        assert read.info.total_samples == COUNT
    if isinstance(read, MP3):
        assert made.startswith(b"\xff\xf3")
        assert read.info.encoder_info.startswith("LAME")
    assert read.info.length == pytest.approx(LENGTH_MS / 1000, abs=0.08)


@pytest.mark.parametrize("cut_ms", [0, 13, 36])
@pytest.mark.parametrize("sound_format", SoundFormat)
def test_every_length_is_kept_to_the_sample(
    tmp_path: Path, sound_format: SoundFormat, cut_ms: int
) -> None:
    path = tmp_path / "review.m4a"
    audio = noise(tmp_path / "s16", spoken(6_000 - cut_ms))
    AacEncoder().encode(audio, path, lambda *_: None)
    assert len(samples(without(path.read_bytes(), sound_format))) == audio.sample_count


@pytest.mark.parametrize(("sound_format", "fill"), EVERY_WAY)
def test_sound_in_which_something_is_left_is_refused(
    copy: bytes, monkeypatch: pytest.MonkeyPatch, sound_format: SoundFormat, fill: Fill
) -> None:
    monkeypatch.setattr(silencer, "filled", lambda samples, *_: samples)
    with pytest.raises(RedactionRefused):
        without.__wrapped__(copy, sound_format, fill)


@pytest.mark.parametrize("sound_format", SoundFormat)
def test_no_piece_leaves_before_it_was_heard(
    copy: bytes, monkeypatch: pytest.MonkeyPatch, sound_format: SoundFormat
) -> None:
    monkeypatch.setattr(silencer, "filled", lambda samples, *_: samples)
    gone = TakenOut((Interval(21_000, 23_000),), SoundRule())
    left: list[bytes] = []
    with pytest.raises(RedactionRefused):
        left.extend(PyAvSilencer(sound_format).without(io.BytesIO(copy), gone))
    with av.open(io.BytesIO(b"".join(left))) as container:
        played_s = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert 6 < played_s < 21


def test_what_is_no_sound_is_told() -> None:
    for sound_format in SoundFormat:
        with pytest.raises(EngineFailed):
            without(b"no sound at all" * 99, sound_format)
