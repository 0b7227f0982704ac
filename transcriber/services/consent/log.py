"""Consents from a log, as people keep it: the lines, CSV or cells that the roster is read from too.

A header row says what each column is. What is not understood is told by the number of its line and
never guessed; what a line leaves empty stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from transcriber.domain.consent import Answer, Consent
from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Roster
from transcriber.services.consent.book import (
    ShownConsents,
    participant_label,
    put_consents,
    shown_consents,
)
from transcriber.services.consent_log import (
    MOST_CHARACTERS,
    Column,
    NotUnderstood,
    column_of,
    is_no,
    is_yes,
    rows_of_log,
)
from transcriber.services.speakers_file import participant_named, study_label
from transcriber.services.store import Store
from transcriber.services.studies import show_study

ANSWERED = (
    Column.RECORDED,
    Column.TRANSCRIBED,
    Column.QUOTED,
    Column.ARCHIVED,
    Column.VOICES,
)
"""Columns with a yes or no; each has the name of its field of a consent."""

_DATES = {"given_on": Column.GIVEN_ON, "withdraw_by": Column.WITHDRAW_BY}

_WHO = frozenset({Column.NAME, Column.FORENAME, Column.SURNAME, Column.LABEL})
_TELLS = frozenset(
    {*ANSWERED, Column.CONSENT, Column.RECORDING, Column.GIVEN_ON, Column.WITHDRAW_BY}
)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SPOKEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class LoggedConsents:
    """What a log says: consents as they would be kept, and lines that were not understood.

    `passed_over` are headings of columns that say nothing of consent.
    """

    consents: tuple[Consent, ...]
    not_understood: tuple[NotUnderstood, ...]
    passed_over: tuple[str, ...]


def read_consents(store: Store, study_id: str, text: str) -> LoggedConsents:
    """Read a pasted log. Nothing is kept.

    Raises UsageError `text_too_long`, and `no_header` where no row says what the columns are.
    """
    roster = show_study(store, study_id).agreed.roster
    return consents_in(text, roster, shown_consents(store, study_id))


def import_consents(store: Store, actor_id: str | None, study_id: str, text: str) -> LoggedConsents:
    """Keep what `read_consents` reads of a log, without the lines that are not understood.

    Audited. Raises what that and `put_consents` raise.
    """
    logged = read_consents(store, study_id, text)
    put_consents(store, actor_id, study_id, logged.consents)
    return logged


def consents_in(text: str, roster: Roster, known: ShownConsents) -> LoggedConsents:
    """Read a log with the people of a roster and what is kept already."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            "text_too_long", f"A consent log may have {MOST_CHARACTERS:,} characters. Paste less."
        )
    columns: Sequence[Column | None] | None = None
    passed_over: tuple[str, ...] = ()
    found: dict[tuple[str, str | None], Consent] = {}
    unclear: list[NotUnderstood] = []
    for line, cells in rows_of_log(text):
        if columns is None:
            columns = [column_of(cell) for cell in cells]
            if not _WHO & set(columns) or not _TELLS & set(columns):
                raise _no_header()
            passed_over = tuple(
                cell for cell, column in zip(cells, columns, strict=True) if cell and not column
            )
            continue
        try:
            consent = _Line(_held(cells, columns), roster, known).consent()
        except _Unclear as reason:
            unclear.append(NotUnderstood(line, str(reason)))
            continue
        which = consent.label, consent.recording_id
        if which in found:
            unclear.append(NotUnderstood(line, "This participant stands in the log twice."))
        else:
            found[which] = consent
    if columns is None:
        raise _no_header()
    return LoggedConsents(tuple(found.values()), tuple(unclear), passed_over)


class _Unclear(Exception):
    """Why a line is not understood; it never quotes the line."""


