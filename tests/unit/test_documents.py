"""People's own transcripts: read, replaced in, written again, searched for what should be gone."""

import html
import json
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from zipfile import ZipFile

import docx
import pytest
import webvtt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from transcriber.domain.errors import InputError
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.documents import Document, Replacement, open_document
from transcriber.exports.documents.document import by_line, replaced
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt
from transcriber.exports.word import write_docx

# A busy machine is slow at times; that is no failure.
MARK = Checked.NO.value
LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=10)


def spans(text: str, *names: str) -> list[Replacement]:
    """Every mention of the names, as replacements by [X]."""
    found = []
    for name in names:
        position = text.find(name)
        while position >= 0:
            found.append((position, position + len(name), "[X]"))
            position = text.find(name, position + 1)
    return sorted(found)


def without(document: Document, *names: str) -> bytes:
    parts = {part: spans(text, *names) for part, text in document.parts.items()}
    return document.rewrite(spans(document.text, *names), parts, MARK)


def assert_gone(data: bytes, raw: Sequence[str]) -> None:
    """Search a file, and every member of a zip file, in any spelling of its encoding."""
    contents = [data]
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            contents = [archive.read(name) + name.encode() for name in archive.namelist()]
    for content in contents:
        for word in raw:
            assert word.encode() not in content
            assert word.encode("utf-16-le") not in content


