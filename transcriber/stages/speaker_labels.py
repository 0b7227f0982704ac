"""Speaker labels that name nobody: codes and roles at the start of a line, before a colon."""

import re
from collections.abc import Iterator

_ROLES = (
    "int interviewer interviewee mod moderator fac facilitator co-facilitator host guest presenter "
    "researcher res respondent resp participant part speaker spk voice unk unknown all several "
    "observer obs note-taker transcriber male female man woman mother father q a i r p s fg m f"
)
CODE_LABEL = re.compile(
    rf"^[ \t]*(?:\[[\d:.]+\][ \t]*)?({'|'.join(sorted(_ROLES.split(), key=len, reverse=True))}|"
    r"[A-Z]{1,4}(?=[ _-]?\d))(?:[ _-]?[A-Z]?\d{1,3}(?:_[A-Z]?\d{1,3})?)?"
    r"[ \t]*(?:\([\d:.]+\)[ \t]*)?(?=[:\t])",
    re.MULTILINE | re.IGNORECASE,
)
"""`INT:`, `P01:`, `FG1_P3:`, `Speaker 2:`, `[00:01:02] Q:`; a name before a colon is none."""


def label_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretch of each label that is a code or a role; no finding lies inside one."""
    for match in CODE_LABEL.finditer(text):
        yield match.span()
