"""Generated transcripts in every format, read by readers that are not ours.

All of them: `python -m tests.formats --full`.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.formats.__main__ import FEW, checked
from tests.formats.generated import generated
from tests.formats.libreoffice import HERE, pages_of, to_pdf
from tests.formats.originals import originals_in
from tests.formats.pictures import made_up_group
from tests.formats.read_back import CHECKS
from transcriber.domain.redacted import RedactedTurn, Token
from transcriber.exports.formats import FORMATS

FAST = 8


@pytest.mark.parametrize("seed", range(FAST))
def test_every_format_reads_back_and_holds_no_original(seed: int) -> None:
    assert checked(seed)["files"] == len(FORMATS) == len(CHECKS)


@pytest.mark.slow
def test_many_more_do() -> None:
    total = sum((checked(seed) for seed in range(FAST, FEW)), start=checked(0))
    assert total["transcripts"] == FEW - FAST + 1
    assert total["originals"] > 1_000


def test_the_generator_gives_every_kind_of_trouble() -> None:
    cases = [generated(seed) for seed in range(60)]
    text = " ".join(turn.text for case in cases for turn in case.turns)
    for trouble in ("=cmd", "-->", "&amp;", "😀", "שלום", "<script>", "[PERSON_1]"):
        assert trouble in text
    assert any(len(case.redacted.study) == 200 for case in cases)
    assert any(len(turn.label) == 63 for case in cases for turn in case.turns)
    assert any(turn.start_ms >= 12 * 3_600_000 for case in cases for turn in case.turns)
    assert any(not case.turns for case in cases)
    assert any(
        later.start_ms < earlier.end_ms
        for case in cases
        for earlier, later in zip(case.turns, case.turns[1:], strict=False)
    )


def test_what_is_lost_or_given_away_is_seen() -> None:
    """The checks themselves: each format fails where a word, a label or a name is another."""
    case = next(case for case in map(generated, range(100)) if case.originals and case.turns)
    first, *others = case.redacted.turns
    name = Token(case.originals[0], first.start_ms, first.end_ms)
    wrong = replace(case.redacted, turns=(_with(first, name), *others))
    other = replace(case.redacted, turns=(replace(first, label="P77"), *others))
    for key, each in FORMATS.items():
        with pytest.raises(AssertionError):
            CHECKS[key](each.write(other), case)
        if key == "rttm":  # no words
            continue
        assert originals_in(each.write(wrong), case.originals) == 1
        with pytest.raises(AssertionError):
            CHECKS[key](each.write(wrong), case)


def _with(turn: RedactedTurn, token: Token) -> RedactedTurn:
    return replace(turn, tokens=(token, *turn.tokens))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs ffmpeg")
@pytest.mark.parametrize("key", ["srt", "vtt"])
def test_ffmpeg_shows_the_subtitles(key: str, tmp_path: Path) -> None:
    group = made_up_group()
    path = tmp_path / f"group.{key}"
    path.write_bytes(FORMATS[key].write(group))
    packets = _probed(path)["packets"]
    assert isinstance(packets, list)
    texts = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "srt", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shown = " ".join(
        line.partition(": ")[2] if key == "srt" else line
        for line in texts.splitlines()
        if line and not line.isdecimal() and "-->" not in line
    )
    said = " ".join(turn.text for turn in group.turns)
    assert shown.split()[-len(said.split()) :] == said.split()
    starts = [round(float(packet["pts_time"]) * 1000) for packet in packets]
    assert {turn.start_ms for turn in group.turns} <= set(starts)


def _probed(path: Path) -> Mapping[str, object]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_packets", "-of", "json", path],
        check=True,
        capture_output=True,
    )
    found: Mapping[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.skipif(not HERE, reason="needs libreoffice-writer and poppler-utils")
@pytest.mark.parametrize("key", [key for key in FORMATS if key.endswith("docx")])
def test_libreoffice_prints_the_pages(key: str, tmp_path: Path) -> None:
    group = made_up_group()
    path = tmp_path / "group.docx"
    path.write_bytes(FORMATS[key].write(group))
    pages = pages_of(to_pdf(path, tmp_path))
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert "Feeding support in mill towns | FG01" in page
        assert "checked by a person | release 2" in page
        assert f"Page {number} of {len(pages)}" in page
        assert ("Timespan" in page) == (key == "table.docx")
    said = " ".join(turn.text for turn in group.turns).split()
    shown = " ".join(pages).split()
    assert not set(said) - set(shown)
