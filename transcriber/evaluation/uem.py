"""UEM: the stretches of a recording that are scored (NIST RT-09 evaluation plan)."""

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.evaluation.fields import only_one_recording, rows, seconds

_FIELDS = 4


def read_uem(text: str) -> tuple[Interval, ...]:
    """Read `file channel start end`. Raises InputError `bad_uem` or `several_recordings`."""
    stretches: list[Interval] = []
    files: set[str] = set()
    for row in rows(text):
        try:
            file, _, start, end = row.split()[:_FIELDS]
            stretches.append(Interval(seconds(start), seconds(end)))
        except ValueError:
            raise InputError(
                "bad_uem",
                "A line of the UEM file beside the gold is not `file channel start end`. Correct "
                "it, or take the file away to score the whole recording.",
            ) from None
        files.add(file)
    only_one_recording(files)
    return tuple(stretches)
