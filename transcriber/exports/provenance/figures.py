"""Numbers as a methods section writes them, never rounded to say more than is so."""

from collections.abc import Sequence


def share(part: int, whole: int) -> str:
    """Write a share in whole per cent; what is not all is never 100%, and what is some never 0%."""
    if not whole:
        return "none"
    if part >= whole:
        return "100%"
    rounded = round(100 * part / whole)
    if rounded == 100:
        return "more than 99%"
    return f"{rounded}%" if rounded or not part else "less than 1%"


def counted(number: int, one: str, many: str) -> str:
    """Write a number of things."""
    return f"{number:,} {one if number == 1 else many}"


def length(ms: int) -> str:
    """Write a length of time in hours and minutes, in seconds where it is short."""
    minutes = round(ms / 60_000)
    if not minutes:
        return counted(round(ms / 1000), "second", "seconds")
    if minutes < 60:
        return counted(minutes, "minute", "minutes")
    hours = counted(minutes // 60, "hour", "hours")
    rest = minutes % 60
    return f"{hours} {counted(rest, 'minute', 'minutes')}" if rest else hours


def listed(parts: Sequence[str]) -> str:
    """Join words: `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(sentence: str) -> str:
    """Begin with a capital."""
    return sentence[:1].upper() + sentence[1:]
