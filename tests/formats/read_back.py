"""Reads each format with a reader that is not ours, and compares what it finds with what was said.

Times are compared as exactly as the format holds them.
"""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import srt
import webvtt
from docx2python import docx2python
from jsonschema import Draft202012Validator
from lxml import html as lxml_html  # type: ignore[import-untyped]
from pyannote.database.util import load_rttm

from tests.formats.generated import Generated, GivenTurn
from transcriber.exports.cues import LONGEST_CUE_MS

FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
LARGEST_SHIFT_MS = 50
"""Cues that would start together move 1 ms apart; no generated talk has more of them in a row."""

REFI = "{urn:QDA-XML:project:1.0}"
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


def labelled(given: Sequence[GivenTurn]) -> list[str]:
    """Return turns as most programs show them."""
    return [f"{turn.label}: {turn.text}" for turn in given]


def clock(at_ms: int) -> str:
    """Return a time in whole seconds."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


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
    _check_timespans([row[0] for row in rows[1:]], case)
    _check_plain_text(data, [cell for row in rows for cell in row])


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


def check_vtt(data: bytes, case: Generated) -> None:
    """Cues with voices, read by webvtt-py."""
    captions = webvtt.from_buffer(io.StringIO(data.decode())).captions
    _check_cues(
        [
            (c.voice, html.unescape(c.text), _vtt_ms(c.start_time), _vtt_ms(c.end_time))
            for c in captions
        ],
        case,
    )


def check_srt(data: bytes, case: Generated) -> None:
    """Cues with labels, read by srt."""
    mark, *cues = srt.parse(data.decode())
    assert (mark.index, mark.end.total_seconds()) == (0, 0.001)
    assert [cue.index for cue in cues] == list(range(1, len(cues) + 1))
    found = []
    for cue in cues:
        label, _, text = cue.content.partition(": ")
        found.append(
            (
                label,
                text,
                round(cue.start.total_seconds() * 1000),
                round(cue.end.total_seconds() * 1000),
            )
        )
    _check_cues(found, case)


def check_tsv(data: bytes, case: Generated) -> None:
    """NVivo's columns; no cell is a formula."""
    headings, *rows = _cells(data.decode(), "\t")
    assert headings == ["Timespan", "Speaker", "Content", "Status"]
    assert [[row[1], _unquoted(row[2])] for row in rows] == [
        [turn.label, turn.text] for turn in case.turns
    ]
    _check_timespans([row[0] for row in rows], case)


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


def all_bytes(data: bytes) -> Iterator[bytes]:
    """Yield a file, or its members with their names and comments where it is a zip file."""
    if not data.startswith(b"PK"):
        yield data
        return
    with ZipFile(io.BytesIO(data)) as archive:
        yield archive.comment
        for entry in archive.infolist():
            yield entry.filename.encode()
            yield entry.comment + entry.extra
            yield from all_bytes(archive.read(entry))


def originals_in(data: bytes, originals: Sequence[str]) -> int:
    """Count the originals that stand somewhere in a file, in any spelling that programs use."""
    pieces = list(all_bytes(data))
    return sum(
        any(spelling in piece for piece in pieces for spelling in _spellings(original))
        for original in originals
    )


def _spellings(text: str) -> set[bytes]:
    return {
        text.encode(),
        text.encode("utf-16-le"),
        json.dumps(text)[1:-1].encode(),
        text.encode("ascii", "xmlcharrefreplace"),
    }


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


def _check_timespans(spans: Sequence[str], case: Generated) -> None:
    for span, turn in zip(spans, case.turns, strict=True):
        match = re.fullmatch(r"(\d+):(\d\d):(\d\d)\.(\d) - (\d+):(\d\d):(\d\d)\.(\d)", span)
        assert match
        numbers = [int(number) for number in match.groups()]
        start, end = (
            ((hours * 60 + minutes) * 60 + seconds) * 1000 + tenths * 100
            for hours, minutes, seconds, tenths in (numbers[:4], numbers[4:])
        )
        assert start <= turn.start_ms < start + 100
        assert end - 100 < turn.end_ms <= end


def _check_cues(cues: Sequence[tuple[str, str, int, int]], case: Generated) -> None:
    """Cues start one after another and hold, label by label, the words and times of the turns."""
    starts = [start for _, _, start, _ in cues]
    assert starts == sorted(set(starts))
    assert all(0 < end - start <= LONGEST_CUE_MS for _, _, start, end in cues)
    waiting = {label: [cue for cue in cues if cue[0] == label] for label, *_ in cues}
    for turn in case.turns:
        mine = waiting.get(turn.label, [])
        taken: list[tuple[str, str, int, int]] = []
        while mine and len(" ".join(text for _, text, _, _ in taken)) < len(turn.text):
            taken.append(mine.pop(0))
        assert " ".join(text for _, text, _, _ in taken) == turn.text
        assert 0 <= taken[0][2] - turn.start_ms <= LARGEST_SHIFT_MS
        assert abs(max(end for *_, end in taken) - turn.end_ms) <= LARGEST_SHIFT_MS
    assert not any(waiting.values())


def _vtt_ms(time: webvtt.models.Timestamp) -> int:
    seconds = (time.hours * 60 + time.minutes) * 60 + time.seconds
    return int(seconds * 1000 + time.milliseconds)


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
