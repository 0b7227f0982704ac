"""Configuration files that people write: read safely, refused with a sentence that helps.

Field names may be quoted in a sentence, values never: they are people's names.
"""

import difflib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from transcriber.domain.errors import UsageError

Refusal = type[UsageError]


def read_text(path: Path, what: str, refusal: Refusal) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises `refusal` when it cannot be read; `what` names the kind of file, such as `roster`.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        sentence = f"The {what} file is not there. Check its path."
        code = "not_found"
    except UnicodeDecodeError:
        sentence = f"The {what} file is not text in UTF-8. Save it again as UTF-8."
        code = "not_utf8"
    except OSError:
        sentence = f"The {what} file cannot be read. Check that it is a file and who may read it."
        code = "not_readable"
    raise refusal(code, sentence)


def parse_mapping(text: str, what: str, refusal: Refusal, *, as_json: bool) -> dict[str, Any]:
    """Return the fields of a YAML or JSON file; an empty file has none.

    Raises `refusal` with the line when the text is not valid; never with what the line holds.
    """
    form = "JSON" if as_json else "YAML"
    line: int | None = None
    try:
        content = json.loads(text) if as_json else yaml.safe_load(text)
    except json.JSONDecodeError as error:
        line = error.lineno
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
    except (yaml.YAMLError, RecursionError, ValueError):
        line = 1
    if line is not None:
        raise refusal(
            "not_valid", f"The {what} file is not valid {form} at line {line}. Mend that line."
        )
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise refusal(
            "not_a_mapping",
            f"The {what} file must be a list of fields, each with a name and a colon.",
        )
    return {str(key): value for key, value in content.items()}


def require_known(
    fields: Collection[str], known: Collection[str], where: str, refusal: Refusal
) -> None:
    """Raise `refusal` for the first field that is not known, with the nearest one that is."""
    for field in fields:
        if field in known:
            continue
        near = difflib.get_close_matches(field.casefold(), [k.casefold() for k in known], n=1)
        guess = next((k for k in known if near and k.casefold() == near[0]), None)
        hint = f"did you mean '{guess}'?" if guess else f"known are {', '.join(sorted(known))}."
        # A field that resembles none may be a name in the wrong column, so it is not quoted.
        shown = f"field '{field}'" if guess else "a field"
        raise refusal("unknown_field", f"In {where}, {shown} is not known; {hint}")
