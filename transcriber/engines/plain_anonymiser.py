"""Replacement by cutting the text, for processes that must begin at once and stay small.

Presidio's anonymizer does the same, and takes seconds and a library of tensors to be imported.
"""

from collections.abc import Sequence

from transcriber.domain.finding import Finding


class PlainAnonymiser:
    """Writes the replacement of each finding over its span, the last one first."""

    def replace(self, text: str, findings: Sequence[Finding]) -> str:
        """Return `text` with each finding's span replaced; one without a replacement stays."""
        pieces: list[str] = []
        end = len(text)
        for finding in sorted(findings, key=lambda finding: finding.start, reverse=True):
            if finding.replacement is not None and finding.start < finding.end:
                pieces += [text[finding.end : end], finding.replacement]
                end = finding.start
        pieces.append(text[:end])
        return "".join(reversed(pieces))
