"""`transcriber export`: what was signed, for a coding tool, all of it or nothing."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.releases import release_bytes
from transcriber.cli import main
from transcriber.domain.recording import Kind
from transcriber.exports.formats import FORMATS
from transcriber.exports.presets import PRESETS

GROUP = (("MOD", "How was it"), ("P01", "Hard at first"), ("P02", "Yes"))
ALONE = (("INT", "And now"), ("P01", "Better now"))


def signed(*lines: tuple[str, str], code: str, kind: Kind, study: str = "Feeding") -> bytes:
    return release_bytes(*lines, code=code, kind=kind, study=study, signed_by="a" * 32)


@pytest.fixture
def releases(tmp_path: Path) -> list[str]:
    given = {
        "one.json": signed(*GROUP, code="FG01", kind=Kind.GROUP),
        "two.json": signed(*ALONE, code="INT01", kind=Kind.INDIVIDUAL),
    }
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in given]


def written(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_is_the_files_a_table_and_how_to_bring_them_in(
    releases: list[str], tmp_path: Path, preset: str
) -> None:
    out = tmp_path / "out"
    assert main(["export", "--preset", preset, "--out", str(out), *releases]) == 0
    made = written(out)
    expected = {"README.txt", "attributes.csv"}
    for key in PRESETS[preset].formats:
        folder = key.replace(".", "-")
        codes = ("study",) if key == "qdpx" else ("FG01", "INT01")
        expected |= {f"{folder}/{code}.{key}" for code in codes}
    assert set(made) == expected
    told = " ".join(made["README.txt"].decode().split())
    for step in PRESETS[preset].steps:
        assert step in told
    assert max(len(line) for line in made["README.txt"].decode().splitlines()) < 80
    assert main(["export", "--preset", preset, "--out", str(out), *releases]) == 0
    assert written(out) == made


def test_the_attributes_are_counted_from_the_talk(releases: list[str], tmp_path: Path) -> None:
    main(["export", "--format", "txt", "--out", str(tmp_path / "out"), *releases])
    with (tmp_path / "out" / "attributes.csv").open(newline="") as file:
        rows = {row["label"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["MOD", "P01", "P02", "INT"]
    assert rows["P01"] == {
        "label": "P01",
        "part": "participant",
        "recordings": "FG01 INT01",
        "kind": "group individual",
        "turns": "2",
        "words": "5",
        "talk_seconds": "5",
    }
    assert (rows["MOD"]["part"], rows["INT"]["part"]) == ("interviewer", "interviewer")


def test_every_format_can_be_asked_for(releases: list[str], tmp_path: Path) -> None:
    chosen = [word for key in FORMATS for word in ("--format", key)]
    assert main(["export", *chosen, "--out", str(tmp_path / "out"), releases[0]]) == 0
    assert {path.rpartition("/")[0] for path in written(tmp_path / "out")} - {""} == {
        key.replace(".", "-") for key in FORMATS
    }


def test_what_nobody_signed_or_somebody_changed_is_refused_and_nothing_is_written(
    releases: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = json.loads(Path(releases[1]).read_bytes())
    changed["turns"][0]["tokens"][0]["text"] = "Or"
    bad = {
        "unsigned.json": (release_bytes(*GROUP), "Nobody has signed this transcript"),
        "changed.json": (json.dumps(changed).encode(), "changed after it was signed"),
        "other.json": (b'{"schema": 1}', "no release"),
        "empty.json": (b"", "no release"),
        "bytes.json": (b"\xff\xfe\x00", "no release"),
    }
    out = tmp_path / "out"
    for name, (data, sentence) in bad.items():
        (tmp_path / name).write_bytes(data)
        asked = ["export", "--preset", "nvivo", "--out", str(out)]
        assert main([*asked, releases[0], str(tmp_path / name)]) == 1
        screen = " ".join(capsys.readouterr().out.split())
        assert sentence in screen
        assert "Nothing was written." in screen
        assert not out.exists()
    assert main(["export", "--format", "txt", "--out", str(out), str(tmp_path / "not.json")]) == 1
    assert main(["export", "--json", "--format", "txt", "--out", str(out), releases[0]]) == 0


def test_what_cannot_lie_side_by_side_is_refused(
    releases: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again.json"
    again.write_bytes(signed(*ALONE, code="FG01", kind=Kind.GROUP))
    other = tmp_path / "other.json"
    other.write_bytes(signed(*ALONE, code="INT09", kind=Kind.GROUP, study="Sleep"))
    out = ["--out", str(tmp_path / "out")]
    for words, sentence in (
        (["--format", "txt", *out, releases[0], str(again)], "releases of the same recording"),
        (["--format", "txt", *out, releases[0], str(other)], "of different studies"),
        ([*out, releases[0]], "--preset"),
    ):
        assert main(["export", *words]) == 2
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_other_files_of_the_same_names_are_not_touched(
    releases: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "out" / "txt" / "INT01.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("my notes")
    assert main(["export", "--format", "txt", "--out", str(tmp_path / "out"), *releases]) == 2
    assert "none was touched" in capsys.readouterr().err
    assert written(tmp_path / "out") == {"txt/INT01.txt": b"my notes"}


def test_help_needs_no_library() -> None:
    heavy = "import sys; from transcriber.cli.parser import build_parser; build_parser(); "
    shown = f"{heavy} print({{'docx', 'lxml', 'sqlalchemy'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
