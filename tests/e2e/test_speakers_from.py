"""A meeting program wrote down who speaks: its names give the labels, and never leave."""

import json
from pathlib import Path

import pytest

from transcriber.cli import main
from transcriber.sample import sample_audio, sample_gold, sample_roster

NAMES = {
    "MOD": "Daniel Price (Host)",
    "P01": "sarah whitfield",
    "P02": "Andy",
    "P03": "Robert Ellis",
}
"""As people call themselves in a meeting; the roster knows all four."""

STOP_MS = 60_000
LATE_MS = 7_300


def clock(at_ms: int) -> str:
    return f"00:{at_ms // 60_000:02}:{at_ms // 1000 % 60:02}.{at_ms % 1000:03}"


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    """The sample's turns as Zoom would write them, on a clock that is seven seconds late."""
    blocks = ["WEBVTT"] + [
        f"{clock(turn['start_ms'] + LATE_MS)} --> {clock(turn['end_ms'] + LATE_MS)}\n"
        f"{NAMES[turn['speaker']]}: {turn['text']}"
        for turn in json.loads(sample_gold().read_text())["turns"]
    ]
    path = tmp_path / "meeting.vtt"
    path.write_text("\n\n".join(blocks) + "\n")
    return path


@pytest.mark.slow
def test_speakers_come_from_the_file_under_the_labels_of_the_study(
    meeting: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["run", str(sample_audio()), "--stop", "60", "--out", str(out)]
    arguments += ["--speakers-from", str(meeting), "--roster", str(sample_roster())]
    assert main(arguments) == 0
    made = json.loads((out / "private" / "INT01.transcript.json").read_text())
    assert made["provenance"]["diarisation"] == {"engine": "speakers-file"}
    label = {speaker["id"]: speaker["label"] for speaker in made["speakers"]}
    assert set(label.values()) <= set(NAMES)
    turns = json.loads(sample_gold().read_text())["turns"]
    right = [
        label.get(word["speaker"]) == turn["speaker"]
        for word in made["words"]
        for turn in turns
        if turn["start_ms"] <= (word["start_ms"] + word["end_ms"]) / 2 < turn["end_ms"]
    ]
    assert len(right) > 120
    assert sum(right) / len(right) > 0.97
    for path in (out / "redacted").iterdir():
        content = path.read_bytes().lower()
        for name in (b"daniel price", b"whitfield", b"robert ellis"):
            assert name not in content, path.name
    assert (out / "redacted" / "INT01.txt").read_text().count("\nMOD: ") >= 1


def test_a_file_that_cannot_be_fitted_costs_the_speakers_only(
    meeting: Path, sample_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["run", str(sample_clip), "--out", str(out)]
    assert main([*arguments, "--speakers-from", str(meeting)]) == 1
    assert "do not fit this recording" in " ".join(capsys.readouterr().out.split())
    assert "\nUNK: " in (out / "redacted" / "INT01.txt").read_text()


@pytest.mark.parametrize(
    "more",
    [["--tracks"], ["second.wav"], ["second.wav", "--side-by-side"]],
    ids=["tracks", "several recordings", "side by side"],
)
def test_it_is_refused_where_it_cannot_tell(more: list[str], meeting: Path, tmp_path: Path) -> None:
    arguments = ["run", str(sample_audio()), *more, "--speakers-from", str(meeting)]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
