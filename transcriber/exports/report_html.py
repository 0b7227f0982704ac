"""The private report: what was found where, by whom, and what it became."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from transcriber.domain.finding import Finding
from transcriber.domain.redacted import RedactedTranscript

CONTEXT_CHARACTERS = 40

STYLE = """
:root { color-scheme: light dark; --ink: #1d1b18; --paper: #fbfaf7; --line: #d9d4c9;
        --soft: #6a645a; --accent: #7a3b12; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8e0; --paper: #191816; --line: #3b3833; --soft: #a8a195; --accent: #e0a878; } }
body { margin: 0 auto; max-width: 60rem; padding: 32px 20px 64px; background: var(--paper);
       color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 40px 0 8px; }
p { margin: 4px 0; max-width: 68ch; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 16px 6px 0;
         border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); } td.number, th.number { text-align: right; }
td.talk { font-family: Charter, Georgia, serif; } td.time { white-space: nowrap; }
mark { background: none; color: var(--accent); text-decoration: underline dotted; }
.scroll { overflow-x: auto; }
"""


def write_report(redacted: RedactedTranscript, findings: Sequence[Finding], text: str) -> bytes:
    """Return one self-contained HTML page; `text` is what the findings' offsets refer to."""
    head = f"{redacted.study} {redacted.code}".strip()
    page = f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(head)}: what was removed</title><style>{STYLE}</style></head><body>
<h1>{escape(head)}: what was removed</h1>
<p class="soft">Private: this page holds the words that were removed. {escape(_state(redacted))}</p>
<h2>Counts</h2>{_counts(findings)}
<h2>Each replacement</h2>{_replacements(findings)}
<h2>Each mention</h2>{_mentions(findings, text)}
</body></html>
"""
    return page.encode()


def _state(redacted: RedactedTranscript) -> str:
    lost_s = redacted.coverage.untranscribed_ms // 1000
    lost = f" {lost_s} s of speech gave no words: listen to it." if lost_s else ""
    return f"{redacted.checked.value.capitalize()}.{lost}"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows hold HTML. Columns whose heading ends in `#` are numbers."""
    if not rows:
        return "<p>Nothing was found. That proves little: a person still has to read it.</p>"
    kinds = [' class="number"' if heading.endswith("#") else "" for heading in headings]
    head = "".join(
        f"<th{kind}>{escape(heading.rstrip('#'))}</th>"
        for heading, kind in zip(headings, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _counts(findings: Sequence[Finding]) -> str:
    by_kind = sorted(findings, key=_kind)
    rows = []
    for (entity_type, action), group in groupby(by_kind, key=_kind):
        members = list(group)
        entities = len({finding.replacement or finding.entity for finding in members})
        rows.append([escape(entity_type), escape(action), str(entities), str(len(members))])
    return _table(["Type", "What was done", "Different ones#", "Mentions#"], rows)


def _kind(finding: Finding) -> tuple[str, str]:
    return finding.entity_type.value, finding.action.value if finding.action else "none"


def _replacements(findings: Sequence[Finding]) -> str:
    forms: dict[str, list[str]] = {}
    for finding in findings:
        if finding.replacement is not None:
            forms.setdefault(finding.replacement, []).append(finding.text)
    rows = [
        [escape(replacement), escape(", ".join(dict.fromkeys(texts))), str(len(texts))]
        for replacement, texts in sorted(forms.items())
    ]
    return _table(["Replacement", "Stands for", "Mentions#"], rows)


def _mentions(findings: Sequence[Finding], text: str) -> str:
    rows = [
        [
            _time(finding),
            _in_context(finding, text),
            escape(finding.replacement or "left as it is"),
            f"{escape(finding.source)}, {finding.score:.2f}",
        ]
        for finding in findings
    ]
    return _table(["Time", "As heard", "Became", "Found by, score"], rows)


def _time(finding: Finding) -> str:
    if finding.place is None:
        return ""
    seconds = finding.place.start_ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _in_context(finding: Finding, text: str) -> str:
    before = text[max(finding.start - CONTEXT_CHARACTERS, 0) : finding.start]
    after = text[finding.end : finding.end + CONTEXT_CHARACTERS]
    return f"…{escape(before)}<mark>{escape(finding.text)}</mark>{escape(after)}…"
