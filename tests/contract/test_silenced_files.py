"""Files of a recording written anew without one voice: trimmed, in parts, and a track for each."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind, Recording, Trim
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.review_copy import AacEncoder
from transcriber.services.withdrawal.contribution_sound import (
    Gone,
    SourceSilencer,
    silenced_sound,
)
from transcriber.storage.scratch import Scratch

GONE = Gone((Interval(700, 2_300),), (Interval(1_000, 2_000),), (Interval(700, 2_300),))
"""In the recording, from where it is trimmed."""

FADED_MS = 8

Sound = NDArray[np.int16]


@pytest.fixture
def silencer(tmp_path: Path) -> SourceSilencer:
    return SourceSilencer(PyAvDecoder(), AacEncoder(), Scratch(tmp_path / "scratch"))


def noise(seed: int, length_ms: int) -> Sound:
    drawn = np.random.default_rng(seed).standard_normal(length_ms * SAMPLE_RATE_HZ // 1000)
    return (drawn * 4_000).clip(-32_000, 32_000).astype("<i2")


def write(path: Path, *channels: Sound) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.stack(channels, axis=1).tobytes())
    return path


def read(path: Path) -> list[Sound]:
    with wave.open(str(path), "rb") as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return list(data.reshape(-1, file.getnchannels()).T)


def at(ms: int) -> int:
    return ms * SAMPLE_RATE_HZ // 1000


def assert_only_gone(now: Sound, before: Sound, start_ms: int, end_ms: int) -> None:
    """Fail unless a stretch is silent, but for its faded ends, and all else is what it was."""
    low, high = at(start_ms), at(end_ms)
    assert not now[low + at(FADED_MS) : high - at(FADED_MS)].any()
    assert (now[:low] == before[:low]).all()
    assert (now[high:] == before[high:]).all()
    assert len(now) == len(before)


def of(**how: object) -> Recording:
    return Recording("FG01", "Feeding", Kind.GROUP, ("0" * 64, "1" * 64), **how)  # type: ignore[arg-type]


def silenced(
    sources: list[Path], recording: Recording, silencer: SourceSilencer, folder: Path
) -> list[list[Sound]]:
    made = silenced_sound(sources, recording, None, GONE, silencer, folder)
    assert made.copy is None
    return [read(path) for path in made.files]


def test_a_stretch_goes_on_from_one_file_into_the_next(
    silencer: SourceSilencer, tmp_path: Path
) -> None:
    first, second = noise(1, 1_500), noise(2, 3_000)
    sources = [write(tmp_path / "a.wav", first), write(tmp_path / "b.wav", second)]
    (one,), (two,) = silenced(sources, of(), silencer, tmp_path)
    assert (one[: at(700)] == first[: at(700)]).all()
    assert not one[at(700 + FADED_MS) :].any()
    assert not two[: at(800 - FADED_MS)].any()
    assert (two[at(800) :] == second[at(800) :]).all()


def test_what_was_trimmed_goes_because_nobody_ever_checked_it(
    silencer: SourceSilencer, tmp_path: Path
) -> None:
    sound = noise(1, 6_000)
    source = write(tmp_path / "a.wav", sound)
    ((now,),) = silenced([source], of(trim=Trim(1_000, 5_000)), silencer, tmp_path)
    assert not now[: at(1_000 - FADED_MS)].any()
    assert not now[at(5_000 + FADED_MS) :].any()
    inner, before = now[at(1_000) : at(5_000)], sound[at(1_000) : at(5_000)]
    assert_only_gone(inner, before, 700, 2_300)


def test_their_own_track_goes_whole_and_their_stretch_of_the_others(
    silencer: SourceSilencer, tmp_path: Path
) -> None:
    """Their track is the one that is loudest where they speak; others hear a little of them."""
    theirs, other = noise(1, 4_000) // 4, noise(2, 4_000) // 8
    theirs[at(1_000) : at(2_000)] *= 4
    source = write(tmp_path / "a.wav", other, theirs)
    ((first, second),) = silenced([source], of(tracks=True), silencer, tmp_path)
    assert_only_gone(first, other, 700, 2_300)
    assert not second.any()


def test_their_own_file_goes_whole_where_files_lie_side_by_side(
    silencer: SourceSilencer, tmp_path: Path
) -> None:
    theirs, other = noise(1, 4_000), noise(2, 4_000) // 8
    sources = [write(tmp_path / "a.wav", theirs), write(tmp_path / "b.wav", other)]
    (one,), (two,) = silenced(sources, of(side_by_side=True), silencer, tmp_path)
    assert not one.any()
    assert_only_gone(two, other, 700, 2_300)


def test_tags_are_not_carried_over_and_what_is_no_sound_is_not_written(
    silencer: SourceSilencer, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.wav", noise(1, 4_000))
    data = bytearray(source.read_bytes())
    tag = b"LIST" + (4 + 8 + 10).to_bytes(4, "little") + b"INFOIART" + (10).to_bytes(4, "little")
    data += tag + b"Quenilla A"
    data[4:8] = (len(data) - 8).to_bytes(4, "little")
    source.write_bytes(data)
    made = silenced_sound([source], of(), None, GONE, silencer, tmp_path)
    assert b"Quenilla" not in made.files[0].read_bytes()
    source.write_bytes(b"no sound at all")
    assert silenced_sound([source], of(), None, GONE, silencer, tmp_path).files == ()
