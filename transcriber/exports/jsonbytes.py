"""JSON as bytes, and JSON from people's files."""

import json
from typing import NoReturn

from transcriber.domain.errors import InputError


def dump(value: object) -> bytes:
    """Write UTF-8 JSON with a final line feed; the same value gives the same bytes.

    Lone surrogates, which a hand-made file may hold, are written as escapes. Raises ValueError for
    numbers that JSON does not know.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        return text.encode()
    except UnicodeEncodeError:
        return (json.dumps(value, indent=2, allow_nan=False) + "\n").encode()


def load(text: str) -> object:
    """Read JSON. Raises InputError `bad_json` when it is not."""
    try:
        value: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise bad_json() from None
    return value


def bad_json() -> InputError:
    """Return the error for text that is not JSON."""
    return InputError(
        "bad_json",
        "This file does not hold valid JSON, so nothing was read. Export it again.",
    )


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
