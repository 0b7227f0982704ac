"""The key: which replacement stands for whom. It belongs in `private/` and nowhere else."""

from collections.abc import Iterable

from transcriber.domain.finding import Finding
from transcriber.exports.csv_cells import write_csv


def write_key(findings: Iterable[Finding]) -> bytes:
    """Return CSV, a row a replacement: its type, spellings it stands for, mentions, the entity.

    One person has a row for each part of their name; `entity` is the same in all of them.
    """
    forms: dict[tuple[str, str, str], list[str]] = {}
    for finding in findings:
        if finding.replacement is not None:
            key = (finding.replacement, finding.entity_type.value, finding.entity)
            forms.setdefault(key, []).append(finding.text)
    return write_csv(
        ("replacement", "entity_type", "originals", "mentions", "entity"),
        [
            (replacement, entity_type, " | ".join(dict.fromkeys(texts)), len(texts), entity)
            for (replacement, entity_type, entity), texts in sorted(forms.items())
        ],
    )
