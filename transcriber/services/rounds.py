"""A round of sending: what is due is taken one by one, until nothing is or the round is over."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ROUND_S = 20.0
"""A round ends after that; what is left is sent in the next one."""


def send_in_round(take: Callable[[], T | None], send: Callable[[T], bool]) -> int:
    """Send what `take` gives, for at most `ROUND_S` seconds; return how much arrived."""
    arrived, ends_s = 0, time.monotonic() + ROUND_S
    while time.monotonic() < ends_s:
        taken = take()
        if taken is None:
            break
        arrived += send(taken)
    return arrived
