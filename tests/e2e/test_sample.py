"""The sample through the whole pipeline, held against its own script."""

import json
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.bleeped import recognised_again
from transcriber.domain.released_sound import SoundFormat
from transcriber.sample import sample_gold

SCHEMAS = Path(__file__).parents[2] / "transcriber" / "exports" / "schemas"


class Demo:
    """What `transcriber demo` printed and made."""

    def __init__(self, out: Path) -> None:
        self.process = subprocess.run(
            [sys.executable, "-m", "transcriber", "demo", "--out", str(out)],
            capture_output=True,
            text=True,
            check=True,
        )
        self.out = out

    def private(self, name: str) -> Any:
        return json.loads((self.out / "private" / f"FG01.{name}.json").read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo") / "out")


@pytest.fixture(scope="module")
def gold() -> Any:
    return json.loads(sample_gold().read_text())


def test_the_screen_ends_with_what_was_made_and_what_to_do(demo: Demo) -> None:
    screen = demo.process.stdout
    assert "4 voices" in screen
    assert "[PERSON_" in screen
    assert str(demo.out / "redacted") in screen
    assert "not checked by a person" in screen
    assert max(len(line) for line in screen.splitlines() if str(demo.out) not in line) <= 80


def test_four_voices_are_told_apart_count_unknown(demo: Demo, gold: Any) -> None:
    transcript = demo.private("transcript")
    assert len(transcript["speakers"]) == 4
    wrong = total = 0
    voices: dict[str, dict[str, int]] = {}
    for word in transcript["words"]:
        middle_ms = (word["start_ms"] + word["end_ms"]) / 2
        here = [t for t in gold["turns"] if t["start_ms"] <= middle_ms <= t["end_ms"]]
        if len(here) == 1:
            counts = voices.setdefault(here[0]["speaker"], {})
            counts[word["speaker"]] = counts.get(word["speaker"], 0) + 1
    for counts in voices.values():
        total += sum(counts.values())
        wrong += sum(counts.values()) - max(counts.values())
    assert wrong / total < 0.03


def test_every_file_follows_its_published_schema(demo: Demo) -> None:
    for name in ("transcript", "findings"):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
        jsonschema.validate(demo.private(name), schema)
    redacted = json.loads((demo.out / "redacted" / "FG01.json").read_text())
    jsonschema.validate(redacted, json.loads((SCHEMAS / "redacted.schema.json").read_text()))


def test_findings_point_at_their_text_and_their_words(demo: Demo) -> None:
    text = (demo.out / "private" / "FG01.text.txt").read_text()
    words = demo.private("transcript")["words"]
    findings = demo.private("findings")
    assert findings
    for finding in findings:
        assert text[finding["start"] : finding["end"]] == finding["text"]
        spoken = [word["text"] for word in words[finding["first_word"] : finding["last_word"] + 1]]
        assert finding["text"] in " ".join(spoken)
        assert finding["start_ms"] == words[finding["first_word"]]["start_ms"]


def test_no_replaced_name_is_in_any_redacted_file(demo: Demo) -> None:
    names = {
        finding["text"].casefold()
        for finding in demo.private("findings")
        if finding["entity_type"] in ("PERSON", "LOCATION", "ORGANISATION", "PHONE", "EMAIL")
        and "replacement" in finding
        and len(finding["text"]) > 3
    }
    assert names
    for path in (demo.out / "redacted").iterdir():
        data = path.read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as package:
                data = b"\n".join(package.read(member) for member in package.namelist())
        text = data.decode("utf-8", "replace").casefold()
        assert [name for name in names if f" {name} " in text] == []


def test_files_say_that_no_person_has_checked_them(demo: Demo) -> None:
    for name in ("FG01.txt", "FG01.vtt", "FG01.json"):
        text = (demo.out / "redacted" / name).read_text()
        assert "machine-redacted, not checked by a person" in text


def test_nothing_goes_to_the_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample_clip: Path
) -> None:
    from transcriber.cli import main

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something wants a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert main(["run", str(sample_clip), "--out", str(tmp_path / "out"), "--json"]) == 0


@pytest.mark.slow
def test_what_was_replaced_is_not_recognised_under_the_tone(demo: Demo, tmp_path: Path) -> None:
    again = recognised_again(demo.out, SoundFormat.MP3, tmp_path, most=6)
    assert again == [set()] * 6
