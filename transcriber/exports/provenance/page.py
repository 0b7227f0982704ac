"""The provenance sheet as one page, to be read, printed or handed to a committee."""

from html import escape

from transcriber.exports.provenance.committee import committee_sections
from transcriber.exports.provenance.facts import Facts
from transcriber.exports.provenance.methods import methods_paragraph
from transcriber.exports.provenance.table import NO_SOFTWARE, engine_rows, figures
from transcriber.exports.report_page import page, section, table

SHEET_STYLE = """
blockquote { margin: 8px 0; padding: 4px 0 4px 16px; border-left: 4px solid var(--accent);
             font: 17px/1.6 Charter, Georgia, serif; max-width: 68ch; }
h3 { font-size: 16px; margin: 20px 0 4px; }
ul { margin: 4px 0; padding-left: 20px; max-width: 68ch; }
dl { display: grid; grid-template-columns: minmax(10rem, max-content) minmax(0, 1fr);
     gap: 4px 24px; margin: 8px 0; }
dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
                            dd { margin-bottom: 8px; } }
@media print { body { padding: 0; background: none; color: #000; font-size: 11pt; }
               h2, h3 { break-after: avoid; } dl, tr, li { break-inside: avoid; }
               #committee { break-before: page; } }
"""


def write_provenance_page(title: str, facts: Facts) -> bytes:
    """Write a self-contained page: a methods paragraph, a page for a committee, and all figures."""
    committee = "".join(
        f"<h3>{escape(heading)}</h3><ul>{''.join(f'<li>{escape(each)}</li>' for each in told)}</ul>"
        for heading, told in committee_sections(facts)
    )
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in figures(facts)
    )
    rows_of_software = [
        [escape(part), escape(name), escape(settings), f"<code>{escape(sha256)}</code>"]
        for part, name, settings, sha256 in engine_rows(facts)
    ]
    headings = [("Part", ""), ("Software", ""), ("Settings", ""), ("SHA-256 of its model", "")]
    software = table(headings, rows_of_software) if rows_of_software else f"<p>{NO_SOFTWARE}</p>"
    return page(
        title,
        (
            '<p class="soft">Written from what was recorded while the transcripts were made and '
            "checked. Nobody is named.</p>\n",
            section(
                "methods",
                "For a methods section",
                f"<blockquote>{escape(methods_paragraph(facts))}</blockquote>",
            ),
            section("committee", "For an ethics committee", committee),
            section("figures", "Figures", f"<dl>{rows}</dl>"),
            section("software", "Software", software),
        ),
        SHEET_STYLE,
    )