@given(LINE, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_is_the_decoded_file(line: str, encoding: str) -> None:
    body = f"Anna: {line}\r\nend"
    document = open_document(body.encode(encoding), ".TXT")
    # A file in UTF-8 that begins with U+FEFF has a byte-order mark, whoever meant it.
    assert document.text == body
    assert without(document).decode() == f"{MARK}\r\n\r\n{body}"


def test_text_from_an_old_windows_program() -> None:
    document = open_document("caf\u00e9 \u2019s".encode("cp1252"), "txt")
    assert document.text == "caf\u00e9 \u2019s"
    assert without(document, "caf\u00e9").decode() == f"{MARK}\n\n[X] \u2019s"
    assert not document.parts


def test_the_mark_is_not_written_twice() -> None:
    for suffix, data in {
        ".txt": b"hello",
        ".vtt": VTT,
        ".srt": SRT,
        ".json": b'{"text": "a"}',
    }.items():
        once = without(open_document(data, suffix))
        assert without(open_document(once, suffix)).count(MARK.encode()) == 1


UNREADABLE = [
    (b"", ".txt", "empty"),
    (b" \n", ".txt", "empty"),
    (b"a\0b", ".txt", "not_text"),
    (b"\x81\x8d", ".txt", "not_text"),
    (b"\xff\xfea", ".txt", "not_text"),
    (b"words", ".pdf", "unknown_format"),
    (b"words", ".docx", "bad_docx"),
    (b"PK\x03\x04broken", ".docx", "bad_docx"),
    (b"words", ".vtt", "bad_vtt"),
    (b"WEBVTT\n\nNOTE x\n", ".vtt", "empty"),
    (b"words", ".srt", "bad_srt"),
    (b"1\n00:00:01,000 --> 00:00:02,000\n", ".srt", "empty"),
    (b"{", ".json", "bad_json"),
    (b"[" * 100_000, ".json", "bad_json"),
    (b"[1]", ".json", "empty"),
]


@pytest.mark.parametrize(("data", "suffix", "code"), UNREADABLE)
def test_what_cannot_be_read_is_named(data: bytes, suffix: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        open_document(data, suffix)
    assert caught.value.code == code


VTT = """\ufeffWEBVTT - call with Annabel

NOTE
recorded by Annabel

Annabel-1
00:01.000 --> 00:02.500 align:start region:annabel
<v.loud Annabel Whitfield>I am <b>Anna</b>bel &amp; <c.annabel>you</c>
two < lines

2
00:00:03.000 --> 00:00:04.000
- Annabel
<v Bo>met Annabel
""".encode()


def test_subtitles_keep_times_voices_and_tags() -> None:
    document = open_document(VTT, ".vtt")
    assert document.text == "I am Annabel & you\ntwo < lines\n- Annabel\nmet Annabel"
    assert document.parts == {
        "header": "- call with Annabel",
        "note-1": "NOTE\nrecorded by Annabel",
        "voices": "Annabel Whitfield\nBo",
    }
    written = without(document, "Annabel", " Whitfield")
    assert_gone(written, ["Anna", "annabel", "Whitfield"])
    captions = webvtt.from_buffer(StringIO(written.decode())).captions
    assert [(c.start, c.end) for c in captions] == [
        ("00:00:01.000", "00:00:02.500"),
        ("00:00:03.000", "00:00:04.000"),
    ]
    assert captions[0].voice == "[X][X]"
    assert html.unescape(captions[0].text) == "I am [X] & you\ntwo < lines"
    assert f"NOTE {MARK}\n" in written.decode()
    assert "align:start\n" in written.decode()
    assert open_document(written, ".vtt").text == document.text.replace("Annabel", "[X]")


SRT = b"""1
00:00:01,000 --> 00:00:02,000 X1:Annabel
<i>P01: Anna</i>bel

and more

7
00:00:03.000 --> 00:00:04.000
Annabel
"""


def test_subrip_keeps_numbers_and_times() -> None:
    document = open_document(SRT, ".srt")
    assert document.text == "P01: Annabel\nand more\nAnnabel"
    written = without(document, "Annabel").decode()
    assert written == (
        f"0\n00:00:00,000 --> 00:00:00,001\n{MARK}\n\n"
        "1\n00:00:01,000 --> 00:00:02,000\n<i>P01: [X]</i>\nand more\n\n"
        "7\n00:00:03,000 --> 00:00:04,000\n[X]\n"
    )


@given(st.lists(LINE.filter(str.strip), min_size=1, max_size=4), st.data())
def test_cues_are_replaced_where_the_text_says(lines: list[str], data: st.DataObject) -> None:
    source = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{n}.000 --> 00:0{n}.500\n{html.escape(line, quote=False)}"
        for n, line in enumerate(lines)
    )
    document = open_document(source.encode(), ".vtt")
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    again = open_document(document.rewrite([(start, end, "[X]")], {}, MARK), ".vtt").text
    # Line borders stay; all else is as if the text itself had been replaced.
    wanted = document.text[:start] + "[X]" + document.text[end:]
    assert "".join(again.split()) == "".join(wanted.split())
    assert again.count("\n") == document.text.count("\n")


@given(st.lists(st.text("ab ", max_size=5), min_size=1, max_size=5), st.data())
def test_shares_of_lines_make_the_same_text(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shares = by_line(lines, [(start, end, "X")])
    rest = "".join(replaced(line, share) for line, share in zip(lines, shares, strict=True))
    assert rest == (text[:start] + "X" + text[end:]).replace("\n", "")


def word_file() -> bytes:
    """A document with a name in every corner that somebody has thought of."""
    document = docx.Document()
    document.core_properties.author = "Annabel"
    document.core_properties.title = "Annabel"
    section = document.sections[0]
    section.header.paragraphs[0].text = "Interview with Annabel"
    section.footer.paragraphs[0].text = "Annabel"
    paragraph = document.add_paragraph()
    paragraph.add_run("P01: I am Anna").bold = True
    paragraph.add_run("bel Whit")
    paragraph.add_run("field\tyes\nline two")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Annabel"
    table.cell(0, 1).text = "kept 😀"
    for inner in UNSEEN:
        document.element.body.insert(1, parse_xml(f"<w:p {NAMES}>{inner}</w:p>"))
    style = document.styles.add_style("Annabel style", 1)
    document.add_paragraph("styled", style)
    document.add_comment(paragraph.runs, "Annabel said this", "Annabel", "AW")
    document.part.relate_to("mailto:Annabel@x.org", LINK, is_external=True)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
NAMES = nsdecls("w") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:q="urn:annabel"'
)
RUN = "<w:r><w:t>{}</w:t></w:r>"
UNSEEN = [
    '<w:del w:id="1" w:author="Annabel"><w:r><w:delText>Annabel</w:delText></w:r></w:del>'
    f'<w:ins w:id="2" w:author="Annabel" w:date="2020-01-01T00:00:00Z">'
    f"{RUN.format('added')}</w:ins>",
    f'<w:hyperlink w:anchor="Annabel" w:tooltip="Annabel">{RUN.format("link")}</w:hyperlink>',
    f'<w:bookmarkStart w:id="3" w:name="Annabel"/>{RUN.format("mark")}<w:bookmarkEnd w:id="3"/>',
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText>HYPERLINK "Annabel"</w:instrText>'
    f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{RUN.format("shown")}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    f'<w:sdt><w:sdtPr><w:alias w:val="Annabel"/></w:sdtPr><w:sdtContent>{RUN.format("control")}'
    "</w:sdtContent></w:sdt>",
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
    '<w:drawing q:descr="Annabel"><w:txbxContent>'
    f"<w:p>{RUN.format('boxed Annabel')}</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback>"
    f"<w:pict><w:txbxContent><w:p>{RUN.format('boxed Annabel')}</w:p></w:txbxContent></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>",
    f'<w:smartTag w:element="Annabel" w:uri="Annabel">{RUN.format("tagged")}</w:smartTag>',
    f'<q:unknown q:who="Annabel">Annabel</q:unknown>{RUN.format("foreign")}',
]


def test_word_file_loses_everything_unseen() -> None:
    document = open_document(word_file(), ".docx")
    lines = document.text.split("\n")
    assert lines[0] == "P01: I am Annabel Whitfield\tyes"
    for shown in ("added", "link", "mark", "shown", "control", "tagged", "foreign", "kept 😀"):
        assert shown in lines
    assert lines.count("boxed Annabel") == 1
    assert document.parts["header-1"] == "Interview with Annabel"
    assert document.parts["footer-1"] == "Annabel"
    assert "Annabel said this" in document.parts["comments"]
    assert "Annabel" in document.parts["core-properties"]
    written = without(document, "Annabel", " Whitfield")
    assert_gone(
        written, ["Anna", "annabel", "Whit", "AW", "python-docx", "rsid", "delText", "mailto"]
    )


def test_word_file_keeps_its_shape() -> None:
    document = open_document(word_file(), ".docx")
    written = docx.Document(BytesIO(without(document, "Annabel", " Whitfield")))
    spoken = written.paragraphs[0]
    assert spoken.text == "P01: I am [X][X]\tyes\nline two"
    assert spoken.runs[0].bold
    assert not spoken.runs[1].bold
    assert [cell.text for cell in written.tables[0].rows[0].cells] == ["[X]", "kept 😀"]
    header = [paragraph.text for paragraph in written.sections[0].header.paragraphs]
    assert header == ["Interview with [X]", MARK]
    assert written.core_properties.author == ""
    assert written.paragraphs[-1].style.name.startswith("Custom")


def test_a_replacement_over_paragraphs_stands_where_it_starts() -> None:
    source = docx.Document()
    for line in ("one two", "three", "four five"):
        source.add_paragraph(line)
    buffer = BytesIO()
    source.save(buffer)
    document = open_document(buffer.getvalue(), ".docx")
    start, end = document.text.index("two"), document.text.index(" five")
    written = docx.Document(BytesIO(document.rewrite([(start, end, "[X]")], {}, MARK)))
    assert [p.text for p in written.paragraphs] == ["one [X]", "", " five"]


def test_every_kind_of_page_gets_the_mark() -> None:
    source = docx.Document()
    source.add_paragraph("words")
    source.add_section()
    source.sections[1].different_first_page_header_footer = True
    source.settings.odd_and_even_pages_header_footer = True
    buffer = BytesIO()
    source.save(buffer)
    written = docx.Document(
        BytesIO(open_document(buffer.getvalue(), ".docx").rewrite([], {}, MARK))
    )
    for section in written.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            assert [p.text for p in header.paragraphs] == [MARK]
    assert written.settings.odd_and_even_pages_header_footer
    kinds = {r.get(qn("w:type")) for r in written.element.iter(qn("w:headerReference"))}
    assert kinds == {"default", "first", "even"}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        source = docx.Document()
        source.add_paragraph("words")
        original = BytesIO()
        source.save(original)
        with ZipFile(original) as old:
            for name in old.namelist():
                archive.writestr(name, parts.get(name, old.read(name)))
    return buffer.getvalue()


def test_word_file_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    for name in ("word/document.xml", "_rels/.rels", "word/styles.xml"):
        with pytest.raises(InputError) as caught:
            open_document(zipped({name: bomb}), ".docx")
        assert caught.value.code == "bad_docx"


@settings(max_examples=40)
@given(st.lists(LINE, min_size=1, max_size=3).filter(lambda x: "".join(x).strip()), st.data())
def test_paragraphs_are_replaced_where_the_text_says(lines: list[str], data: st.DataObject) -> None:
    body = "".join(
        "<w:p>" + "".join(RUN.format(html.escape(c)) for c in line) + "</w:p>" for line in lines
    ).replace("<w:t>", '<w:t xml:space="preserve">')
    main = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode()
    document = open_document(zipped({"word/document.xml": main}), ".docx")
    assert document.text == "\n".join(lines)
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    again = open_document(document.rewrite([(start, end, "[X]")], {}, MARK), ".docx").text
    wanted = document.text[:start] + "[X]" + document.text[end:]
    assert again.replace("\n", "") == wanted.replace("\n", "")
    assert again.count("\n") == document.text.count("\n")


WHISPERX = {
    "language": "en",
    "text": " I met Anna Smith. Anna again",
    "segments": [
        {
            "start": 0.0,
            "end": 2.0,
            "text": " I met Anna Smith.",
            "speaker": "Anna",
            "tokens": [314, 271],
            "chars": [{"char": "A"}],
            "words": [
                {"word": "I", "start": 0.0, "end": 0.1},
                {"word": "met", "start": 0.2, "end": 0.5},
                {"word": "Anna", "start": 0.6, "end": 0.9, "text": "Anna"},
                {"word": "Smith.", "start": 1.0, "end": 1.5},
            ],
        },
        {"text": "Anna again", "words": [{"word": "Annabel"}]},
    ],
    "word_segments": [{"word": "Anna"}],
    "words": [{"word": "Anna"}],
}


def test_whisper_words_follow_their_text() -> None:
    document = open_document(json.dumps(WHISPERX).encode(), ".json")
    assert document.text == " I met Anna Smith.\nAnna again"
    assert document.parts["segments.speaker"] == "Anna"
    written = without(document, "Anna", " Smith")
    assert_gone(written, ["Anna", "Smith", "314"])
    record = json.loads(written)
    assert record["status"] == MARK
    first, second = record["segments"]
    assert first["text"] == " I met [X][X]."
    assert first["speaker"] == "[X]"
    assert [word["word"] for word in first["words"]] == ["I", "met", "[X]", "[X]."]
    assert first["words"][3]["end"] == 1.5
    assert "words" not in second


def test_our_raw_transcript_stays_a_transcript() -> None:
    words = ["I", "am", "Anna", "Smith", "Hello", "Anna"]
    record = {
        "schema": "transcriber/1",
        "speakers": [{"id": "S1", "label": "ANNA"}],
        "words": [
            {"id": f"w{n}", "text": word, "start_ms": n, "end_ms": n + 1}
            for n, word in enumerate(words)
        ],
        "segments": [{"first_word": 0, "last_word": 3}, {"first_word": 4, "last_word": 5}],
        "provenance": {"file": "Anna"},
    }
    document = open_document(json.dumps(record).encode(), ".json")
    assert document.text == "I am Anna Smith\nHello Anna"
    changes = [(5, 15, "[P]"), (22, 26, "[Q]")]
    written = json.loads(document.rewrite(changes, {"speakers.label": [(0, 4, "P01")]}, MARK))
    assert [word["text"] for word in written["words"]] == ["I", "am", "[P]", "Hello", "[Q]"]
    assert written["words"][2] == {"id": "w2", "text": "[P]", "start_ms": 2, "end_ms": 4}
    assert written["segments"] == [
        {"first_word": 0, "last_word": 2},
        {"first_word": 3, "last_word": 4},
    ]
    assert written["speakers"][0]["label"] == "P01"
    assert_gone(json.dumps(written).encode(), ["Anna", "ANNA"])


def test_any_json_is_read_to_the_last_string() -> None:
    value = {"Anna": ["Anna", {"deep": "by Anna"}], "status": "mine", "n": 5}
    document = open_document(json.dumps(value).encode(), ".json")
    assert document.text == "Anna\nby Anna\nmine"
    written = without(document, "Anna")
    assert json.loads(written) == {
        "redaction_status": MARK,
        "[X]": ["[X]", {"deep": "by [X]"}],
        "status": "mine",
        "n": 5,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | LINE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINE, inner, max_size=3),
)


