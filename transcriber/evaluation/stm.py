"""STM: utterances with speaker and times (NIST SCTK, sclite, appendix on file formats)."""

import re

from transcriber.domain.errors import InputError
from transcriber.evaluation.fields import only_one_recording, rows, seconds
from transcriber.evaluation.speech import Utterance

NOT_SCORED = "ignore_time_segment_in_scoring"
_CONDITIONS = re.compile(r"<[^\s<>]*>\s*")
_BEFORE_TEXT = 5


def read_stm(text: str) -> tuple[Utterance, ...]:
    """Read `file channel speaker start end [<conditions>] words`, sorted by start.

    Stretches that are not to be scored are left out. Raises InputError `bad_stm` or
    `several_recordings`.
    """
    found: list[tuple[int, Utterance]] = []
    files: set[str] = set()
    for row in rows(text):
        parts = row.split(maxsplit=_BEFORE_TEXT)
        try:
            file, _, speaker, start, _ = parts[:_BEFORE_TEXT]
            start_ms = seconds(start)
        except ValueError:
            raise InputError(
                "bad_stm",
                "A line of this STM file is not `file channel speaker start end words`. Correct "
                "it, or give the gold in another format.",
            ) from None
        files.add(file)
        said = _CONDITIONS.sub("", "".join(parts[_BEFORE_TEXT:]), count=1)
        if said.strip().lower() != NOT_SCORED:
            found.append((start_ms, Utterance(speaker, said)))
    only_one_recording(files)
    return tuple(utterance for _, utterance in sorted(found, key=lambda pair: pair[0]))
