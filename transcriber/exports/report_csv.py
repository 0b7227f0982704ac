"""The log of a redaction for a spreadsheet: a private one with the words, a safe one without.

A row is a finding, or a place of the second look (`second look` in the column `kind`). The safe log
holds no original text and may be handed on with the transcript.
"""

from collections.abc import Mapping, Sequence

from transcriber.domain.finding import Finding
from transcriber.domain.leak_check import LeakCheck, Reason, Verdict
from transcriber.exports.csv_cells import write_csv
from transcriber.exports.report_words import (
    DOUBTFUL_BELOW,
    WHY,
    Lines,
    Texts,
    became,
    found_by,
    leak_where,
    leak_where_safe,
)

SAFE_COLUMNS = ("kind", "where", "type", "action", "became", "found_by", "score", "doubtful")
CONTEXT_COLUMNS = ("text", "before", "after")
CONTEXT_CHARACTERS = 60


def write_safe_csv(
    findings: Sequence[Finding], parts: Mapping[str | None, str], leaks: LeakCheck
) -> bytes:
    """Return the log without a word of the original; `parts` only tells lines apart."""
    lines = Lines(Texts(parts))
    rows = [_row(finding, lines) for finding in findings]
    rows += [_leak_row(leak_where_safe(leak), leak.reason, leak.verdict) for leak in leaks.leaks]
    return write_csv(SAFE_COLUMNS, rows)


def write_private_csv(
    findings: Sequence[Finding], parts: Mapping[str | None, str], leaks: LeakCheck
) -> bytes:
    """Return the log with the words and what stands around them."""
    texts = Texts(parts)
    lines = Lines(texts)
    rows: list[tuple[object, ...]] = []
    for finding in findings:
        context = [" ".join(a.split()) for a in texts.context(finding, CONTEXT_CHARACTERS)]
        rows.append((*_row(finding, lines), finding.text, *context))
    for leak in leaks.leaks:
        row = _leak_row(leak_where(leak), leak.reason, leak.verdict)
        rows.append((*row, leak.text, "", ""))
    return write_csv((*SAFE_COLUMNS, *CONTEXT_COLUMNS), rows)


def _row(finding: Finding, lines: Lines) -> tuple[object, ...]:
    return (
        "finding",
        lines.where(finding),
        finding.entity_type.value,
        finding.action.value if finding.action else "none",
        became(finding),
        found_by(finding),
        f"{finding.score:.2f}",
        "yes" if finding.score < DOUBTFUL_BELOW else "",
    )


def _leak_row(where: str, reason: Reason, verdict: Verdict) -> tuple[object, ...]:
    return ("second look", where, reason.value, verdict.value, WHY[reason], "", "", "")
