"""What every Decoder owes: the wanted stretch to the sample, every track, one timeline."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.security.media import RATE_HZ, encoded, muxed, tone, voice, wav, with_index_first
from transcriber.domain.errors import InputError
from transcriber.domain.recording import WHOLE, Trim
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.pyav.sound import with_gaps
from transcriber.stages.pcm import read_samples
from transcriber.stages.protocols import Decoded

pytestmark = pytest.mark.slow

Samples = NDArray[np.int16]
FULL = 32_767


class Desk:
    """A folder in which files are decoded; keeps the last answer and the progress shown."""

    def __init__(self, path: Path) -> None:
        self.source, self.destination = path / "upload", path / "samples.s16"
        self.steps: list[tuple[int, int]] = []
        self.answer: Decoded | None = None

    def decode(self, data: bytes, trim: Trim = WHOLE, track: int | None = None) -> Samples:
        self.source.write_bytes(data)
        self.steps = []
        self.answer = PyAvDecoder().decode(
            self.source, self.destination, lambda *step: self.steps.append(step), trim, track
        )
        left = {path.name for path in self.source.parent.iterdir()}
        assert left == {"upload", "samples.s16"}
        return np.array(read_samples(self.answer.audio))

    def refusal(self, data: bytes, trim: Trim = WHOLE, track: int | None = None) -> InputError:
        with pytest.raises(InputError) as caught:
            self.decode(data, trim, track)
        assert [path.name for path in self.source.parent.iterdir()] == ["upload"]
        return caught.value

    @property
    def tracks(self) -> int:
        assert self.answer is not None
        return self.answer.tracks

    @property
    def source_ms(self) -> int:
        assert self.answer is not None
        return self.answer.source_ms


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def pair(seconds: float = 5) -> Samples:
    """Two voices, one a channel."""
    other = voice(seconds)[::-1]
    return np.stack((voice(seconds), other // 2))


def after(start_s: float, sound: Samples) -> Samples:
    """Sound as it lies on a timeline that began earlier."""
    return np.concatenate((np.zeros(int(start_s * RATE_HZ), np.int16), sound))


FILES = {
    "WAV": encoded("wav", "pcm_s16le", 44_100, 6),
    "MP3": encoded("mp3", "libmp3lame", 44_100, 6),
    "M4A": encoded("mp4", "aac", 44_100, 6),
    "OGG": encoded("ogg", "libopus", 48_000, 6),
    "stereo": wav(pair(6)),
    "two tracks": muxed("matroska", "pcm_s16le", [(pair(6)[:1], 0), (pair(6)[1:], 1.5)]),
}


STRETCHES = ((0, 1), (0, 2_345), (1_234, 3_333), (4_001, None), (5_000, 9_000))


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_a_stretch_is_that_part_of_the_whole(desk: Desk, data: bytes) -> None:
    whole = desk.decode(data)
    length_ms = desk.source_ms
    for start_ms, stop_ms in STRETCHES:
        part = desk.decode(data, Trim(start_ms, stop_ms))
        end = None if stop_ms is None else stop_ms * 16
        assert np.array_equal(part, whole[start_ms * 16 : end])
        assert desk.source_ms == (length_ms if stop_ms is None else min(length_ms, stop_ms))
        assert {total for _, total in desk.steps} == {desk.steps[-1][0]}
        assert desk.steps[-1][1] == pytest.approx(desk.source_ms, abs=50)


def test_behind_the_end_there_is_nothing(desk: Desk) -> None:
    for trim in (Trim(6_000), Trim(8_000, 9_000)):
        assert desk.decode(FILES["WAV"], trim).size == 0
        assert desk.source_ms == 6_000


def test_decoding_ends_where_the_stretch_ends(desk: Desk) -> None:
    data = with_index_first(encoded("mp4", "aac", 44_100, 60))
    broken = data[: len(data) // 2]
    assert desk.refusal(broken).code == "truncated"
    assert desk.refusal(broken, Trim(0, 50_000)).code == "truncated"
    assert desk.decode(broken, Trim(5_000, 25_000)).size == 20 * RATE_HZ
    assert desk.steps[-1] == (25_000, 25_000)


def test_every_channel_is_a_track(desk: Desk) -> None:
    left, right = pair()
    mix = desk.decode(wav(pair()))
    assert desk.tracks == 2
    assert np.abs(mix - (left / 2 + right / 2)).max() <= 1
    assert np.array_equal(desk.decode(wav(pair()), track=0), left)
    assert np.array_equal(desk.decode(wav(pair()), track=1), right)
    error = desk.refusal(wav(pair()), track=2)
    assert error.code == "no_track"
    assert "than were asked for: 2." in error.sentence


def test_a_recorder_with_twelve_microphones(desk: Desk) -> None:
    planes = np.stack([np.roll(voice(3), 1_000 * k) for k in range(12)])
    mix = desk.decode(wav(planes))
    assert desk.tracks == 12
    assert np.abs(mix - planes.mean(axis=0)).max() <= 1
    assert np.array_equal(desk.decode(wav(planes), track=11), planes[11])


def test_channels_that_cancel_are_not_silence(desk: Desk) -> None:
    sound = voice(5)
    upside_down = np.stack((sound, -sound))
    assert np.array_equal(np.abs(desk.decode(wav(upside_down))), np.abs(sound))
    # Two that have nothing in common do not count as cancelling.
    assert np.abs(desk.decode(wav(pair())) - pair().mean(axis=0)).max() <= 1


@pytest.mark.parametrize("form", ["matroska", "mov"])
def test_no_track_of_a_file_is_lost(desk: Desk, form: str) -> None:
    first, second = pair()
    data = muxed(form, "pcm_s16le", [(first[None], 0), (second[None], 1.5)], pictures_s=9)
    mix = desk.decode(data)
    late = after(1.5, second)
    assert desk.tracks == 2
    assert len(mix) == len(late)
    late[: len(first)] += first
    assert np.array_equal(mix, late)
    assert [done for done, _ in desk.steps] == sorted(done for done, _ in desk.steps)
    assert np.array_equal(desk.decode(data, track=0), first)
    assert np.array_equal(desk.decode(data, track=1), after(1.5, second))
    assert desk.refusal(data, track=2).code == "no_track"


def test_loud_tracks_are_held_at_full_scale(desk: Desk) -> None:
    loud = (tone(3) * 2.2).astype(np.int16)[None]
    mix = desk.decode(muxed("matroska", "pcm_s16le", [(loud, 0), (loud, 0), (loud, 0)]))
    assert np.array_equal(mix, np.clip(loud[0] * 3.0, -FULL - 1, FULL))


def test_sound_that_begins_after_the_pictures_keeps_its_time(desk: Desk) -> None:
    data = muxed("matroska", "pcm_s16le", [(voice(4)[None], 2.0)], pictures_s=10)
    assert np.array_equal(desk.decode(data), after(2, voice(4)))


def test_a_gap_in_the_times_is_silence(desk: Desk) -> None:
    sound = voice(8)
    heard = desk.decode(muxed("matroska", "pcm_s16le", [(sound[None], 0)], lost_s=(3, 5)))
    there = sound.copy()
    there[3 * RATE_HZ : 5 * RATE_HZ] = 0
    assert np.array_equal(heard, there)


@dataclass
class Frame:
    time: float
    samples: int = 1_600
    sample_rate: int = RATE_HZ


def test_one_false_time_is_no_gap() -> None:
    times = (0, 0.1, 7.0, 0.3, 0.4, 2.5, 2.6, 2.7, 2.75, 90.0, 90.1)
    placed = with_gaps([(0.0, Frame(time)) for time in times], 10)
    gaps = {number: round(gap_s, 3) for number, (gap_s, _) in enumerate(placed) if gap_s}
    assert gaps == {5: 2.0}


@pytest.mark.parametrize("pictures_s", [0, 3, 75])
def test_pictures_neither_hide_nor_feign_a_missing_end(desk: Desk, pictures_s: float) -> None:
    data = muxed("matroska", "libmp3lame", [(tone(60)[None], 0)], pictures_s=pictures_s)
    assert len(desk.decode(data)) == pytest.approx(60 * RATE_HZ, abs=RATE_HZ // 10)
    assert desk.refusal(data[: len(data) // 2]).code == "truncated"
