"""The documents on how a study deals with data, as a page to print or as plain text."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from transcriber.domain.processing import Processing
from transcriber.exports.provenance.committee import Section
from transcriber.exports.provenance.page import SHEET_STYLE
from transcriber.exports.provenance.text import WIDTH
from transcriber.exports.report_page import page, section
from transcriber.exports.rights.dpia import dpia_sections
from transcriber.exports.rights.information import information_sections
from transcriber.exports.rights.record import record_sections
from transcriber.exports.rights.sentences import day
from transcriber.exports.wording import one_line

Sections = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its title, what it is for, and what writes its sections."""

    title: str
    purpose: str
    sections: Callable[[Processing], Sections]


DOCUMENTS: Mapping[str, Document] = {
    "record": Document(
        "Record of processing activities",
        "What a controller has to keep a record of (GDPR Art. 30).",
        record_sections,
    ),
    "dpia": Document(
        "Data-protection impact assessment, draft",
        "What has to be assessed beforehand where the risk may be high (GDPR Art. 35).",
        dpia_sections,
    ),
    "information": Document(
        "Wording for the information sheet",
        "What to tell participants of transcription, listening, deletion and withdrawal.",
        information_sections,
    ),
}
"""By the words that name them on the command line and in addresses."""


def write_document_page(document: Document, about: Processing) -> bytes:
    """Write a self-contained page."""
    sections = document.sections(about)
    body = (
        section(f"part-{number}", heading, "".join(f"<p>{escape(each)}</p>" for each in told))
        for number, (heading, told) in enumerate(sections)
    )
    subtitle = f'<p class="soft">{escape(_subtitle(about))}</p>\n'
    return page(document.title, (subtitle, *body), SHEET_STYLE)


def write_document_text(document: Document, about: Processing) -> bytes:
    """Write UTF-8 for a form or an e-mail."""
    lines = [document.title, "=" * len(document.title), "", _subtitle(about)]
    for heading, told in document.sections(about):
        lines += ["", heading, "-" * len(heading)]
        for each in told:
            lines += ["", *textwrap.wrap(one_line(each), WIDTH)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _subtitle(about: Processing) -> str:
    return f"Study: {one_line(about.study)}. As it was set up on {day(about.made_at_ms)}."
