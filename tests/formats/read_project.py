"""Reads REFI-QDA projects with expat and python-docx."""

import io
import re
from xml.etree import ElementTree
from zipfile import ZipFile

import docx

from tests.formats.generated import Generated, GivenTurn

REFI = "{urn:QDA-XML:project:1.0}"


def check_qdpx(data: bytes, case: Generated) -> None:
    """A project: a coded selection a turn, read by expat and python-docx; times to the ms."""
    with ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        (source,) = root.iter(f"{REFI}TextSource")
        text, word = (
            archive.read(f"sources/{source.attrib[path].removeprefix('internal://')}")
            for path in ("plainTextPath", "richTextPath")
        )
    said = text.decode()
    assert [p.text for p in docx.Document(io.BytesIO(word)).paragraphs] == said.splitlines()
    names = {code.get("guid"): code.get("name") for code in root.iter(f"{REFI}Code")}
    found = []
    for selection in source.iter(f"{REFI}PlainTextSelection"):
        start, end = (int(selection.attrib[f"{which}Position"]) for which in ("start", "end"))
        (coded,) = selection.iter(f"{REFI}CodeRef")
        label = str(names[coded.get("targetGUID")])
        assert said[start:end].startswith(f"{label}: ")
        times = re.findall(r"(\d+):(\d\d):(\d\d)\.(\d{3})", selection[0].text or "")
        start_ms, end_ms = (
            ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms) for h, m, s, ms in times
        )
        found.append(GivenTurn(label, said[start:end][len(label) + 2 :], start_ms, end_ms))
    assert found == list(case.turns)