@given(st.lists(st.just("Annabel") | JSON, min_size=1, max_size=3))
def test_no_shape_of_json_hides_a_name(values: list[object]) -> None:
    for value in (
        ["Annabel", values],
        {"segments": [{"text": "Annabel", "words": values}], "text": values, "turns": values},
        {"turns": [{"text": "b", "tokens": [{"text": "Annabel"}], "word": values}]},
        [{"text": "Annabel"}, {"text": "c", "words": [{"word": "c", "text": "Annabel"}]}],
    ):
        document = open_document(json.dumps(value).encode(), ".json")
        assert_gone(without(document, "Annabel"), ["Annabel"])


def redacted() -> RedactedTranscript:
    tokens = (Token("Annabel", 0, 400), Token("& me", 400, 900))
    return RedactedTranscript(
        "FG1",
        "Study",
        "en",
        Quality.FULL,
        Checked.NO,
        1000,
        Coverage(900),
        (RedactedTurn("P01", tokens), RedactedTurn("P02", (Token("yes", 1000, 2000),))),
    )


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".txt", write_txt(redacted())),
        (".vtt", write_vtt(redacted())),
        (".docx", write_docx(redacted())),
        (".json", write_redacted_json(redacted())),
    ],
)
def test_our_own_exports_can_be_redacted_again(suffix: str, data: bytes) -> None:
    document = open_document(data, suffix)
    assert "Annabel & me" in document.text
    written = without(document, "Annabel")
    assert_gone(written, ["Annabel"])
    again = open_document(written, suffix)
    assert again.text == document.text.replace("Annabel", "[X]")
    assert without(again) == written
