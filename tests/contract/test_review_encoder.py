"""What any encoder of the review copy must do; the AAC encoder does it."""

import stat
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.domain.errors import StorageError
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.review_copy import AacEncoder
from transcriber.stages.pcm import read_samples

ODD_COUNT = 5 * SAMPLE_RATE_HZ + 4_321  # no whole number of packets or milliseconds


def noise(path: Path, count: int) -> Audio:
    """Noise, in which one place is like no other."""
    samples = np.random.default_rng(3).normal(0, 4_000, count).astype("<i2")
    path.write_bytes(samples.tobytes())
    return Audio(path, count)


def silent(_done_ms: int, _total_ms: int) -> None:
    """Take no notice of progress."""


@pytest.fixture
def audio(tmp_path: Path) -> Audio:
    return noise(tmp_path / "samples.s16", ODD_COUNT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / f"copy{AacEncoder.suffix}"


ON_A_SMALL_DISK = """
import resource, sys
from pathlib import Path
from transcriber.domain.errors import StorageError
from transcriber.domain.recording import Audio
from transcriber.engines.review_copy import AacEncoder

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    AacEncoder().encode(Audio(Path(sys.argv[1]), int(sys.argv[2])), Path(sys.argv[3]), print)
except StorageError as refused:
    sys.exit(refused.code)
"""
"""No file may grow beyond 20 kB, as on a disk that fills up; in a process of its own, because the
limit would also hold for the log that the tests write."""


def decoded(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float64)


def test_every_place_stays_where_it_was(audio: Audio, copy: Path) -> None:
    AacEncoder().encode(audio, copy, silent)

    heard = decoded(copy)
    said = np.asarray(read_samples(audio), dtype=np.float64)
    for start in (0, 1_000, ODD_COUNT - 4_000):
        stretch = said[start : start + 4_000]
        likeness = np.correlate(heard, stretch, mode="valid")
        assert int(likeness.argmax()) == start


def test_the_length_is_told_to_the_sample(audio: Audio, copy: Path) -> None:
    AacEncoder().encode(audio, copy, silent)
    with av.open(str(copy)) as container:
        (stream,) = container.streams
        assert stream.duration * stream.time_base * SAMPLE_RATE_HZ == ODD_COUNT


def test_the_same_sound_gives_the_same_private_file(audio: Audio, copy: Path) -> None:
    AacEncoder().encode(audio, copy, silent)
    first = copy.read_bytes()
    AacEncoder().encode(audio, copy, silent)

    assert copy.read_bytes() == first
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert set(copy.parent.iterdir()) == {audio.path, copy}


def test_it_tells_nothing_about_its_making(audio: Audio, copy: Path) -> None:
    AacEncoder().encode(audio, copy, silent)

    content = copy.read_bytes()
    for program in (b"Lavf", b"Lavc", b"ffmpeg", b"transcriber"):
        assert program not in content
    created_and_changed = content.index(b"mvhd") + 8  # ISO/IEC 14496-12, 8.2.2
    assert content[created_and_changed : created_and_changed + 8] == bytes(8)


def test_the_index_comes_before_the_sound(audio: Audio, copy: Path) -> None:
    AacEncoder().encode(audio, copy, silent)
    content = copy.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("count", [1, 15, 1_024, 8 * SAMPLE_RATE_HZ])
def test_any_length_can_be_copied(tmp_path: Path, copy: Path, count: int) -> None:
    AacEncoder().encode(noise(tmp_path / "samples.s16", count), copy, silent)
    assert len(decoded(copy)) >= count


def test_without_sound_there_is_nothing_to_copy(tmp_path: Path, copy: Path) -> None:
    with pytest.raises(ValueError, match="no sound"):
        AacEncoder().encode(noise(tmp_path / "samples.s16", 0), copy, silent)
    assert not copy.exists()


def test_progress_ends_at_the_length(tmp_path: Path, copy: Path) -> None:
    steps: list[tuple[int, int]] = []
    audio = noise(tmp_path / "samples.s16", 20 * SAMPLE_RATE_HZ)
    AacEncoder().encode(audio, copy, lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == [0, 8_000, 16_000, 20_000]
    assert {total for _, total in steps} == {20_000}


def test_a_full_disk_leaves_nothing_behind(audio: Audio, copy: Path) -> None:
    copy.write_bytes(b"of an earlier run")
    command = [sys.executable, "-c", ON_A_SMALL_DISK]
    made = subprocess.run(
        [*command, str(audio.path), str(audio.sample_count), str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stderr.splitlines()[-1] == "file_too_big"
    assert list(copy.parent.iterdir()) == [audio.path]


def test_a_folder_that_is_gone_is_named_without_its_path(audio: Audio, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        AacEncoder().encode(audio, tmp_path / "nowhere" / "copy.m4a", silent)
    assert refused.value.code == "storage_failed"
    assert "nowhere" not in refused.value.sentence


def test_an_interruption_leaves_nothing_behind(audio: Audio, copy: Path) -> None:
    def interrupt(_done_ms: int, _total_ms: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        AacEncoder().encode(audio, copy, interrupt)
    assert list(copy.parent.iterdir()) == [audio.path]
