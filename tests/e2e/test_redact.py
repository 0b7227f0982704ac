"""Transcripts that people already have: five formats, nothing of the names left, structure kept."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
import webvtt

from transcriber.cli import main

SAID = "My name is Sarah Whitfield and I live in Ashford."
ROSTER = """
participants: [{name: Sarah Whitfield, label: P01}]
places: [Ashford]
"""
GONE = ("Sarah", "Whitfield", "Ashford")


def as_docx() -> bytes:
    document = docx.Document()
    document.core_properties.author = "Sarah Whitfield"
    document.sections[0].header.paragraphs[0].text = "Interview with Sarah Whitfield"
    document.add_paragraph(f"P01: {SAID}")
    document.add_table(1, 1).cell(0, 0).text = "Whitfield, S."
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


INPUTS: dict[str, bytes] = {
    "t.txt": f"INT: Hello.\nP01: {SAID}\n".encode(),
    "t.vtt": f"WEBVTT\n\n00:01.000 --> 00:04.000\n<v P01>{SAID}\n".encode(),
    "t.srt": f"1\n00:00:01,000 --> 00:00:04,000\n{SAID}\n".encode(),
    "t.docx": as_docx(),
    "t.json": json.dumps({"segments": [{"start": 1.0, "end": 4.0, "text": SAID}]}).encode(),
}


class Study:
    """Five transcripts, redacted by one command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.out = folder / "out"
        self._capsys = capsys
        (folder / "roster.yaml").write_text(ROSTER)
        for name, data in INPUTS.items():
            (folder / name).write_bytes(data)
        self._arguments = [
            *("redact", *(str(folder / name) for name in INPUTS)),
            *("--out", str(self.out), "--roster", str(folder / "roster.yaml"), "--json"),
        ]
        self.files = self.run()

    def run(self) -> dict[str, Any]:
        assert main(self._arguments) == 0
        entries = json.loads(self._capsys.readouterr().out)["files"]
        return {Path(entry["input"]).suffix: entry for entry in entries}

    def redacted(self, suffix: str) -> bytes:
        (path,) = self.files[suffix]["redacted"]
        assert Path(path).suffix == suffix
        return Path(path).read_bytes()


@pytest.fixture
def study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Study:
    return Study(tmp_path, capsys)


def test_no_name_is_left_in_any_byte(study: Study) -> None:
    for suffix in study.files:
        data = study.redacted(suffix)
        if suffix == ".docx":
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                data = b"\n".join(package.read(name) for name in package.namelist())
        assert [name for name in GONE if name.encode() in data] == [], suffix
        assert b"not checked by a person" in data, suffix


def test_structure_is_kept(study: Study) -> None:
    expected = "My name is [P01] and I live in [PLACE_1]."
    assert f"INT: Hello.\nP01: {expected}\n" in study.redacted(".txt").decode()
    (caption,) = webvtt.from_string(study.redacted(".vtt").decode()).captions
    assert (caption.start, caption.voice, caption.text) == ("00:00:01.000", "P01", expected)
    assert f"00:00:01,000 --> 00:00:04,000\n{expected}" in study.redacted(".srt").decode()
    document = docx.Document(io.BytesIO(study.redacted(".docx")))
    assert f"P01: {expected}" in [paragraph.text for paragraph in document.paragraphs]
    assert len(document.tables) == 1
    (segment,) = json.loads(study.redacted(".json"))["segments"]
    assert (segment["start"], segment["text"]) == (1.0, expected)


def test_findings_point_into_the_text_that_lies_beside_them(study: Study) -> None:
    for entry in study.files.values():
        code, private = entry["code"], study.out / "private"
        text = (private / f"{code}.text.txt").read_text()
        findings = json.loads((private / f"{code}.findings.json").read_text())
        assert {finding["entity_type"] for finding in findings} >= {"PERSON", "LOCATION"}
        for finding in findings:
            if "part" not in finding:
                assert text[finding["start"] : finding["end"]] == finding["text"]


def test_a_second_run_keeps_codes_and_replacements(study: Study) -> None:
    before = {suffix: study.redacted(suffix) for suffix in study.files}
    again = study.run()
    assert {s: e["code"] for s, e in again.items()} == {
        s: e["code"] for s, e in study.files.items()
    }
    assert {suffix: study.redacted(suffix) for suffix in study.files} == before
