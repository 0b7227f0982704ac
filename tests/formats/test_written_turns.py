"""Who says what and when in transcripts as Teams, Zoom, Otter and people write them."""

import io

import docx
import pytest

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.written import WrittenTurn
from transcriber.exports.documents.written_turns import read_written

TEAMS_VTT = """WEBVTT

0b5c1c3e-7e6f-4b4f/12-0
00:00:03.120 --> 00:00:05.800
<v Sarah Whitfield>Good morning, thank you
for coming.</v>

0b5c1c3e-7e6f-4b4f/13-0
00:00:06.000 --> 00:00:07.500
<v Jo Marsh (Guest)>I came by bus from Leeds.</v>
"""
ZOOM_VTT = """WEBVTT

1
00:00:03.120 --> 00:00:05.800
Sarah Whitfield: Good morning.

2
00:00:05.800 --> 00:00:06.900
Thank you for coming.

3
00:00:07.000 --> 00:00:09.500
Jo Marsh: One thing: I came by bus.
"""
ZOOM_TXT = """[Sarah Whitfield] 10:05:03
Good morning.

[Jo Marsh] 10:05:06
I came by bus.
"""
OTTER_TXT = """Sarah Whitfield  0:03
Good morning, thank you for coming.

Jo Marsh  0:06
I came by bus.
It was late.

Transcribed by https://otter.ai
"""
OTTER_SRT = """1
00:00:03,120 --> 00:00:05,800
Sarah Whitfield: Good morning.

2
00:00:06,000 --> 00:00:07,500
Jo Marsh: I came by bus.
"""
WORD_TXT = """Interviewer: Good morning. One question: how are you?
P1:\tFine.
And the baby is well.
Interviewer: Note: she laughs.
"""


def turn(name: str, text: str, start_ms: int | None = None, end_ms: int = 0) -> WrittenTurn:
    return WrittenTurn(name, text, None if start_ms is None else Interval(start_ms, end_ms))


MORNING_S = (10 * 60 + 5) * 60


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            TEAMS_VTT,
            [
                turn("Sarah Whitfield", "Good morning, thank you for coming.", 3120, 5800),
                turn("Jo Marsh (Guest)", "I came by bus from Leeds.", 6000, 7500),
            ],
        ),
        (
            ZOOM_VTT,
            [
                turn("Sarah Whitfield", "Good morning.", 3120, 5800),
                turn("Sarah Whitfield", "Thank you for coming.", 5800, 6900),
                turn("Jo Marsh", "One thing: I came by bus.", 7000, 9500),
            ],
        ),
        (
            ZOOM_TXT,
            [
                turn(
                    "Sarah Whitfield",
                    "Good morning.",
                    MORNING_S * 1000 + 3000,
                    MORNING_S * 1000 + 6000,
                ),
                turn(
                    "Jo Marsh", "I came by bus.", MORNING_S * 1000 + 6000, MORNING_S * 1000 + 6000
                ),
            ],
        ),
        (
            OTTER_TXT,
            [
                turn("Sarah Whitfield", "Good morning, thank you for coming.", 3000, 6000),
                turn(
                    "Jo Marsh",
                    "I came by bus. It was late. Transcribed by https://otter.ai",
                    6000,
                    6000,
                ),
            ],
        ),
        (
            OTTER_SRT,
            [
                turn("Sarah Whitfield", "Good morning.", 3120, 5800),
                turn("Jo Marsh", "I came by bus.", 6000, 7500),
            ],
        ),
        (
            WORD_TXT,
            [
                turn("Interviewer", "Good morning. One question: how are you?"),
                turn("P1", "Fine. And the baby is well."),
                turn("Interviewer", "Note: she laughs."),
            ],
        ),
        ("Nobody is named here.\nNor there.\n", [turn("", "Nobody is named here. Nor there.")]),
    ],
    ids=["teams-vtt", "zoom-vtt", "zoom-txt", "otter-txt", "otter-srt", "word-txt", "plain"],
)
def test_turns_are_read_as_they_were_written(text: str, turns: list[WrittenTurn]) -> None:
    assert list(read_written(text.encode())) == turns
    assert list(read_written(text.replace("\n", "\r\n").encode("utf-8-sig"))) == turns


def word(*paragraphs: str) -> bytes:
    document, data = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Sarah Whitfield   0:03\nGood morning.", "Jo Marsh   0:06\nI came by bus."),
        (
            "0:0:3.0 --> 0:0:6.0\nSarah Whitfield\nGood morning.",
            "0:0:6.0 --> 0:0:6.0\nJo Marsh\nI came by bus.",
        ),
        ("Sarah Whitfield  0:03", "Good morning.", "Jo Marsh  0:06", "I came by bus."),
    ],
    ids=["teams", "older-teams", "otter"],
)
def test_word_documents_of_meetings_have_speakers_and_times(paragraphs: tuple[str, ...]) -> None:
    assert list(read_written(word(*paragraphs))) == [
        turn("Sarah Whitfield", "Good morning.", 3000, 6000),
        turn("Jo Marsh", "I came by bus.", 6000, 6000),
    ]


def test_a_document_that_somebody_typed_has_speakers() -> None:
    data = word("Sarah Whitfield: Good morning.", "Jo: Fine.", "Sarah Whitfield: Good.", "Jo: Yes.")
    assert [(one.name, one.text) for one in read_written(data)] == [
        ("Sarah Whitfield", "Good morning."),
        ("Jo", "Fine."),
        ("Sarah Whitfield", "Good."),
        ("Jo", "Yes."),
    ]


@pytest.mark.parametrize("data", [b"", b"   \n", b"PK\x03\x04 no", b"WEBVTT\n\n", bytes(100)])
def test_what_holds_no_words_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_written(data)
