"""A name is found in whatever corner of a file it was planted, and nothing rides along unseen."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from transcriber.domain.estimate import Agreement
from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.bare_files import NO_TIME, telling
from transcriber.exports.file_check import check_files
from transcriber.exports.provenance.facts import Residue, SecondReview, SoundSample, facts_of
from transcriber.exports.provenance.page import write_provenance_page
from transcriber.exports.provenance.text import write_provenance_text
from transcriber.exports.word import write_docx
from transcriber.stages.second_look.check import SecondLook, second_look

POLICY = Policy("p", Style.LABEL, {k: Action.REPLACE for k in EntityType if k not in INDIRECT})
ROSTER = Roster((Participant("Sorcha Wetherby", "P01"),), people=("Zoë Brânză",))
NAME = "Sorcha Wetherby"


@pytest.fixture(scope="module")
def look() -> SecondLook:
    misheard = Finding(
        0,
        14,
        EntityType.PERSON,
        "saucer weathers",
        0.9,
        "roster-sound",
        action=Action.REPLACE,
        replacement="[P01]",
    )
    return second_look([misheard], ROSTER, POLICY)


@pytest.fixture(scope="module")
def docx() -> bytes:
    turn = RedactedTurn("P01", (Token("hello", 0, 400), Token("[PERSON_1]", 500, 900, True)))
    return write_docx(
        RedactedTranscript(
            "FG01", "Peers", "en", Quality.FULL, Checked.YES, 1000, Coverage(900), (turn,)
        )
    )


def zipped(
    files: dict[str, bytes | str],
    *,
    comment: bytes = b"",
    of_member: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, data in files.items():
            entry = ZipInfo(name, NO_TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.comment, entry.extra = of_member, extra
            archive.writestr(entry, data)
    return buffer.getvalue()


def changed(docx: bytes, **parts: str) -> bytes:
    with ZipFile(BytesIO(docx)) as archive:
        files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**files, **parts})


def core(field: str, value: str) -> str:
    return (
        '<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package'
        '/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title></dc:title><{field}>{value}</{field}><cp:revision>1</cp:revision>"
        "</cp:coreProperties>"
    )


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEADER = (
    f"<?xml version='1.0'?><w:hdr {W}><w:p><w:r><w:t>Sor</w:t></w:r><w:r><w:t>cha</w:t></w:r></w:p>"
    "</w:hdr>"
)
APP = f"<Properties><Company>{NAME}</Company></Properties>"
LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="https://example.org/%s"/></Relationships>'
)

EVERYTHING = replace(
    facts_of([]),
    recordings=2,
    kinds={"individual": 1, "group": 1},
    second_review=SecondReview(300, 296, 4500, Agreement(120, 4, 9, 15_000)),
    residue=Residue(22, 50, 45, 64, 2, 19),
    sound=(SoundSample("group", 5, 1, 10, 0.0, 0.2),),
)
"""Facts that make the sheet say all that it can."""

PLANTED: dict[str, Callable[[bytes], tuple[str, bytes]]] = {
    "docx header, cut up": lambda docx: ("a.docx", changed(docx, **{"word/header1.xml": HEADER})),
    "docx author": lambda docx: (
        "a.docx",
        changed(docx, **{"docProps/core.xml": core("dc:creator", NAME)}),
    ),
    "docx last modified by": lambda docx: (
        "a.docx",
        changed(docx, **{"docProps/core.xml": core("cp:lastModifiedBy", "Wetherby")}),
    ),
    "docx company": lambda docx: (
        "a.docx",
        changed(
            docx, **{"docProps/app.xml": f"<Properties><Company>{NAME}</Company></Properties>"}
        ),
    ),
    "docx comment": lambda docx: (
        "a.docx",
        changed(docx, **{"word/comments.xml": f"<c author='{NAME}'/>"}),
    ),
    "docx link": lambda docx: (
        "a.docx",
        changed(docx, **{"word/_rels/document.xml.rels": LINK % "Sorcha-Wetherby"}),
    ),
    "docx link, encoded": lambda docx: (
        "a.docx",
        changed(docx, **{"word/_rels/document.xml.rels": LINK % "Zo%C3%AB-Br%C3%A2nz%C4%83"}),
    ),
    "xml comment": lambda docx: (
        "a.docx",
        changed(docx, **{"word/x.xml": f"<a><!--{NAME}--></a>"}),
    ),
    "zip comment": lambda docx: ("a.zip", zipped({"a.txt": "x"}, comment=b"by Sorcha Wetherby")),
    "comment of a member": lambda docx: ("a.zip", zipped({"a.txt": "x"}, of_member=b"for Sorcha")),
    "extra field": lambda docx: ("a.zip", zipped({"a.txt": "x"}, extra=b"\x99\x99\x06\0Sorcha")),
    "before a zip": lambda docx: ("a.zip", b"PK\x03\x04sorcha wetherby" + zipped({"a.txt": "x"})),
    "member name": lambda docx: ("a.zip", zipped({"Wetherby.txt": "x"})),
    "folder of a member": lambda docx: ("a.zip", zipped({"Sorcha/a.txt": "x"})),
    "docx within a zip": lambda docx: (
        "a.zip",
        zipped({"a.docx": changed(docx, **{"word/header1.xml": HEADER})}),
    ),
    "qdpx project": lambda docx: (
        "a.qdpx",
        zipped({"project.qde": f'<?xml version="1.0"?><Project><Users name="{NAME}"/></Project>'}),
    ),
    "qdpx source name": lambda docx: (
        "a.qdpx",
        zipped({"project.qde": '<?xml version="1.0"?><P><S>Sorcha</S><S>1</S></P>'}),
    ),
    "docx within a qdpx": lambda docx: (
        "a.zip",
        zipped({"a.qdpx": zipped({"Sources/s.docx": changed(docx, **{"word/h.xml": HEADER})})}),
    ),
    "html title": lambda docx: ("a.html", f"<!doctype html><title>{NAME}</title>".encode()),
    "html attribute": lambda docx: ("a.html", b"<!doctype html><p title='Sorcha'>x</p>"),
    "html comment": lambda docx: ("a.html", b"<!doctype html><!-- Sorcha --><p>x</p>"),
    "html entity": lambda docx: ("a.html", b"<!doctype html><p>So&#114;cha</p>"),
    "html, cut up": lambda docx: ("a.html", b"<!doctype html><p>Weth<b>er</b>by</p>"),
    "csv": lambda docx: ("a.csv", b'1,"hello ""Sorcha"" there"\n'),
    "csv, misheard": lambda docx: ("a.csv", b"1,Saucer Weathers came\n"),
    "tsv in utf-16": lambda docx: ("a.tsv", "1\tSorcha\n".encode("utf-16")),
    "vtt note": lambda docx: ("a.vtt", b"WEBVTT\n\nNOTE by Sorcha\n"),
    "json key": lambda docx: ("a.json", json.dumps({"Sorcha": 1}).encode()),
    "json, escaped": lambda docx: ("a.json", json.dumps({"a": "Zoë Brânză"}).encode()),
    "jsonl, escaped": lambda docx: (
        "a.jsonl",
        b'{"a": 1}\n{"a": "Zo\\u00eb Br\\u00e2nz\\u0103"}\n',
    ),
    "picture": lambda docx: ("a.png", b"\x89PNG\xff\xfe" + "Wetherby".encode("utf-16-be")),
    "file name": lambda docx: ("Wetherby.txt", b"hello"),
}


@pytest.mark.parametrize("where", PLANTED)
def test_a_planted_name_is_found(where: str, docx: bytes, look: SecondLook) -> None:
    name, data = PLANTED[where](docx)
    assert check_files({name: data}, look).blocking


@pytest.mark.parametrize("where", PLANTED)
def test_and_nothing_is_where_it_was_not_planted(where: str, docx: bytes, look: SecondLook) -> None:
    """The same files under names that nobody knows: what blocks is the name and not the file."""
    name, data = PLANTED[where](docx)
    other = second_look([], Roster(people=("Ignatius Quellmalz",)), POLICY)
    assert check_files({name: data}, other).blocking == ()


def test_the_name_of_an_uploaded_file_is_found_in_any_corner(docx: bytes, look: SecondLook) -> None:
    uploaded = ("Interview 3 (final).m4a",)
    for files in (
        {"a.txt": b"from interview 3 (FINAL).m4a"},
        {"a.zip": zipped({"a.txt": "x"}, comment=b"Interview 3 (final).m4a")},
        {"a.docx": changed(docx, **{"docProps/core.xml": core("dc:title", uploaded[0])})},
        {"a.png": b"\x89\xff" + uploaded[0].encode("utf-16-le")},
    ):
        assert check_files(files, look, uploaded).blocking
        assert not check_files(files, look).blocking


TELLING: dict[str, Callable[[bytes], tuple[str, bytes]]] = {
    "author": lambda docx: (
        "a.docx",
        changed(docx, **{"docProps/core.xml": core("dc:creator", "python-docx")}),
    ),
    "company": lambda docx: ("a.docx", changed(docx, **{"docProps/app.xml": "<P/>"})),
    "comments": lambda docx: ("a.docx", changed(docx, **{"word/comments.xml": "<c/>"})),
    "custom data": lambda docx: ("a.docx", changed(docx, **{"customXml/item1.xml": "<c/>"})),
    "revision": lambda docx: (
        "a.docx",
        changed(docx, **{"word/document.xml": f'<w:document {W} w:rsidR="00AB"/>'}),
    ),
    "zip comment": lambda docx: ("a.zip", zipped({"a.txt": "x"}, comment=b"x")),
    "extra field": lambda docx: ("a.zip", zipped({"a.txt": "x"}, extra=b"\x99\x99\x01\0x")),
    "html generator": lambda docx: (
        "a.html",
        b"<!doctype html><meta name='generator' content='x'>",
    ),
    "html comment": lambda docx: ("a.html", b"<!doctype html><!-- x --><p>x</p>"),
}


@pytest.mark.parametrize("what", TELLING)
def test_what_tells_of_a_writer_is_seen(what: str, docx: bytes) -> None:
    name, data = TELLING[what](docx)
    assert telling({name: data})
    assert telling({"all.zip": zipped({name: data})})


def test_a_time_of_writing_is_seen(docx: bytes) -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        archive.writestr(ZipInfo("a.txt", (2026, 1, 1, 0, 0, 0)), "x")
    assert telling({"a.zip": buffer.getvalue()}) == ("a.zip!a.txt (zip)",)


def test_what_we_write_is_bare(docx: bytes, look: SecondLook) -> None:
    files = {"FG01.docx": docx, "all.zip": zipped({"FG01.docx": docx})}
    assert telling(files) == ()
    assert check_files(files, look).blocking == ()


def test_a_font_is_nobodys_name(docx: bytes) -> None:
    georgia = second_look([], Roster(places=("Georgia",)), POLICY)
    run = "<w:r><w:rPr><w:rFonts w:ascii='Georgia'/></w:rPr><w:t>%s</w:t></w:r>"
    for said, is_told in (("hello", False), ("in Georgia", True)):
        part = f"<?xml version='1.0'?><w:hdr {W}><w:p>{run % said}</w:p></w:hdr>"
        page = f"<!doctype html><style>p {{ font: Georgia }}</style><p>{said}</p>".encode()
        for files in (
            {"a.docx": changed(docx, **{"word/header1.xml": part})},
            {"a.html": page},
        ):
            assert bool(check_files(files, georgia).blocking) is is_told


def test_what_the_sheet_says_of_itself_is_nobodys_name() -> None:
    """Every word of ours is searched too: a participant called Cohen must not stop a release."""
    sheets = {
        "provenance.html": write_provenance_page("FG01", EVERYTHING),
        "methods.txt": write_provenance_text("FG01", EVERYTHING),
    }
    people = ("Cohen", "Lincoln", "Petersen", "Georgia", "Charter", "Fisher", "Wilson", "Poisson")
    assert check_files(sheets, second_look([], Roster(people=people), POLICY)).blocking == ()
