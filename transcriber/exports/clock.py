"""Times of a recording as files and reports write them."""


def clock(at_ms: int) -> str:
    """Write a time as hours, minutes and whole seconds, rounded down: `00:12:03`."""
    seconds = at_ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def exact_clock(at_ms: int, point: str = ".") -> str:
    """Write a time with its milliseconds, as subtitles do: `00:12:03.250`."""
    return f"{clock(at_ms)}{point}{at_ms % 1000:03d}"


def short_clock(length_ms: int) -> str:
    """Write a length, without hours where there are none."""
    hours, minutes, seconds = (
        length_ms // 3_600_000,
        length_ms // 60_000 % 60,
        length_ms // 1000 % 60,
    )
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def timespan(start_ms: int, end_ms: int) -> str:
    """Write a stretch as NVivo reads it, in tenths of a second: `0:02:00.0 - 0:10:00.0`.

    The start is rounded down and the end up, so that no word is left outside. Source: the NVivo
    help, "Import audio or video transcripts".
    """
    return f"{_tenths(start_ms // 100)} - {_tenths(-(-end_ms // 100))}"


def _tenths(tenths: int) -> str:
    seconds = tenths // 10
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{tenths % 10}"
