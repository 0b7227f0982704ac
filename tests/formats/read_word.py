"""Reads Word documents with python-docx and docx2python."""

import io
from collections.abc import Sequence
from zipfile import ZipFile

import docx
from docx2python import docx2python

from tests.formats.generated import Generated, labelled
from tests.formats.read_times import check_timespans


def check_word(data: bytes, case: Generated) -> None:
    """One paragraph a turn, read by python-docx and by docx2python."""
    _check_talk(data, labelled(case.turns))


def check_timed_word(data: bytes, case: Generated) -> None:
    """The same behind times."""
    lines = labelled(case.turns)
    _check_talk(
        data,
        [f"[{clock(turn.start_ms)}] {line}" for turn, line in zip(case.turns, lines, strict=True)],
    )


def check_headings(data: bytes, case: Generated) -> None:
    """Labels as headings, talk as Normal."""
    document = _opened(data)
    found = [(p.style.name, p.text) for p in document.paragraphs]
    talk = [(style, text) for style, text in found if style in {"Heading 2", "Normal"}]
    assert talk == [
        pair for turn in case.turns for pair in (("Heading 2", turn.label), ("Normal", turn.text))
    ]
    _check_plain_text(data, [line for turn in case.turns for line in (turn.label, turn.text)])


def check_table(data: bytes, case: Generated) -> None:
    """A row a turn below a row that is repeated."""
    document = _opened(data)
    if not case.turns:
        assert not document.tables
        return
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Timespan", "Speaker", "Content"]
    assert [row[1:] for row in rows[1:]] == [[turn.label, turn.text] for turn in case.turns]
    check_timespans([row[0] for row in rows[1:]], case)
    _check_plain_text(data, [cell for row in rows for cell in row])


def _opened(data: bytes) -> docx.document.Document:
    document = docx.Document(io.BytesIO(data))
    before = [p.text for p in document.paragraphs if p.style.name in {"Title", "Cover"}]
    assert not any(":" in text for text in before)
    assert b"<w:br" not in ZipFile(io.BytesIO(data)).read("word/document.xml")
    return document


def _check_talk(data: bytes, lines: Sequence[str]) -> None:
    document = _opened(data)
    assert [p.text for p in document.paragraphs if p.style.name == "Normal"] == lines
    _check_plain_text(data, lines)


def _check_plain_text(data: bytes, lines: Sequence[str]) -> None:
    """Another reader finds the same paragraphs, in order, behind the cover."""
    with docx2python(io.BytesIO(data)) as read:
        found = [
            paragraph for table in read.body for row in table for cell in row for paragraph in cell
        ]
    begins = next(n for n, line in enumerate(found, 1) if line.startswith("Redaction\t"))
    assert [line for line in found[begins:] if line] == (
        list(lines) or ["No words were transcribed"]
    )


def clock(at_ms: int) -> str:
    """Return a time in whole seconds."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
