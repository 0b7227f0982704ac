"""Short texts that people type: names of studies, of people and of places."""

import unicodedata

from transcriber.domain.errors import UsageError


def require_text(value: str, longest: int, what: str) -> str:
    """Return what somebody typed. Raises UsageError where it is empty, too long or unprintable."""
    if not value.strip():
        raise UsageError("empty_name", f"{what} is empty. Write something.")
    if len(value) > longest:
        raise UsageError("name_too_long", f"{what} has more than {longest} characters.")
    if not is_shown(value):
        raise UsageError("bad_name", f"{what} has characters that cannot be shown. Type it anew.")
    return value


def is_shown(value: str) -> bool:
    """Whether a text has no control characters and no halves of characters (surrogates)."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value)
