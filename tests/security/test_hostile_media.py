"""Whatever is uploaded, decoding gives sound or one plain sentence, and touches nothing else."""

import errno
import json
import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.security.media import RATE_HZ, encoded, silent_flac, tone, video_only, with_index_first
from transcriber.domain.errors import InputError, StorageError, TranscriberError
from transcriber.domain.recording import WHOLE, Audio
from transcriber.engines.pyav import process as pyav_process
from transcriber.engines.pyav.decoder import DecodeLimits, PyAvDecoder, _Job
from transcriber.stages.pcm import read_samples

pytestmark = pytest.mark.slow

GOOD = [
    ("wav", "pcm_s16le", RATE_HZ),
    ("wav", "pcm_s24le", 44_100),
    ("flac", "flac", RATE_HZ),
    ("aiff", "pcm_s16be", RATE_HZ),
    ("mp3", "libmp3lame", 44_100),
    ("mp4", "aac", 44_100),
    ("ogg", "libopus", 48_000),
    ("matroska", "libopus", 48_000),
]


def unwatched(_done: int, _total: int) -> None:
    pass


class Folder:
    """A folder with an upload, from which nothing may come but the samples."""

    def __init__(self, path: Path) -> None:
        self.source = path / "Jane Doe 3 May.wav"
        self.destination = path / "samples.s16"

    def decode(self, data: bytes, limits: DecodeLimits | None = None) -> Audio:
        self.source.write_bytes(data)
        return PyAvDecoder(limits).decode(self.source, self.destination, unwatched).audio

    def refusal(self, data: bytes, limits: DecodeLimits | None = None) -> TranscriberError:
        with pytest.raises(TranscriberError) as caught:
            self.decode(data, limits)
        self.assert_clean(caught.value)
        return caught.value

    def assert_clean(self, error: TranscriberError) -> None:
        assert not self.destination.exists()
        assert not list(self.destination.parent.glob("*.part"))
        assert "Jane" not in error.sentence
        assert error.sentence.endswith(".")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize(("form", "codec", "rate_hz"), GOOD)
def test_good_recordings_give_the_same_sound(
    folder: Folder, form: str, codec: str, rate_hz: int
) -> None:
    audio = folder.decode(encoded(form, codec, rate_hz, 6))
    sound, truth = read_samples(audio, None).astype(float), tone(6).astype(float)
    assert abs(audio.duration_ms - 6_000) <= 100
    # Lossy encoders shift the sound by some milliseconds and change it a little.
    lags = range(-400, 401, 4)
    middle = slice(RATE_HZ, 5 * RATE_HZ)
    likeness = max(
        float(np.corrcoef(truth[middle], sound[middle.start + lag : middle.stop + lag])[0, 1])
        for lag in lags
    )
    assert likeness > 0.97
    assert sound[middle].std() == pytest.approx(truth[middle].std(), rel=0.05)
    assert folder.destination.stat().st_mode & 0o777 == 0o600


def test_progress_ends_at_its_total(folder: Folder) -> None:
    folder.source.write_bytes(encoded("wav", "pcm_s16le", RATE_HZ, 35))
    seen: list[tuple[int, int]] = []
    PyAvDecoder().decode(folder.source, folder.destination, lambda *step: seen.append(step))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) >= 3
    assert {total for _, total in seen} == {35_000}
    assert seen[-1] == (35_000, 35_000)


def test_a_header_without_a_length_is_fine(folder: Folder) -> None:
    wav = bytearray(encoded("wav", "pcm_s16le", RATE_HZ, 3))
    at = wav.index(b"data") + 4
    for placeholder in (0, 0x7FFFF000, 0xFFFFFFFF):
        wav[at : at + 4] = placeholder.to_bytes(4, "little")
        assert folder.decode(bytes(wav)).duration_ms == 3_000
    flac = bytearray(encoded("flac", "flac", RATE_HZ, 3))
    flac[21] &= 0xF0
    flac[22:26] = bytes(4)
    assert folder.decode(bytes(flac)).duration_ms == 3_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Interviewer: how did it start?\n" * 400, "not_sound"),
        (b"\x00" * 50_000, "not_sound"),
        (random.Random(1).randbytes(50_000), "not_sound"),
        (b"<!DOCTYPE html><title>Sign in</title>" * 50, "not_sound"),
        (video_only(), "no_audio"),
        (encoded("wav", "pcm_s16le", RATE_HZ, 0.2), "too_short"),
        (encoded("wav", "pcm_s16le", RATE_HZ, 2)[:1_000], "truncated"),
        (encoded("mp4", "aac", 44_100, 5)[:30_000], "incomplete"),
    ],
    ids=["empty", "text", "zeros", "noise", "web page", "video", "0.2 s", "cut WAV", "cut M4A"],
)
def test_what_is_no_recording_is_refused(folder: Folder, data: bytes, code: str) -> None:
    error = folder.refusal(data)
    assert isinstance(error, InputError)
    assert error.code == code


