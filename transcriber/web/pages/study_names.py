"""The names of a study: who takes part, who and what may be mentioned."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Participant
from transcriber.services.consent_log import ConsentLog, read_consent_log
from transcriber.services.studies import edit_roster, show_study
from transcriber.services.study_form import (
    QUESTIONS,
    form_of,
    names_in,
    participants_in,
    participants_typed,
    roster_from,
)
from transcriber.web.pages.steps import StepForm, after, step_page
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

Naming = Annotated[Visit, visit_by(Permission.EDIT_NAMES, logs=Action.VIEWED)]


class PeopleForm(StepForm):
    """What stands in the fields of people."""

    participants: str = ""
    children: str = ""
    partners: str = ""
    colleagues: str = ""
    people: str = ""
    consent_log: str = ""


class PlacesForm(StepForm):
    """What stands in the fields of places and organisations."""

    clinics: str = ""
    villages: str = ""
    keep: str = ""


@router.get("/studies/{study_id}/people")
def people(visit: Naming, study_id: str) -> Response:
    """Ask for the people who take part and who may be mentioned."""
    study = show_study(visit.store, study_id)
    known = form_of(study.agreed.roster)
    typed = PeopleForm(
        version=study.version,
        participants=participants_typed(known.participants),
        people="\n".join(known.people),
    )
    return step_page(visit, "people", typed=typed, questions=QUESTIONS, log=None)


@router.post("/studies/{study_id}/people")
def keep_people(visit: Naming, study_id: str, typed: Annotated[PeopleForm, Form()]) -> Response:
    """Keep them, or read a consent log into the fields first."""
    before = form_of(show_study(visit.store, study_id).agreed.roster)
    try:
        if typed.then == "try":
            log = read_consent_log(typed.consent_log)
            filled = _with_log(typed, log, before.participants)
            return step_page(visit, "people", typed=filled, questions=QUESTIONS, log=log)
        form = replace(
            before,
            participants=participants_in(typed.participants, before.participants),
            children=names_in(typed.children),
            partners=names_in(typed.partners),
            colleagues=names_in(typed.colleagues),
            people=names_in(typed.people),
        )
        roster = roster_from(form)
        edit_roster(visit.store, visit.who.account_id, study_id, roster, typed.version)
    except UsageError as error:
        return step_page(
            visit, "people", wrong=error.sentence, typed=typed, questions=QUESTIONS, log=None
        )
    return after(visit, "people", typed)


@router.get("/studies/{study_id}/places")
def places(visit: Naming, study_id: str) -> Response:
    """Ask for places and organisations, and for what may stay."""
    study = show_study(visit.store, study_id)
    known = form_of(study.agreed.roster)
    typed = PlacesForm(
        version=study.version,
        clinics="\n".join(known.clinics),
        villages="\n".join(known.villages),
        keep="\n".join(known.keep),
    )
    return step_page(visit, "places", typed=typed, questions=QUESTIONS)


@router.post("/studies/{study_id}/places")
def keep_places(visit: Naming, study_id: str, typed: Annotated[PlacesForm, Form()]) -> Response:
    """Keep places and organisations."""
    form = replace(
        form_of(show_study(visit.store, study_id).agreed.roster),
        clinics=names_in(typed.clinics),
        villages=names_in(typed.villages),
        keep=names_in(typed.keep),
    )
    try:
        roster = roster_from(form)
        edit_roster(visit.store, visit.who.account_id, study_id, roster, typed.version)
    except UsageError as error:
        return step_page(visit, "places", wrong=error.sentence, typed=typed, questions=QUESTIONS)
    return after(visit, "places", typed)


def _with_log(typed: PeopleForm, log: ConsentLog, before: tuple[Participant, ...]) -> PeopleForm:
    """Add what a log says to the fields, nobody twice; those who withdrew may still be named."""
    there = participants_in(typed.participants, before)
    known = {person.name for person in there}
    new = (person for person in log.participants if person.name not in known)
    others = names_in(typed.people)
    gone = (name for name in log.withdrawn if name not in others)
    return typed.model_copy(
        update={
            "participants": participants_typed((*there, *new)),
            "people": "\n".join((*others, *gone)),
            "consent_log": "",
        }
    )
