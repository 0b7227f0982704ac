"""Reads timespans as NVivo writes them."""

import re
from collections.abc import Sequence

from tests.formats.generated import Generated


def check_timespans(spans: Sequence[str], case: Generated) -> None:
    for span, turn in zip(spans, case.turns, strict=True):
        match = re.fullmatch(r"(\d+):(\d\d):(\d\d)\.(\d) - (\d+):(\d\d):(\d\d)\.(\d)", span)
        assert match
        numbers = [int(number) for number in match.groups()]
        start, end = (
            ((hours * 60 + minutes) * 60 + seconds) * 1000 + tenths * 100
            for hours, minutes, seconds, tenths in (numbers[:4], numbers[4:])
        )
        assert start <= turn.start_ms < start + 100
        assert end - 100 < turn.end_ms <= end
