"""Files that recorders and programs left unfinished or wrong: decoded in full, or refused."""

import random
from pathlib import Path

import numpy as np
import pytest

from tests.security.media import RATE_HZ, delay_and_likeness, encoded, tone, voice, wav
from transcriber.domain.errors import InputError
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.stages.pcm import read_samples

LIST = b"LIST\x1a\x00\x00\x00INFOISFT\x0e\x00\x00\x00Lavf58.29.100\x00"


class Desk:
    """A folder in which files are decoded."""

    def __init__(self, path: Path) -> None:
        self.source, self.destination = path / "upload", path / "samples.s16"

    def decode(self, data: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        self.source.write_bytes(data)
        decoded = PyAvDecoder().decode(self.source, self.destination, lambda *_: None)
        return np.array(read_samples(decoded.audio))

    def code(self, data: bytes) -> str:
        with pytest.raises(InputError) as caught:
            self.decode(data)
        return caught.value.code


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def stating(data: bytes, size: int) -> bytes:
    """A WAV file whose header states another size of its sound."""
    at = data.index(b"data") + 4
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


@pytest.mark.parametrize(
    "size",
    [0, 0xFFFFFFFF, 0x7FFFF000, 3_200, 16_000, 100_000],
    ids=["never written", "4 GiB", "SoX", "0.1 s", "0.5 s", "3 s"],
)
def test_a_recorder_that_died_loses_nothing(desk: Desk, size: int) -> None:
    sound = voice(20)
    assert np.array_equal(desk.decode(stating(wav(sound[None]), size)), sound)


def test_what_follows_the_sound_is_not_heard(desk: Desk) -> None:
    sound = voice(5)
    assert np.array_equal(desk.decode(wav(sound[None]) + LIST), sound)
    assert np.array_equal(desk.decode(wav(sound[None]) + LIST + bytes(30_000)), sound)
    notes = b"iXML" + (200_000).to_bytes(4, "little") + b"<BWFXML/>" + b" " * 199_991
    assert np.array_equal(desk.decode(wav(sound[None]) + notes + LIST), sound)


def test_a_size_beyond_the_end_means_that_sound_is_missing(desk: Desk) -> None:
    assert desk.code(stating(wav(voice(20)[None]), 40 * RATE_HZ * 2)) == "truncated"


def test_beyond_4_gib_the_size_stands_elsewhere(desk: Desk) -> None:
    sound = voice(5)
    plain = stating(wav(sound[None]), 0xFFFFFFFF)
    for missing, mark in ((0, b"RF64"), (0, b"BW64"), (sound.nbytes, b"RF64")):
        sizes = [0, sound.nbytes + missing, 0]
        ds64 = b"".join(size.to_bytes(8, "little") for size in sizes) + bytes(4)
        head = mark + b"\xff" * 4 + b"WAVEds64" + len(ds64).to_bytes(4, "little") + ds64
        data = head + plain[12:]
        if missing:
            assert desk.code(data) == "truncated"
        else:
            assert np.array_equal(desk.decode(data), sound)


def test_mp3_with_something_before_it(desk: Desk) -> None:
    mp3 = encoded("mp3", "libmp3lame", 44_100, 10)
    clean = desk.decode(mp3)
    tag = b"ID3\x03\x00\x00\x00\x00\x1f\x76" + bytes(4_086)
    for before in (bytes(5_000), random.Random(2).randbytes(3_000), tag, tag + bytes(999)):
        heard = desk.decode(before + mp3)
        delay_ms, likeness = delay_and_likeness(heard, clean)
        assert abs(len(heard) - len(clean)) <= RATE_HZ // 10
        assert abs(delay_ms) <= 50
        assert likeness > 0.99


def test_an_unfinished_mp4_is_refused_as_such(desk: Desk) -> None:
    m4a = encoded("mp4", "aac", 44_100, 10)
    without_index = m4a[: m4a.index(b"moov") - 4]
    assert desk.code(without_index) == "incomplete"


def test_formats_without_an_index_play_to_where_they_were_cut(desk: Desk) -> None:
    truth = tone(10)
    for form, codec in (("adts", "aac"), ("ogg", "libopus")):
        data = encoded(form, codec, 48_000, 10)
        heard = desk.decode(data[: len(data) * 3 // 4 + 1])
        assert 6.5 * RATE_HZ < len(heard) < 9 * RATE_HZ
        delay_ms, likeness = delay_and_likeness(heard, truth[: len(heard)])
        assert abs(delay_ms) <= 50
        assert likeness > 0.97


def test_mp3_of_changing_bit_rate_without_an_index_is_heard_to_its_end(desk: Desk) -> None:
    """The length guessed from the first frames is far too long or too short here."""
    bare = {"write_xing": "0", "id3v2_version": "0"}
    loud = encoded("mp3", "libmp3lame", 44_100, 20, 0, **bare)
    quiet = encoded("mp3", "libmp3lame", 44_100, 20, 32_000, **bare)
    short = loud[: len(loud) * 3 // 4]
    assert len(desk.decode(short)) == pytest.approx(15 * RATE_HZ, abs=RATE_HZ // 2)
    for data in (loud + quiet, quiet + loud):
        assert len(desk.decode(data)) == pytest.approx(40 * RATE_HZ, abs=RATE_HZ // 5)
