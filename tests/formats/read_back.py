"""Reads each format with a reader that is not ours, and compares what it finds with what was said.

Times are compared as exactly as the format holds them.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from jsonschema import Draft202012Validator
from lxml import html as lxml_html  # type: ignore[import-untyped]
from pyannote.database.util import load_rttm

from tests.formats.generated import Generated, GivenTurn, labelled
from tests.formats.read_project import check_qdpx
from tests.formats.read_subtitles import check_srt, check_vtt
from tests.formats.read_times import check_timespans
from tests.formats.read_word import check_headings, check_table, check_timed_word, check_word

FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")

HTML_TAGS = {"html", "head", "meta", "title", "body", "h1", "p", "strong"}
WHISPERX = Draft202012Validator(
    {
        "type": "object",
        "required": ["segments", "word_segments", "language"],
        "properties": {
            "segments": {
                "items": {
                    "required": ["start", "end", "text", "words"],
                    "properties": {
                        "start": {"type": "number"},
                        "end": {"type": "number"},
                        "text": {"type": "string"},
                        "speaker": {"type": "string"},
                        "words": {"items": {"$ref": "#/$defs/word"}},
                    },
                }
            },
            "word_segments": {"items": {"$ref": "#/$defs/word"}},
            "language": {"type": "string"},
        },
        "$defs": {
            "word": {
                "required": ["word"],
                "properties": {
                    "word": {"type": "string"},
                    "start": {"type": "number"},
                    "end": {"type": "number"},
                    "score": {"type": "number"},
                    "speaker": {"type": "string"},
                },
            }
        },
    }
)
"""The shape that WhisperX's README and `SingleAlignedSegment` document."""


def schema(name: str) -> Draft202012Validator:
    """Return one of our published schemas."""
    path = files("transcriber.exports") / "schemas" / f"{name}.schema.json"
    return Draft202012Validator(json.loads(path.read_text()))


REDACTED, TURN = schema("redacted"), schema("turn")


def check_txt(data: bytes, case: Generated) -> None:
    """One line a turn below the marks."""
    header, blank, *lines = data.decode().removesuffix("\n").split("\n")
    assert (":" in header, blank) == (False, "")
    assert lines == labelled(case.turns)


def check_html(data: bytes, case: Generated) -> None:
    """Paragraphs, read by lxml."""
    page = lxml_html.fromstring(data)
    first, *talk = page.iterfind(".//p")
    assert ":" not in page.findtext(".//h1") + first.text_content()
    assert [p.text_content() for p in talk] == labelled(case.turns)
    assert [p.findtext("strong") for p in talk] == [f"{turn.label}:" for turn in case.turns]
    assert [(int(p.get("data-start-ms")), int(p.get("data-end-ms"))) for p in talk] == [
        (turn.start_ms, turn.end_ms) for turn in case.turns
    ]
    assert {element.tag for element in page.iter()} <= HTML_TAGS


def check_tsv(data: bytes, case: Generated) -> None:
    """NVivo's columns; no cell is a formula."""
    headings, *rows = _cells(data.decode(), "\t")
    assert headings == ["Timespan", "Speaker", "Content", "Status"]
    assert [[row[1], _unquoted(row[2])] for row in rows] == [
        [turn.label, turn.text] for turn in case.turns
    ]
    check_timespans([row[0] for row in rows], case)


def check_csv(data: bytes, case: Generated) -> None:
    """A row a turn; no cell is a formula."""
    headings, *rows = _cells(data.decode("utf-8-sig"), ",")
    named = [dict(zip(headings, row, strict=True)) for row in rows]
    found = [
        GivenTurn(row["speaker"], _unquoted(row["text"]), int(row["start_ms"]), int(row["end_ms"]))
        for row in named
    ]
    assert found == list(case.turns)
    assert [row["turn"] for row in named] == [str(n) for n in range(1, len(named) + 1)]


def check_json(data: bytes, case: Generated) -> None:
    """Our own, by its published schema."""
    record = json.loads(data)
    REDACTED.validate(record)
    assert [_given(turn) for turn in record["turns"]] == list(case.turns)
    for turn in record["turns"]:
        assert " ".join(token["text"] for token in turn["tokens"]) == turn["text"]


def check_jsonl(data: bytes, case: Generated) -> None:
    """A record a turn, by its published schema."""
    records = [json.loads(line) for line in data.decode().splitlines()]
    for record in records:
        TURN.validate(record)
    assert [_given(record) for record in records] == list(case.turns)


def check_whisperx(data: bytes, case: Generated) -> None:
    """Segments and words in seconds."""
    record = json.loads(data)
    WHISPERX.validate(record)
    assert [
        GivenTurn(s["speaker"], s["text"], round(s["start"] * 1000), round(s["end"] * 1000))
        for s in record["segments"]
    ] == list(case.turns)
    words = [word for segment in record["segments"] for word in segment["words"]]
    assert words == record["word_segments"]
    assert " ".join(w["word"] for w in words) == " ".join(turn.text for turn in case.turns)


def check_rttm(data: bytes, case: Generated) -> None:
    """Who talks when, read by pyannote."""
    if not case.turns:
        assert data == b""
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "talk.rttm"
        path.write_bytes(data)
        (annotation,) = load_rttm(path).values()
    found = sorted(
        (round(segment.start * 1000), round(segment.end * 1000), label)
        for segment, _, label in annotation.itertracks(yield_label=True)
    )
    assert found == sorted((turn.start_ms, turn.end_ms, turn.label) for turn in case.turns)


CHECKS: Mapping[str, Callable[[bytes, Generated], None]] = {
    "docx": check_word,
    "timed.docx": check_timed_word,
    "headings.docx": check_headings,
    "table.docx": check_table,
    "txt": check_txt,
    "qdpx": check_qdpx,
    "html": check_html,
    "vtt": check_vtt,
    "srt": check_srt,
    "tsv": check_tsv,
    "csv": check_csv,
    "json": check_json,
    "jsonl": check_jsonl,
    "whisperx.json": check_whisperx,
    "rttm": check_rttm,
}
"""By key of the format; each raises AssertionError where something was lost."""


def _cells(text: str, delimiter: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert not any(cell.lstrip().startswith(FORMULA_STARTS) for row in rows for cell in row)
    return rows


def _unquoted(cell: str) -> str:
    """Take away the quote of a cell that would run, as docs/formats.md says."""
    return cell[1:] if re.match(r"'[ ']*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell) else cell


def _given(record: Mapping[str, object]) -> GivenTurn:
    label, text, start_ms, end_ms = (
        record[name] for name in ("speaker", "text", "start_ms", "end_ms")
    )
    assert isinstance(start_ms, int)
    assert isinstance(end_ms, int)
    return GivenTurn(str(label), str(text), start_ms, end_ms)