def _held(cells: Sequence[str], columns: Sequence[Column | None]) -> Mapping[Column, str]:
    held: dict[Column, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not None and cell:
            if column in held:
                raise _Unclear("Two columns say the same thing.")
            held[column] = cell
    return held


@dataclass(frozen=True)
class _Line:
    """A line by its columns, with the people and recordings that it may mean."""

    held: Mapping[Column, str]
    roster: Roster
    known: ShownConsents

    def consent(self) -> Consent:
        """Return what is kept of somebody with what the line says. Raises _Unclear."""
        said: dict[str, Any] = dict(self._answers())
        for field, column in _DATES.items():
            if column in self.held:
                said[field] = _date(self.held[column])
        if not said:
            raise _Unclear("It says nothing on consent to any of the five things.")
        consent = replace(self.known.of(self._label(), self._recording()), **said)
        given, until = consent.given_on, consent.withdraw_by
        if given and until and until < given:
            raise _Unclear("The day to withdraw by is before the day of the consent.")
        return consent

    def _answers(self) -> dict[str, Answer]:
        said = {column: self.held[column] for column in ANSWERED if column in self.held}
        about = self.held.get(Column.RECORDING, "")
        if (is_yes(about) or is_no(about)) and Column.RECORDED not in said:
            said[Column.RECORDED] = about
        answers = {column.value: _answer(cell) for column, cell in said.items()}
        if is_no(self.held.get(Column.CONSENT, "")):
            if Answer.AGREED in answers.values():
                raise _Unclear("It says no to all, and yes to one thing.")
            answers = {column.value: Answer.NOT_AGREED for column in ANSWERED}
        return answers

    def _label(self) -> str:
        parts = [self.held.get(Column.FORENAME, ""), self.held.get(Column.SURNAME, "")]
        name = self.held.get(Column.NAME) or " ".join(part for part in parts if part)
        named = participant_named(name, self.roster) if name else None
        typed = self.held.get(Column.LABEL)
        if typed is None and not name:
            raise _Unclear("There is no name and no label.")
        if typed is None:
            label = study_label(named)
            if named is None:
                raise _Unclear("Nobody on the roster has this name.")
            if label is None:
                raise _Unclear("This participant has no label. Give them one under People.")
            return label
        try:
            label = participant_label(typed)
        except UsageError:
            raise _Unclear("This is no label of a participant, such as P01.") from None
        if label not in {person.label for person in self.known.people}:
            raise _Unclear("Nobody has this label. Add them under People first.")
        if named is not None and study_label(named) != label:
            raise _Unclear("The name is that of another label.")
        return label

    def _recording(self) -> str | None:
        code = self.held.get(Column.RECORDING, "")
        if not code or is_yes(code) or is_no(code):
            return None
        ids = [
            id_ for id_, known in self.known.codes.items() if known.casefold() == code.casefold()
        ]
        if len(ids) != 1:
            raise _Unclear("The study has no recording of this code.")
        return ids[0]


def _answer(cell: str) -> Answer:
    if is_yes(cell):
        return Answer.AGREED
    if is_no(cell):
        return Answer.NOT_AGREED
    raise _Unclear("It says neither yes nor no where one of them is asked for.")


def _date(cell: str) -> date:
    """Read a date. What may be two days is refused: 03/04/2026 is read differently by people."""
    try:
        if iso := _ISO.fullmatch(cell):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if dotted := _DOTTED.fullmatch(cell):
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        if spoken := _SPOKEN.fullmatch(cell):
            month = _MONTHS.index(spoken[2][:3].casefold()) + 1
            return date(int(spoken[3]), month, int(spoken[1]))
        if slashed := _SLASHED.fullmatch(cell):
            one, other, year = (int(part) for part in slashed.groups())
            if one <= 12 and other <= 12 and one != other:
                raise _Unclear("A date may be two days. Write it as 2026-04-03.")
            day, month = (one, other) if other <= 12 else (other, one)
            return date(year, month, day)
    except ValueError:
        pass
    raise _Unclear("A date is not understood. Write it as 2026-04-03.")


def _no_header() -> UsageError:
    return UsageError(
        "no_header",
        "The first row has to say what the columns are: name or label, and some of recorded, "
        "transcribed, quoted, archived, voices, date, withdraw by.",
    )
