"""Bad input costs one sentence and nothing else: the rest is done, no trace is left."""

import io
import json
import resource
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.security.media import encoded, silent_flac, tone, video_only
from transcriber.cli import main
from transcriber.sample import sample_roster

pytestmark = pytest.mark.slow

RATE_HZ = 16_000


def wav(samples: "np.ndarray[Any, np.dtype[np.int16]]") -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def noise() -> bytes:
    return wav(np.random.default_rng(1).normal(0, 2_000, RATE_HZ * 5).astype(np.int16))


def truncated_m4a() -> bytes:
    whole = encoded("mp4", "aac", RATE_HZ, 20)
    return whole[: len(whole) // 2]


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.wav": (lambda: b"", "empty"),
    "text.mp3": (lambda: b"These are my field notes, not a recording.\n" * 40, "not_sound"),
    "cut.m4a": (truncated_m4a, "incomplete"),
    "hls.wav": (lambda: b"#EXTM3U\n#EXTINF:9,\nclip.wav\n#EXT-X-ENDLIST\n", "not_sound"),
    "concat.wav": (lambda: b"ffconcat version 1.0\nfile clip.wav\n", "not_sound"),
    "day.flac": (lambda: silent_flac(24, stated=True), "too_long"),
    "pictures.mp4": (video_only, "no_audio"),
    "slip.wav": (lambda: wav(tone(0.2)), "too_short"),
    "silence.wav": (lambda: wav(np.zeros(RATE_HZ * 5, np.int16)), "no_speech"),
    "noise.wav": (noise, "no_speech"),
    "a-folder": (lambda: b"", "is_a_folder"),
    "missing.wav": (lambda: b"", "not_found"),
    "again.wav": (lambda: b"", "given_twice"),
}


class Batch:
    """One run over everything bad, with a good clip at each end and one given twice."""

    def __init__(self, folder: Path, clip: Path) -> None:
        self.out = folder / "out"
        inputs = folder / "in"
        inputs.mkdir()
        shutil.copy(clip, inputs / "clip.wav")
        for name, (make, _) in BAD.items():
            match name:
                case "a-folder":
                    (inputs / name).mkdir()
                case "missing.wav":
                    pass
                case "again.wav":
                    shutil.copy(clip, inputs / name)
                case _:
                    (inputs / name).write_bytes(make())
        self.process = subprocess.run(
            [
                *(sys.executable, "-m", "transcriber", "run", str(inputs / "clip.wav")),
                *(str(inputs / name) for name in BAD),
                *("--out", str(self.out), "--roster", str(sample_roster()), "--json"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        entries = json.loads(self.process.stdout)["recordings"]
        self.by_name = {Path(entry["input"]).name: entry for entry in entries}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory, sample_clip: Path) -> Batch:
    return Batch(tmp_path_factory.mktemp("batch"), sample_clip)


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_, code) in BAD.items()])
def test_a_bad_file_costs_one_sentence(batch: Batch, name: str, code: str) -> None:
    entry = batch.by_name[name]
    assert (entry["status"], entry["error"]) == ("failed", code)
    assert entry["message"].endswith(".")
    assert name not in entry["message"]
    assert "Traceback" not in batch.process.stderr


def test_the_good_file_is_done_and_the_status_says_that_not_all_was(batch: Batch) -> None:
    assert batch.by_name["clip.wav"]["status"] == "done"
    assert batch.process.returncode == 1


def test_nothing_of_the_bad_files_is_left(batch: Batch) -> None:
    code = batch.by_name["clip.wav"]["code"]
    redacted = sorted(path.name for path in (batch.out / "redacted").iterdir())
    assert redacted == sorted(f"{code}.{form}" for form in ("txt", "docx", "vtt", "json"))
    files = [path for path in (batch.out / "private").rglob("*") if path.is_file()]
    kept = {"recordings.csv", "register.sqlite", ".lock"}
    assert [
        path
        for path in files
        if path.name not in kept and not path.name.startswith(code) and path.parent.name != code
    ] == []
    assert not list(batch.out.rglob("*.part"))
    assert not list(batch.out.rglob("*.s16"))


def test_a_full_disk_leaves_nothing_half_written(sample_clip: Path, tmp_path: Path) -> None:
    def almost_full() -> None:
        # 16 s of decoded sound need 512 kB: the disk says no in the middle of them.
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    process = subprocess.run(
        [
            *(sys.executable, "-m", "transcriber", "run", str(sample_clip)),
            *("--out", str(tmp_path / "out"), "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=almost_full,
    )
    (entry,) = json.loads(process.stdout)["recordings"]
    assert process.returncode == 1
    assert entry["error"] in ("disk_full", "file_too_big")
    assert not list((tmp_path / "out" / "redacted").iterdir())
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.suffix in (".s16", ".part")]
    assert left == []


def test_a_roster_with_a_typo_in_a_field_stops_before_any_work(
    sample_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.yaml"
    roster.write_text("particpants:\n  - name: Sarah Whitfield\n")
    status = main(
        ["run", str(sample_clip), "--out", str(tmp_path / "out"), "--roster", str(roster)]
    )
    said = capsys.readouterr().err
    assert status == 2
    assert "participants" in said
    assert "Sarah" not in said
    assert not (tmp_path / "out").exists()


def test_two_inputs_with_one_name_do_not_overwrite_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "notes.txt").write_text(f"P01: Take number {number}.\n")
    inputs = [str(tmp_path / str(number) / "notes.txt") for number in (1, 2)]
    status = main(["redact", *inputs, "--out", str(tmp_path / "out"), "--names", "keep", "--json"])
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert status == 1
    assert first["status"] == "done"
    assert second["error"] == "name_taken"
    assert "number 1" in (tmp_path / "out" / "redacted" / "notes.txt").read_text()


def test_without_keeping_names_each_gets_a_code_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "notes.txt").write_text(f"P01: Take number {number}.\n")
    inputs = [str(tmp_path / str(number) / "notes.txt") for number in (1, 2)]
    assert main(["redact", *inputs, "--out", str(tmp_path / "out"), "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [entry["code"] for entry in files] == ["T01", "T02"]


def test_unknown_options_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", "x.wav", "--out", "o", "--speakers", "many"])
    assert caught.value.code == 2
    assert "not a number of speakers" in capsys.readouterr().err
