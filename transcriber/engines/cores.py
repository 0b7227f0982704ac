"""How many processors there are to compute with."""

import os


def cores() -> int:
    """Return the processors that this process may use, which can be fewer than there are."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(allowed(0)) if allowed else os.cpu_count() or 1
