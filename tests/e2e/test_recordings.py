"""Recordings as people have them: in parts, with a track each, only a stretch of them wanted."""

import json
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from transcriber.cli import main
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.sample import sample_gold
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples

pytestmark = pytest.mark.slow

SCHEMAS = Path(__file__).parents[2] / "transcriber" / "exports" / "schemas"
TURNS = Interval(8_000, 24_000)  # the moderator, then a participant
ROOM = 0.02  # what one microphone hears of its neighbour: 34 dB less


def wav(path: Path, *channels: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.stack(channels, axis=1).astype("<i2").tobytes())
    return path


def transcript(out: Path, code: str = "INT01") -> Any:
    made = json.loads((out / "private" / f"{code}.transcript.json").read_text())
    jsonschema.validate(made, json.loads((SCHEMAS / "transcript.schema.json").read_text()))
    return made


def status_of(arguments: list[str]) -> int:
    """The exit status, also where argparse refuses the arguments."""
    try:
        return main(arguments)
    except SystemExit as refused:
        return int(str(refused.code))


@pytest.fixture(scope="module")
def talk(sample_decoded: Audio) -> np.ndarray:
    return read_samples(sample_decoded, TURNS).astype(np.float64)


@pytest.fixture(scope="module")
def microphones(talk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the moderator's and the participant's microphone record, each faintly in the other."""
    gold = json.loads(sample_gold().read_text())["turns"]
    (border_ms,) = {
        turn["start_ms"] - TURNS.start_ms for turn in gold if turn["speaker"] == "P01"
    } & set(range(16_000))
    first = np.zeros_like(talk)
    first[: border_ms * SAMPLES_PER_MS] = talk[: border_ms * SAMPLES_PER_MS]
    second = talk - first
    return first + ROOM * second, second + ROOM * first


@pytest.mark.parametrize("option", ["--tracks", "--side-by-side"])
def test_each_track_or_file_is_one_speaker(
    option: str, microphones: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    files = (
        [wav(tmp_path / "both.wav", *microphones)]
        if option == "--tracks"
        else [wav(tmp_path / f"{n}.wav", sound) for n, sound in enumerate(microphones)]
    )
    out = tmp_path / "out"
    assert main(["run", *map(str, files), option, "--out", str(out)]) == 0
    made = transcript(out)
    assert made["duration_ms"] == TURNS.duration_ms
    assert made["provenance"]["diarisation"] == {"engine": "tracks"}
    assert [speaker["id"] for speaker in made["speakers"]] == ["S1", "S2"]
    order = [word["speaker"] for word in made["words"]]
    assert sum(a != b for a, b in pairwise(order)) == 1  # the moderator, then the participant
    assert order.count("S1") > 10
    assert order.count("S2") > 10


@pytest.mark.parametrize(
    ("options", "files"),
    [(["--tracks"], 2), (["--join"], 2), ([], 1)],
    ids=["with tracks", "with join", "one file"],
)
def test_side_by_side_is_refused_where_it_says_nothing(
    options: list[str], files: int, sample_clip: Path, tmp_path: Path
) -> None:
    inputs = [str(sample_clip)] * files
    arguments = ["run", *inputs, "--side-by-side", *options, "--out", str(tmp_path / "out")]
    assert status_of(arguments) == 2
    assert not (tmp_path / "out").exists()


def test_tracks_that_are_not_there_are_told(sample_clip: Path, tmp_path: Path) -> None:
    assert main(["run", str(sample_clip), "--tracks", "--out", str(tmp_path), "--json"]) == 1
    assert not list((tmp_path / "redacted").iterdir())


def test_parts_become_one_recording(talk: np.ndarray, tmp_path: Path) -> None:
    cut = len(talk) // 2
    parts = [wav(tmp_path / "b.wav", talk[:cut]), wav(tmp_path / "a.wav", talk[cut:])]
    out = tmp_path / "out"
    assert main(["run", *map(str, parts), "--join", "--out", str(out)]) == 0
    made = transcript(out)
    assert made["duration_ms"] == TURNS.duration_ms
    assert [
        (part["start_ms"], part["end_ms"], part["offset_ms"])
        for part in made["provenance"]["parts"]
    ] == [(0, 8_000, 0), (8_000, 16_000, 0)]
    assert made["words"][-1]["end_ms"] > 12_000
    assert (out / "private" / "INT01.review.m4a").stat().st_size > 10_000
    assert json.loads((out / "private" / "INT01.peaks.json").read_text())["version"] == 2
    # The same parts keep their code, and nothing is heard again.
    assert main(["run", *map(str, parts), "--join", "--out", str(out)]) == 0
    assert {path.name for path in (out / "redacted").glob("*.txt")} == {"INT01.txt"}


def test_only_the_stretch_that_is_wanted_is_heard(sample_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "words.json"
    wanted = ["--start", "0:08", "--stop", "12.5"]
    assert main(["transcribe", str(sample_clip), *wanted, "--out", str(out)]) == 0
    made = json.loads(out.read_text())
    assert made["duration_ms"] == 4_500
    assert made["words"]
    (part,) = made["provenance"]["parts"]
    assert (part["start_ms"], part["end_ms"], part["offset_ms"]) == (0, 4_500, 8_000)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [(["--start", "9:00"], 1), (["--start", "5", "--stop", "5"], 2), (["--start", "soon"], 2)],
)
def test_a_stretch_that_is_not_there_is_told(
    wanted: list[str],
    status: int,
    sample_clip: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["transcribe", str(sample_clip), *wanted, "--out", str(tmp_path / "w.json")]
    assert status_of(arguments) == status
    assert "start" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
