"""Draws the Word layouts, to be looked at: `python -m tests.formats.pictures FOLDER`."""

import argparse
import re
from pathlib import Path

from tests.formats.libreoffice import to_pdf, to_pictures
from tests.interviews import FOLDER, MARK, SOURCE
from transcriber.domain.interval import Interval
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.formats import FORMATS

WORD_MS = 310
PAGES = 2


def main() -> None:
    """Write documents, PDF and pictures of the first two pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    group = made_up_group()
    for key in (key for key in FORMATS if key.endswith("docx")):
        path = folder / f"{key.replace('.', '-')}.docx"
        path.write_bytes(FORMATS[key].write(group))
        to_pictures(to_pdf(path, folder), PAGES, folder)
    (folder / "page.html").write_bytes(FORMATS["html"].write(group))


def made_up_group() -> RedactedTranscript:
    """Return one of our own interviews as it would be released."""
    now_ms, turns = 0, []
    for number, line in enumerate((FOLDER / f"mill_town_group{SOURCE}").read_text().splitlines()):
        label, _, talk = line.partition(": ")
        tokens = []
        for text in MARK.sub(_hidden, talk).split():
            is_hidden = text.startswith("[")
            tokens.append(Token(text, now_ms, now_ms + WORD_MS, redacted=is_hidden))
            now_ms += WORD_MS
        turns.append(RedactedTurn(label, tuple(tokens), f"w{number:06}"))
    return RedactedTranscript(
        code="FG01",
        study="Feeding support in mill towns",
        language="en",
        quality=Quality.FULL,
        checked=Checked.YES,
        duration_ms=now_ms,
        coverage=Coverage(now_ms, (Interval(60_000, 64_000),)),
        turns=tuple(turns),
        release_number=2,
    )


def _hidden(mark: re.Match[str]) -> str:
    return mark["text"] if mark["type"] == "NEUTRAL" else f"[{mark['type']}_1]"


if __name__ == "__main__":
    main()