@pytest.mark.parametrize("form", ["wav", "flac", "mp3", "mp4", "matroska", "aiff"])
def test_missing_minutes_are_never_dropped_in_silence(folder: Folder, form: str) -> None:
    codec, rate_hz = {kind: (name, rate) for kind, name, rate in reversed(GOOD)}[form]
    data = encoded(form, codec, rate_hz, 75)
    if form == "mp4":
        data = with_index_first(data)
        assert folder.decode(data).duration_ms == pytest.approx(75_000, abs=100)
    error = folder.refusal(data[: len(data) * 2 // 3])
    assert error.code == "truncated"
    assert " of 1 min 15 s are there" in error.sentence
    # Only the last moments are missing: nothing that anybody said.
    assert folder.decode(data[: len(data) * 997 // 1000]).duration_ms > 74_000


def test_damage_in_the_middle_keeps_later_times_right(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    data = bytearray(encoded("mp4", "aac", 44_100, 20))
    middle = len(data) // 2
    data[middle : middle + 3_000] = random.Random(5).randbytes(3_000)
    audio = folder.decode(bytes(data))
    sound, truth = read_samples(audio, None).astype(float), tone(20).astype(float)
    late = slice(15 * RATE_HZ, 19 * RATE_HZ)
    likeness = max(
        float(np.corrcoef(truth[late], sound[late.start + lag : late.stop + lag])[0, 1])
        for lag in range(-400, 401, 4)
    )
    assert likeness > 0.97
    assert "Jane" not in caplog.text


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{other}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{other}\n",
        "ffconcat version 1.0\nfile '{other}'\n",
        "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    ],
)
def test_a_playlist_yields_nothing_of_another_recording(
    folder: Folder, playlist: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(encoded("wav", "pcm_s16le", RATE_HZ, 3))
    assert folder.refusal(playlist.format(other=other).encode()).code == "not_sound"


@pytest.mark.parametrize("stated", [True, False])
def test_a_day_of_silence_in_300_kb_is_refused(folder: Folder, stated: bool) -> None:
    bomb = silent_flac(24, stated=stated)
    assert len(bomb) < 330_000
    # A stated length is refused at once; otherwise an hour is decoded in little memory.
    hour = 3_600_000
    limits = DecodeLimits(max_duration_ms=hour, max_memory_bytes=256 << 20, timeout_s=20)
    error = folder.refusal(bomb, None if stated else limits)
    assert isinstance(error, InputError)
    assert error.code == "too_long"


def test_paths_that_are_no_recordings(folder: Folder, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    cases = {
        tmp_path / "none.wav": "not_found",
        tmp_path: "is_directory",
        pipe: "not_a_file",
        tmp_path / "nul\0.wav": "not_readable",
        tmp_path / ("long" * 100): "not_readable",
    }
    locked = tmp_path / "locked.wav"
    locked.write_bytes(b"x")
    locked.chmod(0)
    if not os.access(locked, os.R_OK):  # an administrator may read everything
        cases[locked] = "not_readable"
    for path, code in cases.items():
        with pytest.raises(InputError) as caught:
            PyAvDecoder().decode(path, folder.destination, unwatched)
        assert caught.value.code == code
        folder.assert_clean(caught.value)


def test_an_earlier_result_does_not_outlive_a_failure(folder: Folder) -> None:
    folder.decode(encoded("wav", "pcm_s16le", RATE_HZ, 2))
    folder.destination.with_name("samples.s16.part").write_bytes(b"left by a killed run")
    folder.refusal(b"not a recording")


def test_a_full_disk_is_not_blamed_on_the_file(folder: Folder) -> None:
    data = encoded("wav", "pcm_s16le", RATE_HZ, 10)
    error = folder.refusal(data, DecodeLimits(max_bytes=100_000))
    assert isinstance(error, StorageError)
    assert error.code == "file_too_big"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_no_space_left(folder: Folder) -> None:
    folder.source.write_bytes(encoded("wav", "pcm_s16le", RATE_HZ, 3))
    full = os.open("/dev/full", os.O_WRONLY)
    source = os.open(folder.source, os.O_RDONLY)
    try:
        with pytest.raises(StorageError) as caught:
            _Job(DecodeLimits(), WHOLE, unwatched).run(source, full, -1)
    finally:
        os.close(full)
        os.close(source)
    assert caught.value.code == "disk_full"


def test_a_folder_that_takes_no_file(folder: Folder, tmp_path: Path) -> None:
    folder.source.write_bytes(encoded("wav", "pcm_s16le", RATE_HZ, 1))
    with pytest.raises(StorageError) as caught:
        PyAvDecoder().decode(folder.source, tmp_path / "none" / "samples.s16", unwatched)
    assert caught.value.code == "storage_failed"


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "too_demanding"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
        ("time.sleep(60)", "too_slow"),
        ("os.close(1); time.sleep(60)", "too_slow"),
        ("sys.exit(0)", "crashed"),
        ("os.write(1, b'[1]\\n\\xff\\n' + b'x' * 200_000)", "crashed"),
        ('os.write(1, b\'{"fault": ["empty"]}\\n\')', "crashed"),
        ("os.write(1, b'{\"ready\": 1}\\n'); sys.exit(3)", "crashed"),
        ("sys.exit(3)", "decoder_failed"),
    ],
)
def test_the_child_may_end_in_any_way(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, does: str, code: str
) -> None:
    script = f"import os, signal, sys, time; {does}"
    monkeypatch.setattr(pyav_process, "_command", lambda: [sys.executable, "-I", "-c", script])
    assert folder.refusal(b"some bytes", DecodeLimits(timeout_s=1)).code == code


def children() -> Iterator[int]:
    for tasks in Path("/proc/self/task").iterdir():
        yield from map(int, (tasks / "children").read_text().split())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux to find the child")
def test_a_child_killed_while_it_works(folder: Folder) -> None:
    folder.source.write_bytes(silent_flac(3, stated=True))
    before = set(children())

    def kill(_done: int, _total: int) -> None:
        for child in set(children()) - before:
            os.kill(child, signal.SIGKILL)

    with pytest.raises(InputError) as caught:
        PyAvDecoder().decode(folder.source, folder.destination, kill)
    folder.assert_clean(caught.value)


def test_an_interrupted_parent_leaves_nothing(folder: Folder) -> None:
    folder.source.write_bytes(silent_flac(1, stated=True))

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PyAvDecoder().decode(folder.source, folder.destination, interrupt)
    assert list(folder.source.parent.iterdir()) == [folder.source]


def test_the_child_gives_up_its_rights() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    script = f"""
        import json, os, resource, socket
        from transcriber.engines.pyav.child import confine
        os.dup2(1, 3)
        confine(1 << 30, 10, 1000)
        def refused(action):
            try:
                action()
            except OSError as reason:
                return reason.errno
        print(json.dumps([
            refused(lambda: open("/etc/passwd")),
            refused(lambda: socket.create_connection(("127.0.0.1", {listener.getsockname()[1]}))),
            refused(os.pipe),
            refused(lambda: os.posix_spawn("/bin/true", ["true"], {{}}) and None),
            resource.getrlimit(resource.RLIMIT_CORE),
        ]))
    """
    with listener:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            capture_output=True,
            text=True,
            check=True,
        )
    opened, connected, piped, _, core = json.loads(done.stdout)
    assert opened == connected == piped == errno.EMFILE
    assert core == [0, 0]


def test_a_memory_limit_is_a_sentence(folder: Folder) -> None:
    data = encoded("wav", "pcm_s16le", RATE_HZ, 2)
    assert folder.decode(data, DecodeLimits(max_memory_bytes=256 << 20)).duration_ms == 2_000
    error = folder.refusal(data, DecodeLimits(max_memory_bytes=32 << 20))
    assert error.code in ("too_demanding", "crashed", "decoder_failed")


@pytest.mark.parametrize(("form", "codec", "rate_hz"), [GOOD[0], GOOD[2], GOOD[5], GOOD[6]])
def test_random_damage_gives_sound_or_a_sentence(
    folder: Folder, form: str, codec: str, rate_hz: int
) -> None:
    intact = encoded(form, codec, rate_hz, 2)
    chance = random.Random(form)
    limits = DecodeLimits(max_duration_ms=3_600_000, timeout_s=20)
    for _ in range(50):
        data = bytearray(intact)
        for _ in range(chance.choice((1, 3, 30))):
            # Headers are where parsers go wrong, so half of the damage goes there.
            reach = len(data) if chance.random() < 0.5 else min(len(data), 600)
            data[chance.randrange(reach)] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        try:
            assert folder.decode(bytes(data), limits).sample_count >= RATE_HZ // 2
            folder.destination.unlink()
        except InputError as error:
            folder.assert_clean(error)
        assert list(folder.source.parent.iterdir()) == [folder.source]
