"""One HTML page: a title, the marks, then a paragraph a turn. What Taguette reads best.

Nothing is fetched, nothing runs, and there is no style sheet: programs that import the page would
take its rules for talk, as QualCoder does with the title of the window.
"""

from html import escape

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.wording import marks, one_line, prepared_turns, without_colons

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Transcript</title>
</head>
<body style="max-width: 40em; margin: 2em auto; padding: 0 1em; font: 1.1em/1.55 Georgia, serif">
<h1>{title}</h1>
<p>{marks}</p>
{talk}</body>
</html>
"""


def write_html(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8. A paragraph has the turn's id and times in milliseconds as attributes.

    Before the first turn there is no colon. Raises ValueError for a label that is not capitals,
    digits and underscores.
    """
    title = without_colons(one_line(f"Transcript {transcript.code}"))
    told = " - ".join(without_colons(mark) for mark in marks(transcript))
    page = _PAGE.format(
        language=escape(one_line(transcript.language)),
        title=escape(title, quote=False),
        marks=escape(told, quote=False),
        talk="".join(f"{_paragraph(turn)}\n" for turn in prepared_turns(transcript)),
    )
    return page.encode()


def _paragraph(turn: RedactedTurn) -> str:
    name = f' id="{escape(turn.id)}"' if turn.id else ""
    times = f'data-start-ms="{turn.start_ms}" data-end-ms="{turn.end_ms}"'
    talk = escape(turn.text, quote=False)
    return f"<p{name} {times}><strong>{turn.label}:</strong> {talk}</p>"
