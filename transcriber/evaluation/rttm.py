"""RTTM: turns of speakers (NIST RT-09 evaluation plan, appendix A)."""

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Turn
from transcriber.evaluation.fields import only_one_recording, rows, seconds

_FIELDS = 8


def read_rttm(text: str) -> tuple[Turn, ...]:
    """Read the `SPEAKER` lines; other types of line are left out, and so are empty turns.

    Raises InputError `bad_rttm` or `several_recordings`.
    """
    turns: list[Turn] = []
    files: set[str] = set()
    for row in rows(text):
        kind, *fields = row.split()
        if kind != "SPEAKER":
            continue
        try:
            file, _, start, duration, _, _, speaker = fields[: _FIELDS - 1]
            start_ms = seconds(start)
            interval = Interval(start_ms, start_ms + seconds(duration))
        except ValueError:
            raise InputError(
                "bad_rttm",
                "A line of this RTTM file is not `SPEAKER file channel start duration <NA> <NA> "
                "speaker`. Correct it, or write it again with `transcriber diarise`.",
            ) from None
        files.add(file)
        if interval.duration_ms:
            turns.append(Turn(speaker, interval))
    only_one_recording(files)
    return tuple(turns)
