"""Exports, read back by other people's readers."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.formats import FORMATS
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt
from transcriber.exports.word import write_docx
from transcriber.exports.wording import DRAFT_SENTENCE, one_line, prepared_turns

# A busy machine is slow at times; that is no failure.
LABEL = re.compile(r"^[A-Z][A-Z0-9_]*: ")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WRITERS = [pytest.param(each.write, id=each.key) for each in FORMATS.values()]
AWKWARD = [
    "😀",
    "שלום",
    "a\x00b",
    "\x0b",
    "x\ny",
    "\u2028",
    "-->",
    "<v Q>",
    "&amp;",
    "NOTE",
    "P02:",
]
TEXT = st.text(max_size=8) | st.sampled_from(AWKWARD)


def transcript(
    *turns: RedactedTurn, quality: Quality = Quality.FULL, study: str = "Study A"
) -> RedactedTranscript:
    return RedactedTranscript(
        "FG1", study, "en", quality, Checked.NO, 60_000, Coverage(50_000), turns
    )


@st.composite
def transcripts(draw: st.DrawFn) -> RedactedTranscript:
    turns = []
    for _ in range(draw(st.integers(0, 4))):
        times = draw(st.lists(st.integers(0, 40_000), min_size=1, max_size=5))
        tokens = tuple(Token(draw(TEXT), t, t + draw(st.integers(0, 15_000))) for t in times)
        turns.append(RedactedTurn(draw(st.sampled_from(["P01", "FG1_MOD", "UNK"])), tokens))
    return transcript(*turns, quality=draw(st.sampled_from(Quality)), study=draw(TEXT))


def expected(redacted: RedactedTranscript) -> list[str]:
    return [f"{turn.label}: {turn.text}" for turn in prepared_turns(redacted)]


@given(transcripts())
def test_text_has_one_line_a_turn(redacted: RedactedTranscript) -> None:
    header, blank, *lines = write_txt(redacted).decode().removesuffix("\n").split("\n")
    assert header.startswith(Checked.NO.value)
    assert ":" not in header
    assert ("draft words" in header) == (redacted.quality is Quality.DRAFT)
    assert blank == ""
    assert lines == expected(redacted)
    assert all(LABEL.match(line) for line in lines)


@pytest.mark.parametrize("write", [write_txt, write_vtt])
def test_a_guessed_label_is_called_a_guess(
    write: Callable[[RedactedTranscript], bytes],
) -> None:
    redacted = transcript(RedactedTurn("INT", (Token("welcome", 0, 400),)))
    sentence = b"INT is a guess from how people talk"
    assert sentence not in write(redacted)
    written = write(replace(redacted, guessed=("INT",)))
    assert written.index(sentence) < written.index(b"welcome")


@given(transcripts())
def test_subtitles_read_by_webvtt(redacted: RedactedTranscript) -> None:
    written = write_vtt(redacted).decode()
    assert f"NOTE {Checked.NO.value}\n" in written
    assert (f"NOTE {DRAFT_SENTENCE}\n" in written) == (redacted.quality is Quality.DRAFT)
    captions = webvtt.from_buffer(StringIO(written)).captions
    starts = [_ms(caption.start_time) for caption in captions]
    assert starts == sorted(set(starts))
    for caption in captions:
        length = _ms(caption.end_time) - _ms(caption.start_time)
        assert 0 < length <= 10_000
    for label in {turn.label for turn in redacted.turns}:
        spoken = [html.unescape(c.text) for c in captions if c.voice == label]
        wanted = [turn.text for turn in prepared_turns(redacted) if turn.label == label]
        assert sorted(" ".join(spoken).split()) == sorted(" ".join(wanted).split())


def _ms(time: webvtt.models.Timestamp) -> int:
    seconds = (time.hours * 60 + time.minutes) * 60 + time.seconds
    return int(seconds * 1000 + time.milliseconds)


def test_a_long_turn_becomes_cues_at_pauses_and_after_ten_seconds() -> None:
    tokens = tuple(Token(f"w{n}", n * 1000, n * 1000 + 900) for n in range(12))
    late = Token("later", 30_000, 30_500)
    captions = webvtt.from_buffer(
        StringIO(write_vtt(transcript(RedactedTurn("P01", (*tokens, late)))).decode())
    ).captions
    assert [c.start for c in captions] == ["00:00:00.000", "00:00:10.000", "00:00:30.000"]
    assert captions[2].end == "00:00:30.500"


@settings(max_examples=40)
@given(transcripts())
def test_word_file_read_by_python_docx(redacted: RedactedTranscript) -> None:
    data = write_docx(redacted)
    document = docx.Document(BytesIO(data))
    turns = [p for p in document.paragraphs if p.style.name == "Normal"]
    assert [p.text for p in turns] == expected(redacted)
    before = [p.text for p in document.paragraphs if p.style.name != "Normal"]
    assert not any(":" in text for text in before)
    _, header = [p.text for p in document.sections[0].header.paragraphs]
    assert header.startswith(Checked.NO.value)
    assert (DRAFT_SENTENCE in header) == (redacted.quality is Quality.DRAFT)
    for paragraph in turns:
        assert paragraph.runs[0].bold
        assert paragraph.runs[0].text.endswith(":")
    assert b"<w:br" not in ZipFile(BytesIO(data)).read("word/document.xml")


def test_word_file_is_laid_out_as_typed() -> None:
    token = Token("word", 0, 100)
    data = write_docx(
        transcript(RedactedTurn("P01", (token,)), RedactedTurn("P02", (token,) * 400))
    )
    archive = ZipFile(BytesIO(data))
    section = ET.fromstring(archive.read("word/document.xml")).find(f".//{W}sectPr")
    assert section is not None
    order = [child.tag.removeprefix(W) for child in section]
    assert order == ["headerReference", "pgSz", "pgMar", "lnNumType", "cols"]
    header = archive.read("word/header1.xml").decode()
    assert 'w:instr=" PAGE "' in header
    assert "Study A | FG1" in header
    document = docx.Document(BytesIO(data))
    short, long = [p for p in document.paragraphs if p.style.name == "Normal"]
    assert short.paragraph_format.keep_together
    assert not long.paragraph_format.keep_together
    style = document.styles["Normal"].paragraph_format
    assert style.widow_control
    assert style.first_line_indent == -style.left_indent
    assert b'w:lang w:val="en-GB"' in archive.read("word/styles.xml")


def test_word_file_carries_nothing_else() -> None:
    data = write_docx(transcript(RedactedTurn("P01", (Token("word", 0, 100),))))
    document = docx.Document(BytesIO(data))
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created == properties.modified
    assert (properties.created.year, properties.title, properties.revision) == (2000, "", 1)
    styles = ["Normal", "Title", "Cover", "Header"]
    assert [style.name for style in document.styles] == styles
    assert document.styles.element.find(f"{W}latentStyles") is None
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            content = archive.read(entry)
            ET.fromstring(content)
            assert not re.search(rb"python|rsid|thumbnail", content, re.IGNORECASE)
            assert not re.search(rb"Ignorable|mac:vml|Theme=", content)
        assert archive.namelist() == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/header1.xml",
            "word/settings.xml",
            "word/styles.xml",
        ]


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_input_gives_the_same_bytes(write: Callable[[RedactedTranscript], bytes]) -> None:
    redacted = transcript(RedactedTurn("P01", (Token("word", 0, 100),)))
    assert write(redacted) == write(redacted)
    assert write(transcript()) == write(transcript())


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("label", ["P" * 200, "Anna", "", "P 1", "P1:", "1P", "P01\n"])
def test_a_label_that_may_be_a_name_is_refused(
    write: Callable[[RedactedTranscript], bytes], label: str
) -> None:
    with pytest.raises(ValueError, match="a speaker label must be") as caught:
        write(transcript(RedactedTurn(label, (Token("word", 0, 100),))))
    assert not label or f"'{label}'" not in str(caught.value)


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([line], [])
    assert one_line(line) == line
