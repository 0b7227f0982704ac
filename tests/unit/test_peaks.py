"""The outline of a waveform, and the file that players draw it from."""

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.peaks import Peaks
from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, Audio
from transcriber.exports.peaks_json import write_peaks
from transcriber.stages.peaks import FINEST_MS, MOST_PAIRS, coarser, peaks

SAMPLES_PER_PAIR = FINEST_MS * SAMPLE_RATE_HZ // 1000
LONGER_THAN_A_BLOCK = 4_096 * SAMPLES_PER_PAIR + 5 * SAMPLES_PER_PAIR + 7


def recorded(folder: Path, samples: NDArray[np.int16]) -> Audio:
    path = folder / "samples.s16"
    path.write_bytes(samples.astype("<i2").tobytes())
    return Audio(path, len(samples))


def pairs(found: Peaks) -> list[tuple[int, int]]:
    values = memoryview(found.pairs).cast("b").tolist()
    return list(zip(values[::2], values[1::2], strict=True))


def test_each_stretch_has_its_lowest_and_highest_sample(tmp_path: Path) -> None:
    samples = np.zeros(2 * SAMPLES_PER_PAIR + 1, dtype=np.int16)
    samples[3], samples[SAMPLES_PER_PAIR - 1] = -32_768, 32_767
    samples[SAMPLES_PER_PAIR] = 2_560
    samples[-1] = -256

    found = peaks(recorded(tmp_path, samples))

    assert pairs(found) == [(-128, 127), (0, 10), (-1, -1)]


def test_faint_noise_is_a_flat_line(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(-255, 256, 1_000).astype(np.int16)
    assert set(pairs(peaks(recorded(tmp_path, noise)))) == {(0, 0)}


@settings(max_examples=20)
@given(
    count=st.sampled_from([0, 1, 15, 16, SAMPLES_PER_PAIR, 1_000, LONGER_THAN_A_BLOCK]),
    seed=st.integers(0, 99),
)
def test_reading_in_blocks_gives_what_reading_at_once_does(
    tmp_path_factory: pytest.TempPathFactory, count: int, seed: int
) -> None:
    samples = np.random.default_rng(seed).integers(-32_768, 32_768, count).astype(np.int16)

    found = pairs(peaks(recorded(tmp_path_factory.mktemp("peaks"), samples)))

    assert found == [
        (int(stretch.min() / 256), int(stretch.max() / 256))
        for stretch in (
            samples[start : start + SAMPLES_PER_PAIR] for start in range(0, count, SAMPLES_PER_PAIR)
        )
    ]


@pytest.mark.parametrize("hours", [1, 4, 12])
def test_long_recordings_are_drawn_more_coarsely(tmp_path: Path, hours: int) -> None:
    path = tmp_path / "samples.s16"
    count = hours * 3_600 * SAMPLE_RATE_HZ
    path.touch()
    os.truncate(path, count * BYTES_PER_SAMPLE)  # a hole: silence that takes no room

    found = peaks(Audio(path, count))

    assert found.length == math.ceil(count / found.samples_per_pair)
    assert found.length <= MOST_PAIRS
    assert (found.samples_per_pair == SAMPLES_PER_PAIR) == (hours == 1)


def test_the_file_is_what_players_read() -> None:
    written = write_peaks(Peaks(bytes([0x80, 0x7F, 0xFF, 0x00]), 512))

    assert written == (
        b'{"version":2,"channels":1,"sample_rate":16000,"samples_per_pixel":512,"bits":8,'
        b'"length":2,"data":[-128,127,-1,0]}\n'
    )


def test_silence_is_drawn_too(tmp_path: Path) -> None:
    silence = np.zeros(SAMPLES_PER_PAIR * 3, dtype=np.int16)
    waveform = json.loads(write_peaks(peaks(recorded(tmp_path, silence))))
    assert waveform["length"] == 3
    assert waveform["data"] == [0] * 6


@pytest.mark.parametrize(("values", "samples"), [(b"\x00", 512), (b"\x00\x00", 0)])
def test_half_a_pair_is_refused(values: bytes, samples: int) -> None:
    with pytest.raises(ValueError, match="pairs"):
        Peaks(values, samples)


def test_samples_that_are_gone_are_an_error(tmp_path: Path) -> None:
    audio = recorded(tmp_path, np.ones(600, dtype=np.int16))
    with pytest.raises(ValueError, match="greater than file size"):
        peaks(Audio(audio.path, 6_000))


def outline(values: list[tuple[int, int]]) -> Peaks:
    return Peaks(np.array(values, dtype=np.int8).tobytes(), SAMPLES_PER_PAIR)


def test_a_coarser_outline_keeps_what_is_loud() -> None:
    fine = outline([(-1, 1), (-9, 2), (-3, 30), (0, 0), (-128, 127)])
    coarse = coarser(fine, Interval(0, 5 * FINEST_MS), 3)
    assert pairs(coarse) == [(-9, 2), (-3, 30), (-128, 127)]
    assert coarse.samples_per_pair == 2 * SAMPLES_PER_PAIR


def test_a_stretch_of_an_outline_begins_with_the_pair_it_begins_in() -> None:
    fine = outline([(-1, 1), (-2, 2), (-3, 3), (-4, 4)])
    part = coarser(fine, Interval(FINEST_MS + 1, 3 * FINEST_MS), 10)
    assert pairs(part) == [(-2, 2), (-3, 3)]
    assert pairs(coarser(fine, Interval(9 * FINEST_MS, 10 * FINEST_MS), 10)) == []
    assert pairs(coarser(outline([]), Interval(0, 99), 1)) == []


@given(
    st.lists(st.tuples(st.integers(-128, 0), st.integers(0, 127)), max_size=200),
    st.integers(1, 50),
)
def test_a_coarser_outline_is_never_longer_than_asked_and_as_loud(
    values: list[tuple[int, int]], most: int
) -> None:
    coarse = coarser(outline(values), Interval(0, len(values) * FINEST_MS), most)
    assert coarse.length <= most
    assert sorted(map(min, pairs(coarse)))[:1] == sorted(map(min, values))[:1]
    assert max(map(max, pairs(coarse)), default=0) == max(map(max, values), default=0)
