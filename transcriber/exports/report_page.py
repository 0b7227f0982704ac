"""How report pages look: one self-contained page, light and dark, from 360 px on."""

from collections.abc import Iterable, Sequence
from html import escape

from transcriber.exports.timeline_svg import TIMELINE_STYLE

CHUNK_ROWS = 250
"""Rows of one foldable table: a page with thousands opens at once, because most are folded."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d1b18; --paper: #fbfaf7; --line: #d9d4c9;
        --soft: #5f594f; --accent: #7a3b12; --stop: #9a1b1b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8e0; --paper: #191816; --line: #3b3833; --soft: #b0a99d; --accent: #e0a878;
          --stop: #ff9d92; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 32px 20px 64px; background: var(--paper);
       color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 40px 0 8px; }
p { margin: 4px 0; max-width: 68ch; } .soft { color: var(--soft); }
a { color: var(--accent); }
.verdict { margin: 24px 0 8px; padding: 12px 0 12px 16px; border-left: 4px solid var(--accent); }
.verdict.block { border-color: var(--stop); } .verdict.block strong { color: var(--stop); }
.verdict.pass { border-color: var(--line); }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 16px 0 0; }
nav a { min-height: 24px; }
details { margin: 4px 0; }
summary { cursor: pointer; min-height: 32px; padding: 4px 0; }
summary::marker { color: var(--soft); }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 16px 6px 0;
         border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; color: var(--soft); } td.number, th.number { text-align: right; }
td.talk { font: 17px/1.5 Charter, Georgia, serif; } td.place { white-space: nowrap; }
mark { background: none; color: var(--accent); text-decoration: underline dotted;
       text-underline-offset: 3px; }
.scroll { overflow-x: auto; }
@media (max-width: 40rem) {
  body { padding: 20px 12px 48px; }
  table.stack thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
                      overflow: hidden; }
  table.stack, table.stack tbody, table.stack tr, table.stack td { display: block; }
  table.stack tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
  table.stack td { border: 0; padding: 2px 0; text-align: left; }
  table.stack td:not(:empty)::before { content: attr(data-h) " "; color: var(--soft);
                                       font: 13px/1.5 system-ui, sans-serif; }
  table.stack td.talk:not(:empty)::before, table.stack td.place:not(:empty)::before {
    content: none; } }
@media print { details:not([open]) > *:not(summary) { display: block; } }
"""

TALK, PLACE, NUMBER = "talk", "place", "number"


def page(title: str, body: Iterable[str], style: str = "") -> bytes:
    """Return the whole page; `body` is HTML, and `style` adds to the style of all reports."""
    head = (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title><style>{STYLE}{TIMELINE_STYLE}{style}</style></head><body>\n"
        f"<h1>{escape(title)}</h1>\n"
    )
    whole = f"{head}{''.join(body)}</body></html>\n"
    return whole.encode("utf-8", "xmlcharrefreplace")


def section(anchor: str, heading: str, content: str) -> str:
    """Return a headed part of the page."""
    return f'<h2 id="{anchor}">{escape(heading)}</h2>\n{content}\n'


def table(headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; a heading is its words and the kind of its column, cells are HTML."""
    head = "".join(f"<th{_kind(kind)}>{escape(words)}</th>" for words, kind in headings)
    starts = [f'<td{_kind(kind)} data-h="{escape(words)}">' for words, kind in headings]
    body = "".join(
        "<tr>" + "".join(f"{s}{c}</td>" for s, c in zip(starts, row, strict=True)) + "</tr>\n"
        for row in rows
    )
    return (
        '<div class="scroll"><table class="stack"><thead><tr>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, content: str, *, is_open: bool) -> str:
    """Return something that opens and closes."""
    state = " open" if is_open else ""
    return f"<details{state}><summary>{escape(summary)}</summary>{content}</details>\n"


def chunked(
    headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], names: Sequence[str]
) -> str:
    """Return a long table in foldable pieces of `CHUNK_ROWS`; `names` says where each row is."""
    if len(rows) <= CHUNK_ROWS:
        return table(headings, rows)
    pieces = []
    for start in range(0, len(rows), CHUNK_ROWS):
        end = min(start + CHUNK_ROWS, len(rows))
        summary = f"{start + 1:,} to {end:,}: {names[start]} to {names[end - 1]}"
        pieces.append(folded(summary, table(headings, rows[start:end]), is_open=False))
    return "".join(pieces)


def marked(before: str, text: str, after: str) -> str:
    """Return words in their context, the words marked."""
    return f"{escape(before)}<mark>{escape(text)}</mark>{escape(after)}"


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
