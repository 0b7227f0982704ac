"""The provenance sheet as plain text, to be copied into a manuscript or a form."""

import textwrap
from collections.abc import Iterator

from transcriber.exports.provenance.committee import committee_sections
from transcriber.exports.provenance.facts import Facts
from transcriber.exports.provenance.methods import methods_paragraph
from transcriber.exports.provenance.table import NO_SOFTWARE, engine_rows, figures
from transcriber.exports.wording import one_line

WIDTH = 80


def write_provenance_text(title: str, facts: Facts) -> bytes:
    """Write UTF-8: a paragraph for a methods section, a page for a committee, and all figures."""
    return ("\n".join(_lines(one_line(title), facts)) + "\n").encode("utf-8", "replace")


def _lines(title: str, facts: Facts) -> Iterator[str]:
    yield from (title, "=" * len(title))
    yield from _headed("For a methods section")
    yield from _wrapped(methods_paragraph(facts))
    yield from _headed("For an ethics committee")
    for number, (heading, sentences) in enumerate(committee_sections(facts)):
        yield from ("", heading) if number else (heading,)
        for sentence in sentences:
            yield from textwrap.wrap(sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
    yield from _headed("Figures")
    for name, value in figures(facts):
        yield from textwrap.wrap(f"{name}: {value}", WIDTH, subsequent_indent="  ")
    yield from _headed("Software")
    software = list(engine_rows(facts))
    if not software:
        yield NO_SOFTWARE
    for part, name, settings, sha256 in software:
        yield f"{part}: {name}"
        if settings:
            yield from textwrap.wrap(settings, WIDTH, initial_indent="  ", subsequent_indent="  ")
        if sha256:
            yield f"  SHA-256 {sha256}"


def _headed(heading: str) -> tuple[str, ...]:
    return "", heading, "-" * len(heading), ""


def _wrapped(paragraph: str) -> list[str]:
    return textwrap.wrap(paragraph, WIDTH)
