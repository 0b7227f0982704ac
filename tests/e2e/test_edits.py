"""What a person changed reaches the next run's files, and nobody listens again."""

import json
from pathlib import Path

import pytest

from transcriber.cli import main


def test_edits_beside_the_transcript_are_applied(
    sample_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", str(sample_clip), "--out", str(tmp_path / "out"), "--format", "txt", "--json"]
    assert main(command) == 0
    private = tmp_path / "out" / "private"
    raw = (private / "INT01.transcript.json").read_text()
    words = json.loads(raw)["words"]
    speaker = words[0]["speaker"]
    edits = [
        {"kind": "speaker_renamed", "speaker": speaker, "label": "MOD"},
        {"kind": "word_corrected", "word": words[0]["id"], "text": "Maud"},
        {
            "kind": "identifier_marked",
            "first": words[0]["id"],
            "last": words[0]["id"],
            "entity_type": "PERSON",
        },
    ]
    (private / "INT01.edits.json").write_text(json.dumps(edits))
    assert main(command) == 0
    text = (tmp_path / "out" / "redacted" / "INT01.txt").read_text()
    assert "\nMOD: [PERSON_" in text
    assert "Maud" not in text
    assert (private / "INT01.transcript.json").read_text() == raw

    (private / "INT01.edits.json").write_text('[{"kind": "speaker_renamed"}]')
    capsys.readouterr()
    assert main(command) == 1
    (entry,) = json.loads(capsys.readouterr().out)["recordings"]
    assert entry["error"] == "bad_edits"
