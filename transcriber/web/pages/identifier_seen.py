"""An identifier that was seen in a release: reported by number, looked at, recalled, told."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Response
from pydantic import BaseModel

from transcriber.api.results import attached
from transcriber.api.searching import searcher_of
from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import IN_WORDS, EntityType
from transcriber.services.review.redetect import Searcher
from transcriber.services.sightings.answer import dismiss, recall, reported_paragraph
from transcriber.services.sightings.incident import incident_note
from transcriber.services.sightings.report import known_sighting, report
from transcriber.services.sightings.shown import show_sighting, show_sightings
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_RELEASES)]
Listing = Annotated[Visit, visit_by(Permission.SEE_RECORDINGS)]
Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ)]
Reviewing = Annotated[Visit, visit_by(Permission.REVIEW)]
Auditing = Annotated[Visit, visit_by(Permission.SEE_AUDIT)]

STUDY = "/studies/{study_id}"
SEEN = f"{STUDY}/seen/{{sighting_id}}"


class Answer(BaseModel):
    """Which words identify somebody, by their number in the paragraph, or that none does."""

    then: Literal["recall", "nobody"] = "recall"
    word: frozenset[int] = frozenset()
    kind: EntityType = EntityType.PERSON


@router.post(f"{STUDY}/releases/{{release_id}}/seen")
def seen(
    visit: Seeing,
    study_id: str,
    release_id: str,
    paragraph: Annotated[str, Form(max_length=20)] = "",
    profile: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Report a paragraph of a release."""
    number = int(paragraph) if paragraph.strip().isdecimal() else 0
    place = f"{STUDY.format(study_id=study_id)}/releases/{release_id}"
    try:
        report(visit.store, visit.who.account_id, study_id, release_id, number, profile)
    except TranscriberError as error:
        if error.code != "no_paragraph":
            raise
        return see(f"{place}?no_paragraph#seen")
    return see(f"{place}?reported#seen")


@router.get(f"{STUDY}/seen")
def reports(visit: Listing, study_id: str) -> Response:
    """List what was reported in a study, and what came of it."""
    return visit.page(
        "seen_list.html",
        section="studies",
        study=show_study(visit.store, study_id),
        shown=show_sightings(visit.store, study_id),
        may_read=visit.who.may(Permission.HEAR_AND_READ, study_id),
        may_audit=visit.who.may(Permission.SEE_AUDIT, study_id),
    )


@router.get(SEEN)
def reported(visit: Reading, study_id: str, sighting_id: str) -> Response:
    """Show a report: its paragraph while it is open, and then the releases that hold it."""
    return _page(visit, study_id, sighting_id)


@router.post(SEEN)
def answer(
    visit: Reviewing,
    study_id: str,
    sighting_id: str,
    typed: Annotated[Answer, Form()],
    searcher: Annotated[Searcher, Depends(searcher_of)],
) -> Response:
    """Answer a report: recall what holds the words, or say that they identify nobody."""
    who = visit.who.account_id
    try:
        if typed.then == "nobody":
            dismiss(visit.store, who, study_id, sighting_id)
        else:
            recall(visit.store, who, study_id, sighting_id, typed.word, typed.kind)
    except TranscriberError as error:
        if error.code not in ("no_words", "answered"):
            raise
        return _page(visit, study_id, sighting_id, wrong=error.sentence)
    searcher.wake()
    return see(SEEN.format(study_id=study_id, sighting_id=sighting_id))


@router.get(f"{SEEN}/note")
def note(
    visit: Auditing,
    study_id: str,
    sighting_id: str,
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Download the incident note."""
    return attached(incident_note(visit.store, visit.who.account_id, study_id, sighting_id, kind))


def _page(visit: Visit, study_id: str, sighting_id: str, *, wrong: str = "") -> Response:
    sighting = known_sighting(visit.store, study_id, sighting_id)
    given: dict[str, Any] = {}
    if sighting.is_open:
        given["turn"] = reported_paragraph(visit.store, visit.who.account_id, sighting)
    return visit.page(
        "seen.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        shown=show_sighting(visit.store, sighting),
        kinds={kind.value: name for kind, name in IN_WORDS.items()},
        may_audit=visit.who.may(Permission.SEE_AUDIT, study_id),
        wrong=wrong,
        **given,
    )
