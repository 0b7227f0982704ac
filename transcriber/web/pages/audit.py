"""What was done, by whom and when: of a study for those who manage it, of the service for IT."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.audit_words import DONE, GROUPS
from transcriber.services.audit import Event, Wanted, codes_of, find_events
from transcriber.services.members import list_members
from transcriber.services.studies import show_study
from transcriber.web.pages.account_names import account_names
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

PAGE = 100
ACCOUNTS = frozenset({Action.MEMBER_ADDED, Action.ROLE_CHANGED, Action.MEMBER_REMOVED}) | frozenset(
    action for action in Action if action.startswith("account_")
)
"""Of these the subject is an account."""


class Asked(BaseModel):
    """Which events are asked for; days as a browser sends them, empty where none was chosen."""

    what: str = ""
    who: str = ""
    first_day: str = ""
    last_day: str = ""
    before: int | None = None

    def wanted(self, study_id: str | None) -> Wanted:
        """Return what that means, of a study or of the service. Raises UsageError `bad_day`."""
        until = _day_ms(self.last_day, further=1)
        wanted = Wanted(study_id, study_id is None, _day_ms(self.first_day), until)
        actions = GROUPS[self.what][1] if self.what in GROUPS else None
        return replace(wanted, actions=actions, actor_id=self.who or None)


@dataclass(frozen=True, slots=True)
class Line:
    """An event in words; `code` and `whom` are empty where it was done to no recording, nobody."""

    number: int
    at_ms: int
    who: str
    done: str
    recording_id: str | None
    code: str
    whom: str


@router.get("/studies/{study_id}/audit")
def of_study(
    visit: Annotated[Visit, visit_by(Permission.SEE_AUDIT)],
    study_id: str,
    asked: Annotated[Asked, Query()],
) -> Response:
    """Show what was done in a study."""
    people = {each.account.id: each.account.name for each in list_members(visit.store, study_id)}
    study = show_study(visit.store, study_id)
    return _page(visit, asked, people, study_id, title=study.name, above=f"/studies/{study_id}")


@router.get("/admin/audit")
def of_service(
    visit: Annotated[Visit, visit_by(Permission.MANAGE_SERVICE)],
    asked: Annotated[Asked, Query()],
) -> Response:
    """Show what was done outside studies: ways in, accounts, the master key."""
    return _page(visit, asked, {}, None, title="Service", above="/admin")


def _page(  # what both pages say differently
    visit: Visit,
    asked: Asked,
    people: Mapping[str, str],
    study_id: str | None,
    *,
    title: str,
    above: str,
) -> Response:
    wrong, found = "", tuple[Event, ...]()
    try:
        found = find_events(visit.store, asked.wanted(study_id), before=asked.before, limit=PAGE)
    except UsageError as error:
        wrong = error.sentence
    older = {**asked.model_dump(exclude={"before"}), "before": found[-1].number} if found else {}
    return visit.page(
        "audit.html",
        status=422 if wrong else 200,
        section="studies" if study_id else "admin",
        title=title,
        above=above,
        asked=asked,
        people=people,
        groups={code: name for code, (name, _) in GROUPS.items()},
        lines=_lines(visit, study_id, found),
        older=urlencode(older) if len(found) == PAGE else "",
        study_id=study_id,
        wrong=wrong,
    )


def _lines(visit: Visit, study_id: str | None, found: Iterable[Event]) -> tuple[Line, ...]:
    told = tuple(found)
    ids = {one.event.recording_id for one in told if one.event.recording_id}
    codes = codes_of(visit.store, study_id, ids) if study_id and ids else {}
    whom = {one.event.subject_id for one in told if one.event.action in ACCOUNTS}
    names = account_names(visit.store, {one.event.actor_id for one in told} | whom)
    return tuple(
        Line(
            one.number,
            one.at_ms,
            names[one.event.actor_id],
            DONE.get(Action(one.event.action), one.event.action),
            one.event.recording_id,
            codes.get(one.event.recording_id or "", ""),
            names[one.event.subject_id] if one.event.action in ACCOUNTS else "",
        )
        for one in told
    )


def _day_ms(text: str, further: int = 0) -> int | None:
    """Return when a day of the server's time zone begins, `further` days later."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=further)
        return round(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError):
        raise UsageError("bad_day", "Write the day as year, month, day: 2026-11-27.") from None
