"""Gold mentions of identifiers: a JSON list beside the text that it refers to."""

from collections.abc import Mapping

from transcriber.domain.errors import InputError
from transcriber.evaluation.redaction import Identifies, Mention


def read_gold_mentions(value: object, text: str) -> tuple[Mention, ...]:
    """Read a list of `{start, end, type, class, text}`; `text` may be left out.

    Raises InputError `bad_gold` when a field is missing or wrong, or a stretch is not in the text,
    holds neither letter nor digit, or is not the `text` it says.
    """
    try:
        if not isinstance(value, list):
            raise TypeError
        return tuple(_mention(entry, text) for entry in value)
    except (KeyError, TypeError, ValueError):
        raise InputError(
            "bad_gold",
            "The gold is not a list of {start, end, type, class, text} that fits the text file "
            "beside it. Correct it; docs/evaluation.md describes it.",
        ) from None


def _mention(entry: Mapping[str, object], text: str) -> Mention:
    start, end, entity_type = entry["start"], entry["end"], entry["type"]
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(entity_type, str)):
        raise TypeError
    stretch = text[start:end] if 0 <= start < end <= len(text) else ""
    if not any(map(str.isalnum, stretch)) or entry.get("text", stretch) != stretch:
        raise ValueError
    return Mention(start, end, entity_type, Identifies(str(entry["class"])))
