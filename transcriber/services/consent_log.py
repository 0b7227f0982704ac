"""A consent log, as people keep it, becomes participants of the roster.

It may be lines, CSV or what a spreadsheet puts on the clipboard (cells parted by tabs), with or
without a header row. What is not understood is told by the number of its line and never guessed.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Participant
from transcriber.services.roster_file import LABEL
from transcriber.stages.words import plain

MOST_CHARACTERS = 200_000
LONGEST_NAME_WORDS = 6


class Column(StrEnum):
    """What a column of the log can be; all that is not used is passed over."""

    NAME = "name"
    FORENAME = "forename"
    SURNAME = "surname"
    LABEL = "label"
    ALIASES = "aliases"
    PRONOUN = "pronoun"
    CONSENT = "consent"
    RECORDED = "recorded"
    TRANSCRIBED = "transcribed"
    QUOTED = "quoted"
    ARCHIVED = "archived"
    VOICES = "voices"
    RECORDING = "recording"
    GIVEN_ON = "given on"
    WITHDRAW_BY = "withdraw by"
    IGNORED = "ignored"


_HEADINGS = {
    Column.NAME: "name|full name|participant|participant name|participants|who|person",
    Column.FORENAME: "first name|forename|given name|christian name|first",
    Column.SURNAME: "surname|last name|family name|last",
    Column.LABEL: "id|participant id|participant number|study id|code|label|number|no|no.|pid",
    Column.ALIASES: "nickname|nicknames|known as|preferred name|called|also called|alias|aliases"
    "|other names",
    Column.PRONOUN: "pronoun|pronouns",
    Column.CONSENT: "consent|consented|consent given|agreed|signed|consent y/n",
    Column.RECORDED: "recorded|recording allowed|be recorded|to be recorded|audio recorded"
    "|consent to recording",
    Column.TRANSCRIBED: "transcribed|be transcribed|to be transcribed|transcription"
    "|consent to transcription",
    Column.QUOTED: "quoted|quotes|quotation|quotations|be quoted|to be quoted|consent to quotes",
    Column.ARCHIVED: "archived|archive|archiving|data archive|deposit|consent to archiving",
    Column.VOICES: "voices|voice comparison|voices compared|compare voices|voice print"
    "|voice prints",
    # The code of the one recording that a line is about; or, with yes and no, the first of these.
    Column.RECORDING: "recording|recording code|only in recording|only for recording",
    Column.GIVEN_ON: "date|date of consent|consent date|signed on|date signed|given on"
    "|consented on",
    Column.WITHDRAW_BY: "withdraw by|withdraw-by|withdraw until|can withdraw until"
    "|last day to withdraw|withdrawal date",
    Column.IGNORED: "email|e-mail|phone"
    "|telephone|mobile|address|postcode|notes|note|comments|comment|role|group|site|age|gender"
    "|researcher|taken by|form version|version|interview date|time",
}
_COLUMN_OF = {
    heading: column for column, headings in _HEADINGS.items() for heading in headings.split("|")
}

_NUMBERED = re.compile(r"^\s*(?:[-*\u2022]|\(?\d{1,4}[.)])\s+")
"""The bullet or number of a list, `1.` or `-`, which is no part of a name."""
_CODE = re.compile(r"(?:[A-Za-z]{1,4}[ _-]?\d{1,5}|\d{1,5})")
_LEADING_CODE = re.compile(rf"^({_CODE.pattern})[\s:,-]+(?=\D)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_SPOKEN_DATE = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?:\s+\d{2,4})?",
    re.IGNORECASE,
)
_YES = frozenset(
    {
        *("yes", "y", "true", "x", "ok", "signed", "consented", "agreed", "given"),
        *("ja", "j", "oui", "si", "s\u00ed", "\u2713", "\u2714"),
    }
)
_NO = frozenset(
    {
        *("no", "n", "false", "withdrawn", "withdrew", "refused", "declined", "revoked"),
        *("nein", "non", "\u2717", "\u2718"),
    }
)
_CONTACT = re.compile(r"\S+@\S+|\+?[\d ()/-]{6,}")
_OTHER_NAME = re.compile(r"[(\u201c\u2018\"]([^()\"\u201c\u201d\u2018\u2019]+)[)\u201d\u2019\"]")
_NAME = re.compile(r"[^\W\d_][^\d,;:<>@=/\\|{}\[\]]*")
_PRONOUN = re.compile(r"(?:he|she|they)(?:\s*/\s*(?:him|her|them|his|hers|theirs|they|she|he))*")


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line, counted from 1, and why it gave no participant."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConsentLog:
    """What a log says: who takes part, who does not or no more, and what was not understood.

    Whoever withdrew is still likely to be named by others, and so belongs on the roster as a
    person.
    """

    participants: tuple[Participant, ...]
    withdrawn: tuple[str, ...]
    not_understood: tuple[NotUnderstood, ...]


def read_consent_log(text: str) -> ConsentLog:
    """Read a pasted consent log. Raises UsageError where it is too long to be one."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            "text_too_long", f"A consent log may have {MOST_CHARACTERS:,} characters. Paste less."
        )
    participants: dict[str, Participant] = {}
    withdrawn: list[str] = []
    unclear: list[NotUnderstood] = []
    columns: Sequence[Column] | None = None
    for line, cells in rows_of_log(text):
        header = header_of(cells) if not participants and not withdrawn else None
        if header is not None:
            columns = header
            continue
        found = _by_heading(cells, columns) if columns else _by_looks(cells)
        if isinstance(found, str):
            unclear.append(NotUnderstood(line, found))
            continue
        person, takes_part = found
        if not takes_part:
            withdrawn.append(person.name)
        elif plain(person.name) in participants:
            unclear.append(NotUnderstood(line, "This name stands in the log twice."))
        elif _label_taken(person, participants.values()):
            unclear.append(NotUnderstood(line, "Somebody else has the same number or label."))
        else:
            participants[plain(person.name)] = person
    return ConsentLog(tuple(participants.values()), tuple(withdrawn), tuple(unclear))


