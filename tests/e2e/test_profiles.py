"""Several profiles from one search, one person in a whole study, and safe reports."""

import json
from pathlib import Path

import pytest

from transcriber.cli import main

FIRST = """INT: Where do you live, and who with?
P01: I live in Garstang with my husband. My name is Niamh Gallowfield and I was forty three in May.
P01: I'm a midwife, and I have multiple sclerosis. You can ring me on 07700 900123.
"""
SECOND = """INT: Who helped you?
P02: It was Gallowfield who helped me, Niamh did, she is lovely.
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    for name, text in (("first.txt", FIRST), ("second.txt", SECOND)):
        (folder / name).write_text(text)
    inputs = [str(folder / name) for name in ("first.txt", "second.txt")]
    policies = ["--policy", "default", "--policy", "open"]
    assert main(["redact", *inputs, "--out", str(folder / "out"), *policies, "--json"]) == 0
    return folder / "out"


def findings(study: Path, code: str, profile: str = "") -> list[dict[str, object]]:
    end = f"-{profile}" if profile else ""
    found: list[dict[str, object]] = json.loads(
        (study / "private" / f"{code}.findings{end}.json").read_text()
    )
    return found


def test_each_profile_has_its_folder_and_its_own_rules(study: Path) -> None:
    default = (study / "redacted" / "T01.txt").read_text()
    strict = (study / "redacted-open" / "T01.txt").read_text()
    assert "[aged 40-49]" in default
    assert "midwife" in default
    assert "multiple sclerosis" in default
    assert "midwife" not in strict
    assert "multiple sclerosis" not in strict
    for text in (default, strict):
        assert text.splitlines()[2].startswith("INT: Where do you live")
        for name in ("Garstang", "Niamh", "Gallowfield", "07700"):
            assert name not in text


def test_a_person_is_the_same_in_every_recording_and_profile(study: Path) -> None:
    replacements = {
        finding["replacement"]
        for code in ("T01", "T02")
        for profile in ("", "open")
        for finding in findings(study, code, profile)
        if finding["entity_type"] == "PERSON"
    }
    assert len(replacements) == 1
    assert "Gallowfield" not in (study / "redacted" / "T02.txt").read_text()


def test_the_safe_reports_hold_no_word_that_was_replaced(study: Path) -> None:
    private = (study / "private" / "T01.report.csv").read_text()
    assert "Gallowfield" in private
    for name in ("safe-report.csv", "safe-report.html", "safe-report-open.csv"):
        text = (study / "private" / f"T01.{name}").read_text()
        assert "PERSON" in text
        for word in ("Niamh", "Gallowfield", "Garstang", "900123"):
            assert word not in text


def test_what_is_left_of_a_person_is_put_together(study: Path) -> None:
    page = (study / "private" / "T01.risk.html").read_text()
    assert "midwife" in page
    assert "multiple sclerosis" in page
    assert "Gallowfield" not in page


def test_policies_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(FIRST)
    american = tmp_path / "american.yaml"
    american.write_text("locale: US\ntypes:\n  PERSON: replace\n")
    out = ["--out", str(tmp_path / "out")]
    for second in ("default", str(american)):
        assert main(["redact", str(source), *out, "--policy", "default", "--policy", second]) == 2
    assert not (tmp_path / "out").exists()
