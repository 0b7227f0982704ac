"""Documents in Taguette's own server, over HTTP, and in its database."""

from pathlib import Path

import pytest
from lxml import html  # type: ignore[import-untyped]

from tests.releases import release_bytes
from tests.tools.conftest import Exporting
from tests.tools.released_sample import MENTIONS
from tests.tools.taguette_server import taguette
from transcriber.cli import main

pytestmark = pytest.mark.slow


def lines_of(contents: str) -> list[str]:
    return [each.text_content() for each in html.fromstring(f"<div>{contents}</div>").iter("p")]


def test_the_released_sample_arrives_word_for_word(exported: Exporting, tmp_path: Path) -> None:
    out = exported("taguette")
    text = (out / "txt" / "FG01.txt").read_text()
    with taguette(tmp_path) as server:
        added = server.add(server.new_project(), out / "html" / "FG01.html")
        assert added.status_code == 200, added.text
        ((name, contents),) = server.documents()
        highlights = server.client.get("/project/1/export/highlights/.csv")
    assert name == "FG01"
    marks, _, *talk = text.rstrip("\n").split("\n")
    assert lines_of(contents) == [marks, *talk]
    assert "<strong>P01:</strong>" in contents
    assert highlights.status_code == 200
    for mention in MENTIONS:
        assert mention not in contents


def test_letters_of_all_kinds_stay_what_they_are(tmp_path: Path) -> None:
    said = "caf\u00e9 \u00a340 \u2014 \u05e9\u05dc\u05d5\u05dd \U0001f600 <b>x</b> &amp;"
    release = tmp_path / "release.json"
    release.write_bytes(release_bytes(("P01", said), signed_by="a" * 32))
    out = tmp_path / "out"
    main(["export", "--preset", "taguette", "--out", str(out), str(release)])
    with taguette(tmp_path) as server:
        project = server.new_project()
        assert server.add(project, out / "html" / "FG01.html").status_code == 200
        ((_, contents),) = server.documents()
    assert lines_of(contents)[-1] == f"P01: {said}"


def test_subtitles_are_taken_too(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["export", "--format", "srt", "--format", "txt", "--out", str(out), str(release)])
    with taguette(tmp_path) as server:
        added = server.add(server.new_project(), out / "srt" / "FG01.srt")
        assert added.status_code == 200, added.text
        ((_, contents),) = server.documents()
    got = " ".join(lines_of(contents))
    words = (out / "txt" / "FG01.txt").read_text().split("\n\n", 1)[1].split()
    assert [word for word in words if word not in got.split()] == []
