"""The key: which replacement stands for whom. It belongs in `private/` and nowhere else."""

import csv
import io
from collections.abc import Iterable

from transcriber.domain.finding import Finding

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs cells that start so (CWE-1236)."""


def write_key(findings: Iterable[Finding]) -> bytes:
    """Return CSV, a row a replacement: its type, spellings it stands for, mentions, the entity.

    One person has a row for each part of their name; `entity` is the same in all of them.
    """
    forms: dict[tuple[str, str, str], list[str]] = {}
    for finding in findings:
        if finding.replacement is not None:
            key = (finding.replacement, finding.entity_type.value, finding.entity)
            forms.setdefault(key, []).append(finding.text)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("replacement", "entity_type", "originals", "mentions", "entity"))
    for (replacement, entity_type, entity), texts in sorted(forms.items()):
        originals = _harmless(" | ".join(dict.fromkeys(texts)))
        writer.writerow((replacement, entity_type, originals, len(texts), _harmless(entity)))
    return buffer.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
