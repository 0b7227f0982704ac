"""How long a study keeps what identifies people: what is due, what forbids it, what is gone."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError
from transcriber.domain.retention import Due, Held
from transcriber.exports.destruction_text import BY, NO_KEY, WHAT, utc
from transcriber.exports.rights.withdrawal import KEY_WARNING
from transcriber.services.retention.certificate import certificate_of
from transcriber.services.retention.keeping import (
    Keeping,
    assess,
    keeping_of,
    lift_hold,
    place_hold,
)
from transcriber.services.studies import show_study
from transcriber.web.pages.account_names import account_names
from transcriber.web.pages.steps import steps_of
from transcriber.web.retention_words import in_words
from transcriber.web.visits import Visit, see, visit_by
from transcriber.web.words import day

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_RECORDINGS)]
Erasing = Annotated[Visit, visit_by(Permission.ERASE)]

PAGE = "/studies/{study_id}/retention"
SHOWN_CODES = 12
"""Of more recordings that are due on one day, only the number is told."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is destroyed on one day, in words, and of which recordings."""

    day: str
    what: str
    codes: tuple[str, ...]
    held: bool
    soon: bool


@router.get(PAGE)
def retention(visit: Seeing, study_id: str) -> Response:
    """Show what will be destroyed and when."""
    return _shown(visit, study_id)


@router.post(f"{PAGE}/holds")
def hold(
    visit: Erasing,
    study_id: str,
    reason: Annotated[str, Form()] = "",
    recording: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Place a legal hold on a recording, or on the whole study."""
    try:
        place_hold(visit.store, visit.who.account_id, study_id, recording or None, reason)
    except TranscriberError as error:
        return _shown(visit, study_id, wrong=error.sentence)
    return see(f"{PAGE.format(study_id=study_id)}#holds")


@router.post(f"{PAGE}/holds/{{hold_id}}/lift")
def lift(visit: Erasing, study_id: str, hold_id: str) -> Response:
    """Lift a legal hold."""
    lift_hold(visit.store, visit.who.account_id, study_id, hold_id)
    return see(f"{PAGE.format(study_id=study_id)}#holds")


@router.post(f"{PAGE}/assessment")
def assessment(visit: Erasing, study_id: str, grounds: Annotated[str, Form()] = "") -> Response:
    """Keep an assessment that nobody can be named any more."""
    try:
        assess(visit.store, visit.who.account_id, study_id, grounds)
    except TranscriberError as error:
        return _shown(visit, study_id, wrong=error.sentence)
    return see(f"{PAGE.format(study_id=study_id)}#gone")


@router.post(f"{PAGE}/certificate")
def certificate(visit: Erasing, study_id: str) -> Response:
    """Show the certificate of destruction, to be printed. That somebody took it is written down."""
    made = certificate_of(visit.store, visit.who.account_id, study_id)
    return visit.page(
        "certificate.html",
        section="studies",
        certificate=made,
        what=WHAT,
        by=BY,
        no_key=NO_KEY,
        utc=utc,
    )


def _shown(visit: Visit, study_id: str, *, wrong: str = "") -> Response:
    kept = keeping_of(visit.store, study_id)
    people = [hold.placed_by for hold in kept.holds] + [hold.lifted_by for hold in kept.holds]
    if kept.assessment is not None:
        people.append(kept.assessment.assessed_by)
    return visit.page(
        "study_retention.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        steps=steps_of(visit, study_id),
        kept=kept,
        days=_days(kept),
        key_due=any(each.held_thing is Held.KEY for each in kept.due),
        key_warning=KEY_WARNING,
        what=WHAT,
        by=BY,
        names=account_names(visit.store, people),
        may_hold=visit.who.may(Permission.ERASE, study_id),
        may_edit=visit.who.may(Permission.EDIT_STUDY, study_id),
        wrong=wrong,
    )


def _days(kept: Keeping) -> list[DueDay]:
    """Put together what is due on one day, apart from what a hold keeps."""
    of_day: defaultdict[tuple[str, bool], list[Due]] = defaultdict(list)
    for due in kept.due:
        of_day[day(due.due_at_ms), due.held].append(due)
    found = []
    for (when, held), together in of_day.items():
        codes = {kept.codes[due.subject_id] for due in together if due.subject_id in kept.codes}
        shown = tuple(sorted(codes))
        found.append(
            DueDay(
                when,
                in_words(together),
                shown if len(shown) <= SHOWN_CODES else (),
                held,
                together[0] in kept.soon,
            )
        )
    return found
