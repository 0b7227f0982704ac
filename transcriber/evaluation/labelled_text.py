"""Plain text, with `LABEL:` at the start of a turn where somebody wrote it so."""

import re

from transcriber.domain.redacted import Checked
from transcriber.domain.transcript import SPEAKER_LABEL
from transcriber.evaluation.speech import Utterance

_LABELLED = re.compile(rf"({SPEAKER_LABEL.pattern}):(?:\s+(.*))?")


def read_labelled_text(text: str) -> tuple[Utterance, ...]:
    """Read one utterance a line.

    When the first line of talk begins with a label in capitals and a colon, every such label is a
    speaker and not a word; a line without one goes on with the speaker before. The first line is
    left out when it says whether a person has checked the file.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith(tuple(checked.value for checked in Checked)):
        del lines[0]
    if not (lines and _LABELLED.fullmatch(lines[0])):
        return tuple(Utterance(None, line) for line in lines)
    utterances: list[Utterance] = []
    speaker = ""
    for line in lines:
        match = _LABELLED.fullmatch(line)
        speaker = match[1] if match else speaker
        utterances.append(Utterance(speaker, (match[2] or "") if match else line))
    return tuple(utterances)
