"""Projects in `qc`, which validates them against the standard's schema before it reads them."""

import os
import sqlite3
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree  # type: ignore[import-untyped]

from tests.releases import release_bytes
from tests.tools.conftest import Exporting
from tests.tools.environments import QC
from tests.tools.released_sample import GOLD, MENTIONS
from tests.unit.test_exports import transcripts
from transcriber.cli import main
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.refi.package import write_qdpx

pytestmark = pytest.mark.slow

SPEAKERS = {turn["speaker"] for turn in GOLD["turns"]}


def imported(project: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Begin a project of `qc` from a file, in a folder of its own."""
    folder.mkdir()
    # The published version stops in its debugger otherwise.
    environment = {**os.environ, "PYTHONBREAKPOINT": "0", "EDITOR": "true"}
    command = [QC.program("qc"), "init", "--import", str(project)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "qualitative_coding.sqlite3") as database:
        found: list[tuple[str, ...]] = database.execute(query).fetchall()
        return found


def test_the_released_sample_arrives_word_for_word_with_its_speakers(
    exported: Exporting, tmp_path: Path
) -> None:
    out, folder = exported("qualcoder"), tmp_path / "qc"
    project = out / "qdpx" / "FG01.qdpx"
    for other in ("nvivo", "atlasti", "maxqda"):
        assert (exported(other) / "qdpx" / "FG01.qdpx").read_bytes() == project.read_bytes()
    done = imported(project, folder)
    assert done.returncode == 0, done.stderr
    text = (folder / "corpus" / "FG01.txt").read_bytes()
    assert text == (out / "txt" / "FG01.txt").read_bytes()
    assert rows(folder, "select file_path from document") == [("FG01.txt",)]
    assert {code for (code,) in rows(folder, "select name from code")} == {"Speakers", *SPEAKERS}
    assert rows(folder, "select name from coder") == [("Transcriber",)]
    # Its lines are counted wrongly (all become the first), so each speaker is coded once there.
    assert set(rows(folder, "select code_id from coded_line")) == {(label,) for label in SPEAKERS}
    for mention in MENTIONS:
        assert mention not in text.decode()


def test_several_recordings_arrive_as_one_project(tmp_path: Path) -> None:
    talk = {
        "FG01": (("MOD", "How £40 \u2014"), ("P01", "Yes \U0001f600 &")),
        "INT01": (("P01", "No"),),
    }
    paths = []
    for code, lines in talk.items():
        path = tmp_path / f"{code}.json"
        path.write_bytes(release_bytes(*lines, code=code, signed_by="a" * 32))
        paths.append(str(path))
    out = tmp_path / "out"
    assert main(["export", "--preset", "qualcoder", "--out", str(out), *paths]) == 0
    done = imported(out / "qdpx" / "study.qdpx", tmp_path / "qc")
    assert done.returncode == 0, done.stderr
    for code in talk:
        got = (tmp_path / "qc" / "corpus" / f"{code}.txt").read_bytes()
        assert got == (out / "txt" / f"{code}.txt").read_bytes()


def test_what_breaks_the_standard_is_refused_so_taking_ours_means_something(
    exported: Exporting, tmp_path: Path
) -> None:
    project = exported("qualcoder") / "qdpx" / "FG01.qdpx"
    with ZipFile(project) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    broken = files["project.qde"].replace(b'typeOfVariable="Text"', b'typeOfVariable="String"')
    assert broken != files["project.qde"]
    with ZipFile(tmp_path / "broken.qdpx", "w") as archive:
        for name, data in {**files, "project.qde": broken}.items():
            archive.writestr(name, data)
    done = imported(tmp_path / "broken.qdpx", tmp_path / "qc")
    assert "did not validate" in done.stdout + done.stderr
    assert not (tmp_path / "qc" / "corpus" / "FG01.txt").exists()


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(QC.package_file("qualitative_coding/refi_qda/schema.xsd")))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transcripts())
def test_every_transcript_is_valid_by_the_schema_of_the_standard(
    schema: etree.XMLSchema, redacted: RedactedTranscript
) -> None:
    schema.assertValid(xml_of(write_qdpx(redacted)))


def xml_of(data: bytes) -> etree._Element:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read("project.qde"))
