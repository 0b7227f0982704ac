"""The roster file: names that a study knows beforehand, in YAML, JSON or CSV."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from transcriber.domain.errors import RosterError
from transcriber.domain.roster import Participant, Roster
from transcriber.services.settings_file import parse_mapping, read_text, require_known
from transcriber.stages.words import plain, plain_words

LISTS = ("people", "places", "organisations", "keep")
FIELDS = ("participants", *LISTS)
PARTICIPANT_FIELDS = ("name", "label", "aliases", "pronoun", "pseudonym")
COLUMNS = (*PARTICIPANT_FIELDS, "kind")
KINDS = {
    "participant": "participants",
    "person": "people",
    "place": "places",
    "organisation": "organisations",
    "keep": "keep",
}
"""What the column `kind` of a CSV roster may say; an empty one means `participant`."""

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,31}")
"""Labels stand in brackets in every export, so they hold no brackets, colons or line breaks."""

LONGEST_PSEUDONYM = 60
PSEUDONYM = re.compile(r"[^\W\d_]+(?:[ '\u2019-][^\W\d_]+)*")
"""A chosen name stands bare in the text, so it looks like a name: words of letters."""


def load_roster(path: Path | str) -> Roster:
    """Read a roster; the ending of the file's name says which form it has.

    CSV has a header row with `name` and any of `label`, `aliases` (parted by semicolons),
    `pronoun`, `pseudonym`, `kind`. Raises RosterError with one sentence that never quotes a name.
    """
    path = Path(path)
    text = read_text(path, "roster", RosterError)
    if path.suffix.lower() == ".csv":
        fields = _from_csv(text)
    else:
        as_json = path.suffix.lower() == ".json"
        fields = parse_mapping(text, "roster", RosterError, as_json=as_json)
    return roster_of(fields)


def roster_of(fields: dict[str, Any]) -> Roster:
    """Make a roster of fields as the file has them.

    Raises RosterError with one sentence that never quotes a name.
    """
    require_known(fields, FIELDS, "the roster", RosterError)
    participants = tuple(
        _participant(entry, number)
        for number, entry in enumerate(_list(fields, "participants"), start=1)
    )
    _require_distinct(participants)
    roster = Roster(participants, *(tuple(_names(fields, name)) for name in LISTS))
    _require_invented(roster)
    return roster


def _participant(entry: Any, number: int) -> Participant:
    where = f"participant {number} of the roster"
    if isinstance(entry, str):
        return Participant(_name(entry, where))
    if not isinstance(entry, dict):
        raise RosterError(
            "not_a_participant", f"In {where}, a name or fields such as 'name' are expected."
        )
    require_known([str(key) for key in entry], PARTICIPANT_FIELDS, where, RosterError)
    if "name" not in entry:
        raise RosterError("no_name", f"In {where}, field 'name' is missing.")
    aliases = entry.get("aliases")
    if isinstance(aliases, str):
        aliases = [aliases]
    return Participant(
        name=_name(entry["name"], f"{where}, field 'name'"),
        label=_label(entry.get("label"), where),
        aliases=tuple(
            _name(alias, f"{where}, field 'aliases'")
            for alias in _list({"aliases": aliases}, "aliases", where)
        ),
        pronoun=_optional(entry.get("pronoun"), f"{where}, field 'pronoun'"),
        pseudonym=_pseudonym(entry.get("pseudonym"), where),
    )


def _label(value: Any, where: str) -> str | None:
    label = _optional(value, f"{where}, field 'label'")
    if label is not None and not LABEL.fullmatch(label):
        raise RosterError(
            "bad_label",
            f"In {where}, field 'label' may hold letters without accents, digits, spaces, hyphens "
            "and underscores only, 32 at most.",
        )
    return label


def _pseudonym(value: Any, where: str) -> str | None:
    chosen = _optional(value, f"{where}, field 'pseudonym'")
    if chosen is None:
        return None
    chosen = " ".join(chosen.split())
    if len(chosen) > LONGEST_PSEUDONYM or not PSEUDONYM.fullmatch(chosen):
        raise RosterError(
            "bad_pseudonym",
            f"In {where}, field 'pseudonym' may hold words of letters with apostrophes and hyphens "
            f"only, {LONGEST_PSEUDONYM} characters at most.",
        )
    return chosen


def _names(fields: dict[str, Any], field: str) -> Iterable[str]:
    for number, value in enumerate(_list(fields, field), start=1):
        yield _name(value, f"entry {number} of '{field}' in the roster")


def _list(fields: dict[str, Any], field: str, where: str = "the roster") -> list[Any]:
    value = fields.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RosterError("not_a_list", f"In {where}, field '{field}' must be a list.")
    return value


def _name(value: Any, where: str) -> str:
    """Return a name. One without a letter or digit would match nothing, and nobody would know."""
    if not isinstance(value, str):
        raise RosterError(
            "not_text", f"In {where}, text is expected; put it in quotation marks if it is a name."
        )
    if not plain(value):
        raise RosterError("empty_name", f"In {where}, the name is empty. Fill it in or remove it.")
    return " ".join(value.split())


def _optional(value: Any, where: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RosterError(
            "not_text", f"In {where}, text is expected; put the value in quotation marks."
        )
    return value.strip() or None


def _require_distinct(participants: Iterable[Participant]) -> None:
    by_label: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for number, participant in enumerate(participants, start=1):
        label = (participant.label or "").casefold()
        for key, seen, what in (
            (label, by_label, "label"),
            (plain(participant.name), by_name, "name"),
        ):
            if key and key in seen:
                raise RosterError(
                    f"same_{what}",
                    f"Participants {seen[key]} and {number} of the roster have the same {what}. "
                    f"Give each participant a {what} of their own.",
                )
            seen[key] = number


def _require_invented(roster: Roster) -> None:
    """Refuse a chosen name with a word of a real one, or of somebody else's chosen name."""
    real = {word for name in roster.names for word in plain_words(name)}
    owners: dict[str, int] = {}
    for number, participant in enumerate(roster.participants, start=1):
        for word in set(plain_words(participant.pseudonym or "")):
            if word in real:
                raise RosterError(
                    "pseudonym_is_real",
                    f"The pseudonym of participant {number} of the roster has a word in common "
                    "with a real name on the roster. Choose another one.",
                )
            if word in owners:
                raise RosterError(
                    "same_pseudonym",
                    f"The pseudonyms of participants {owners[word]} and {number} of the roster "
                    "have a word in common. Choose names that cannot be mixed up.",
                )
            owners[word] = number


