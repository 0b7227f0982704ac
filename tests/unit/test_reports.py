"""Reports tell everything once, the safe ones without a word of the original."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.interval import Interval
from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.sound import SoundFigures, judged
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.csv_cells import write_csv
from transcriber.exports.report_csv import write_private_csv, write_safe_csv
from transcriber.exports.report_html import (
    Heard,
    RedactedText,
    of_recording,
    write_report,
    write_safe_report,
    write_text_report,
)
from transcriber.exports.report_page import CHUNK_ROWS

TEXT = "I told <Sorcha> & co.\nShe is a lighthouse keeper.\nAsk Quillan"
OUTPUT = "I told <[P02]> & co.\nShe is a lighthouse keeper.\nAsk Quillan"
SOUND = judged(SoundFigures(-26, -50, None, 0.0, 20.0, 0.0, 6, 8000, 0.0))


def finding(text: str, kind: EntityType, source: str, score: float, **more: object) -> Finding:
    start = TEXT.index(text)
    return Finding(start, start + len(text), kind, text, score, source, **more)  # type: ignore[arg-type]


FINDINGS = (
    finding(
        "Sorcha",
        EntityType.PERSON,
        "roster-sound",
        0.42,
        action=Action.REPLACE,
        replacement="[P02]",
        place=Place(2, 2, 3_661_000, 3_661_500),
    ),
    finding("lighthouse keeper", EntityType.OCCUPATION, "person", 1.0, action=Action.FLAG),
)
LEAKS = LeakCheck((Leak(Reason.CAPITAL, Verdict.REVIEW, "Quillan", 3, 4, 11),))
BLOCKED = LeakCheck((Leak(Reason.METADATA, Verdict.BLOCK, "SORCHA", 1, 0, 6, "speaker label"),))
ORIGINALS = ("Sorcha", "lighthouse", "Quillan")


def recording() -> RedactedTranscript:
    turns = tuple(RedactedTurn("P01", (Token(line, 0, 900),)) for line in OUTPUT.split("\n"))
    coverage = Coverage(60_000, (Interval(5_000, 9_000),))
    return RedactedTranscript(
        "FG01", "Peers", "en", Quality.FULL, Checked.NO, 60_000, coverage, turns
    )


def document() -> RedactedText:
    return RedactedText("T01", {None: TEXT}, {None: OUTPUT})


class Page(HTMLParser):
    """Checks that tags nest, and gathers the text and what lies in `<mark>`."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.marked: list[str] = []
        self.feed(data.decode())
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        assert not any(name in {"src", "style"} or name.startswith("on") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.seen.append(data)
        if "mark" in self.open:
            self.marked.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())


def test_the_private_page_tells_what_where_by_whom_and_what_was_left() -> None:
    heard = Heard(
        SOUND,
        (Interval(65_000, 66_000),),
        recording().coverage.untranscribed,
        (Interval(71_000, 73_500),),
    )
    data = write_report(of_recording(recording(), TEXT), FINDINGS, heard, LEAKS)
    page = Page(data)
    for told in (
        "Private: this page holds the words that were removed.",
        "Machine-redacted, not checked by a person.",
        "Review: 1 place to look at before this goes on.",
        "01:01:01",
        "[P02]",
        "roster, by sound, 0.42",
        "left for you to judge: the policy flags it",
        "a person, 1.00",
        "How it sounds",
        "Speech without words: listen to it",
        "00:00:05",
        "A known name may be said here, where no words stand: listen",
        "00:01:05",
        "Who says this is not certain: listen to it",
        "00:01:11 2.5 s",
    ):
        assert told in page.text
    assert {"Sorcha", "lighthouse keeper", "Quillan"} == set(page.marked)
    assert b"I told &lt;<mark>Sorcha</mark>&gt; &amp; co." in data


def test_a_low_score_is_shown_first_and_counted() -> None:
    text = Page(write_text_report(document(), FINDINGS, LeakCheck())).text
    doubtful = text[text.index("Doubtful: look at these first") : text.index("Left as it is: 1")]
    assert "Sorcha" in doubtful
    assert "lighthouse" not in doubtful.partition("As heard")[0]
    assert "Pass: nothing found by these checks." in text


def test_a_document_has_lines_and_parts_for_times() -> None:
    header = Finding(
        *(0, 6, EntityType.PERSON, "Sorcha", 1.0, "roster"),
        part="header1",
        action=Action.REPLACE,
        replacement="[P02]",
    )
    source = RedactedText("T01", {None: TEXT, "header1": "Sorcha"}, {None: OUTPUT})
    text = Page(write_text_report(source, [*FINDINGS, header], LEAKS)).text
    assert "line 2" in text
    assert "header1, line 1" in text
    assert "How it sounds" not in text


@pytest.mark.parametrize("leaks", [LeakCheck(), LEAKS, BLOCKED])
def test_safe_versions_hold_no_original(leaks: LeakCheck) -> None:
    page = write_safe_report(of_recording(recording(), TEXT), FINDINGS, leaks)
    table = write_safe_csv(FINDINGS, {None: TEXT}, leaks)
    assert "[P02]" in Page(page).text
    assert "roster, by sound" in Page(page).text
    for data in (page, table):
        for original in (*ORIGINALS, "SORCHA"):
            assert original.encode() not in data


def test_a_safe_report_does_not_name_files_inside_files() -> None:
    leak = Leak(Reason.ORIGINAL, Verdict.BLOCK, "x", 1, 0, 1, "docx!word/media/Sorcha.png")
    data = write_safe_csv((), {}, LeakCheck((leak,)))
    assert b"Sorcha" not in data
    assert b"docx" in data


def test_blocking_is_said_at_the_top() -> None:
    source = of_recording(recording(), TEXT)
    text = Page(write_report(source, FINDINGS, Heard(SOUND), BLOCKED)).text
    assert "Block: 1 place shows a known name or number: this must not go on." in text
    assert text.index("speaker label") < text.index("Counts Type")


def test_tables_read_back_and_run_nothing() -> None:
    rows = list(
        csv.DictReader(io.StringIO(write_private_csv(FINDINGS, {None: TEXT}, LEAKS).decode()))
    )
    assert [row["text"] for row in rows] == ["Sorcha", "lighthouse keeper", "Quillan"]
    assert [row["where"] for row in rows] == ["01:01:01", "line 2", "line 3"]
    assert [row["doubtful"] for row in rows] == ["yes", "", ""]
    assert rows[0]["before"] == "I told <"
    for cell in ("=1+1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\uff1d1"):
        (_, written) = csv.reader(io.StringIO(write_csv(("a",), [(cell,)]).decode(), newline=""))
        assert written == ["'" + cell.replace("\r", "\n")]


def test_a_long_page_is_folded_and_whole() -> None:
    many = [FINDINGS[0]] * (CHUNK_ROWS * 3 + 1)
    data = write_text_report(document(), many, LeakCheck())
    page = Page(data)
    assert "751 to 751: 01:01:01 to 01:01:01" in page.text
    assert len(re.findall(rb"<details>", data)) == 2 * 4
    # Once as doubtful, once as a mention.
    assert page.marked.count("Sorcha") == 2 * len(many)


def test_nothing_found_proves_little() -> None:
    assert "That proves little" in Page(write_text_report(document(), (), LeakCheck())).text


def test_text_that_no_encoding_holds_is_written_all_the_same() -> None:
    odd = Finding(0, 1, EntityType.PERSON, "\ud800", 0.9, "x", replacement="[P]")
    assert b"P]" in write_text_report(document(), [odd], LeakCheck())
    assert b"P]" in write_private_csv([odd], {None: TEXT}, LeakCheck())
