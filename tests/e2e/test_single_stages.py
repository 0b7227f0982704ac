"""Recognition and diarisation alone: one file out, nothing else left."""

import json
from pathlib import Path

import jsonschema

from transcriber.cli import main

SCHEMAS = Path(__file__).parents[2] / "transcriber" / "exports" / "schemas"


def test_words_alone_are_nobodys(sample_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "words.json"
    assert main(["transcribe", str(sample_clip), "--out", str(out)]) == 0
    transcript = json.loads(out.read_text())
    jsonschema.validate(transcript, json.loads((SCHEMAS / "transcript.schema.json").read_text()))
    assert transcript["words"]
    assert {word["speaker"] for word in transcript["words"]} == {None}
    assert [path.name for path in tmp_path.iterdir()] == ["words.json"]


def test_turns_alone_are_rttm(sample_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "turns.rttm"
    assert main(["diarise", str(sample_clip), "--out", str(out), "--speakers", "2"]) == 0
    rows = [line.split() for line in out.read_text().splitlines()]
    assert {(row[0], row[1], len(row)) for row in rows} == {("SPEAKER", "turns", 10)}
    assert {row[7] for row in rows} == {"S1", "S2"}
    assert [path.name for path in tmp_path.iterdir()] == ["turns.rttm"]


def test_a_bad_file_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.wav").write_text("These are no sounds at all.\n" * 20)
    for command, name in (("transcribe", "a.json"), ("diarise", "a.rttm")):
        assert main([command, str(tmp_path / "notes.wav"), "--out", str(tmp_path / name)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["notes.wav"]