def _from_csv(text: str) -> dict[str, Any]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    fields: dict[str, Any] = {name: [] for name in FIELDS}
    try:
        header = [(name or "").strip().casefold() for name in rows.fieldnames or ()]
        require_known(header, COLUMNS, "the header row of the roster", RosterError)
        if "name" not in header:
            raise RosterError("no_name", "The header row of the roster has no column 'name'.")
        rows.fieldnames = header
        for number, row in enumerate(rows, start=1):
            _add_row(fields, row, number)
    except csv.Error:
        raise RosterError(
            "not_valid", f"The roster file is not valid CSV at line {rows.line_num}."
        ) from None
    return fields


def _add_row(fields: dict[str, Any], row: dict[Any, Any], number: int) -> None:
    if None in row or None in row.values():
        raise RosterError(
            "not_valid", f"Row {number} of the roster has not as many cells as the header row."
        )
    kind = row.pop("kind", "").strip().casefold() or "participant"
    if kind not in KINDS:
        raise RosterError(
            "unknown_kind",
            f"In row {number} of the roster, 'kind' must be one of {', '.join(KINDS)}.",
        )
    if kind != "participant":
        fields[KINDS[kind]].append(row["name"])
        return
    aliases = [alias for alias in row.get("aliases", "").split(";") if alias.strip()]
    fields["participants"].append({**row, "aliases": aliases})