def rows_of_log(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold anything, with their numbers, divided into cells."""
    lines = text.lstrip("\ufeff").splitlines()
    parted_by = next(
        (sign for sign in "\t;," if sum(sign in line for line in lines) * 2 > len(lines)), None
    )
    for number, line in enumerate(lines, start=1):
        cells = [line]
        if parted_by is not None:
            try:
                cells = next(csv.reader(io.StringIO(line), delimiter=parted_by), [])
            except csv.Error:
                cells = line.split(parted_by)
        cells = [" ".join(cell.split()) for cell in cells]
        if any(cells):
            yield number, cells


def header_of(cells: Sequence[str]) -> list[Column] | None:
    """Return the columns where a row is a header: it names the name, and nothing unknown first."""
    columns = [column_of(cell) for cell in cells]
    named = {Column.NAME, Column.FORENAME, Column.SURNAME} & set(columns)
    if not named or len(cells) == 1:
        return [Column.NAME] if len(cells) == 1 and named else None
    return [column or Column.IGNORED for column in columns]


def column_of(heading: str) -> Column | None:
    """Return what a heading calls a column, None where it is nothing that is known."""
    return _COLUMN_OF.get(heading.casefold().rstrip(":? ").strip())


Found = tuple[Participant, bool] | str
"""A person and whether they take part, or why there is none."""


def _by_heading(cells: Sequence[str], columns: Sequence[Column]) -> Found:
    held: dict[Column, list[str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell:
            held.setdefault(column, []).append(cell)
    parts = [*held.get(Column.FORENAME, ()), *held.get(Column.SURNAME, ())]
    name = " ".join(held.get(Column.NAME, ()) or parts)
    if not name:
        return "There is no name."
    aliases = [
        alias.strip() for cell in held.get(Column.ALIASES, ()) for alias in re.split("[;,/]", cell)
    ]
    label = next(iter(held.get(Column.LABEL, ())), None)
    pronoun = next(iter(held.get(Column.PRONOUN, ())), None)
    refused = any(is_no(cell) for cell in held.get(Column.CONSENT, ()))
    return _person(name, label, aliases, pronoun, takes_part=not refused)


def _by_looks(cells: Sequence[str]) -> Found:
    """Read a row without a header: cells tell by themselves what they are."""
    first, *rest = [cell for cell in cells if cell]
    label, first = _without_code(_NUMBERED.sub("", first))
    names: list[str] = []
    pronoun, takes_part = None, True
    for text in (first, *rest):
        if _CODE.fullmatch(text):
            label = label or text
        elif is_no(text):
            takes_part = False
        elif _PRONOUN.fullmatch(text.casefold()):
            pronoun = text
        elif not _says_nothing_of_names(text):
            names.append(text)
    if not names:
        return "There is no name."
    if len(names) == 2 and all(len(name.split()) == 1 for name in names):
        names = [f"{names[1]} {names[0]}"]  # Whitfield, Sarah
    if len(names) > 1:
        return "It is not clear which of these is the name. Add a header row, such as: name, label."
    return _person(names[0], label, (), pronoun, takes_part=takes_part)


def _without_code(text: str) -> tuple[str | None, str]:
    """Return the label that stands before a name, and the name: `P01 Sarah`."""
    leading = _LEADING_CODE.match(text)
    return (leading[1], text[leading.end() :]) if leading else (None, text)


def _person(
    name: str, label: str | None, aliases: Sequence[str], pronoun: str | None, *, takes_part: bool
) -> Found:
    others = [other.strip() for other in _OTHER_NAME.findall(name)]
    name = " ".join(_OTHER_NAME.sub(" ", name).split()).strip(" -:,.")
    if label is not None and not LABEL.fullmatch(label):
        return "The number or label has characters that cannot stand in a transcript."
    known = tuple(dict.fromkeys(alias for alias in (*others, *aliases) if alias))
    if not all(_is_name(each) for each in (name, *known)):
        return "This does not look like a name."
    return Participant(name, label, known, pronoun or None), takes_part


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and len(text.split()) <= LONGEST_NAME_WORDS


def is_no(text: str) -> bool:
    """Whether a cell says no in one of the words that people write."""
    return text.casefold().strip(" .") in _NO


def is_yes(text: str) -> bool:
    """Whether a cell says yes in one of the words that people write."""
    return text.casefold().strip(" .") in _YES


def _says_nothing_of_names(text: str) -> bool:
    return (
        is_yes(text)
        or bool(_DATE.fullmatch(text))
        or bool(_SPOKEN_DATE.fullmatch(text))
        or bool(_CONTACT.fullmatch(text))
    )


def _label_taken(person: Participant, others: Iterable[Participant]) -> bool:
    label = (person.label or "").casefold()
    return bool(label) and any((other.label or "").casefold() == label for other in others)
