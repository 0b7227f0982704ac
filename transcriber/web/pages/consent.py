"""What each participant agreed to: people and five things, changed one by one or from a log."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.consent import Answer, Consent, ConsentTo
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.exports.consent_words import ANSWERS, ANY_TIME, HEADINGS, day, withdraw_by_sentence
from transcriber.services.consent.book import participant_label, put_consents, shown_consents
from transcriber.services.consent.log import LoggedConsents, import_consents, read_consents
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

PAGE = "/studies/{study_id}/consent"

Seeing = Annotated[Visit, visit_by(Permission.SEE_NAMES, logs=Action.VIEWED)]
Keeping = Annotated[Visit, visit_by(Permission.ANSWER_REQUESTS, logs=Action.VIEWED)]


class ConsentForm(BaseModel):
    """What is typed of one person; dates as they were typed."""

    label: str = ""
    recording: str = ""
    recorded: Answer = Answer.NOT_ON_RECORD
    transcribed: Answer = Answer.NOT_ON_RECORD
    quoted: Answer = Answer.NOT_ON_RECORD
    archived: Answer = Answer.NOT_ON_RECORD
    voices: Answer = Answer.NOT_ON_RECORD
    given_on: str = ""
    withdraw_by: str = ""

    def consent(self) -> Consent:
        """Return what was typed. Raises UsageError for a label or a date that is none."""
        return Consent(
            participant_label(self.label),
            self.recording or None,
            self.recorded,
            self.transcribed,
            self.quoted,
            self.archived,
            self.voices,
            _date(self.given_on),
            _date(self.withdraw_by),
        )

    @classmethod
    def of(cls, consent: Consent) -> "ConsentForm":
        """Return the form filled in with what is kept."""
        return cls(
            label=consent.label,
            recording=consent.recording_id or "",
            recorded=consent.recorded,
            transcribed=consent.transcribed,
            quoted=consent.quoted,
            archived=consent.archived,
            voices=consent.voices,
            given_on=consent.given_on.isoformat() if consent.given_on else "",
            withdraw_by=consent.withdraw_by.isoformat() if consent.withdraw_by else "",
        )


class LogForm(BaseModel):
    """A log that was pasted, to be read first and then kept."""

    log: str = ""
    then: Literal["read", "keep"] = "read"


@router.get(PAGE)
def consent(
    visit: Seeing,
    study_id: str,
    label: Annotated[str, Query(max_length=63)] = "",
    recording: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Show what everybody agreed to, and the form of one of them where a label is asked for."""
    typed = ConsentForm()
    if label:
        typed = ConsentForm.of(shown_consents(visit.store, study_id).of(label, recording or None))
    return _page(visit, study_id, typed)


@router.post(PAGE)
def keep(visit: Keeping, study_id: str, typed: Annotated[ConsentForm, Form()]) -> Response:
    """Keep what one of them agreed to."""
    try:
        put_consents(visit.store, visit.who.account_id, study_id, [typed.consent()])
    except TranscriberError as error:
        return _page(visit, study_id, typed, wrong=error.sentence)
    return see(f"{PAGE.format(study_id=study_id)}?saved")


@router.post(f"{PAGE}/log")
def log(visit: Keeping, study_id: str, pasted: Annotated[LogForm, Form()]) -> Response:
    """Show what a log says and, once that was looked at, keep it."""
    try:
        if pasted.then == "keep":
            import_consents(visit.store, visit.who.account_id, study_id, pasted.log)
            return see(f"{PAGE.format(study_id=study_id)}?saved")
        logged = read_consents(visit.store, study_id, pasted.log)
    except TranscriberError as error:
        return _page(visit, study_id, ConsentForm(), pasted=pasted.log, wrong=error.sentence)
    return _page(visit, study_id, ConsentForm(), pasted=pasted.log, logged=logged)


def _page(
    visit: Visit,
    study_id: str,
    typed: ConsentForm,
    *,
    pasted: str = "",
    logged: LoggedConsents | None = None,
    wrong: str = "",
) -> Response:
    shown = shown_consents(visit.store, study_id)
    today = datetime.now().astimezone().date()
    return visit.page(
        "consent.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        shown=shown,
        to=tuple(ConsentTo),
        things=HEADINGS,
        answers=ANSWERS,
        day=day,
        told_until=lambda consent: withdraw_by_sentence(consent, today),
        any_time=ANY_TIME,
        typed=typed,
        pasted=pasted,
        logged=logged,
        may_change=visit.who.may(Permission.ANSWER_REQUESTS, study_id),
        may_edit=visit.who.may(Permission.EDIT_STUDY, study_id),
        saved="saved" in visit.request.query_params,
        wrong=wrong,
    )


def _date(typed: str) -> date | None:
    text = typed.strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            "bad_dates", "Write a date as 2027-03-31, or leave the field empty."
        ) from None
