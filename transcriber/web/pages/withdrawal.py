"""A participant withdraws: who, what would be taken out, confirmed by typing, and the receipt."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.domain.participation import is_participant
from transcriber.exports.rights.withdrawal import preview_sections, receipt_sections
from transcriber.services.speakers_file import study_label
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.receipt import receipt_of, receipts_of
from transcriber.services.withdrawal.withdraw import withdraw_participant
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Withdrawing = Annotated[Visit, visit_by(Permission.ANSWER_REQUESTS)]

PAGE = "/studies/{study_id}/withdrawal"
LONGEST = 1000


@router.get(PAGE)
def choose(
    visit: Annotated[Visit, visit_by(Permission.ANSWER_REQUESTS, Action.VIEWED)], study_id: str
) -> Response:
    """Ask who withdraws, and list the receipts of those who did."""
    return _chosen(visit, study_id)


@router.post(f"{PAGE}/preview")
def preview(
    visit: Withdrawing,
    study_id: str,
    who: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Show what a withdrawal would do. No address holds what was typed: it may be a name."""
    try:
        return _preview(visit, study_id, _asked(who))
    except UsageError as error:
        return _chosen(visit, study_id, typed=who, wrong=error.sentence)


@router.post(PAGE)
def withdraw(
    visit: Withdrawing,
    study_id: str,
    who: Annotated[str, Form(max_length=LONGEST)] = "",
    stamp: Annotated[str, Form(max_length=64)] = "",
    typed: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Take out all that is theirs, once their labels were typed again."""
    asked = _asked(who)
    if sorted(_asked(typed)) != sorted(asked):
        wrong = "This is not the label that stands above. Nothing was changed."
        return _preview(visit, study_id, asked, wrong=wrong)
    try:
        done = withdraw_participant(visit.store, visit.who.account_id, study_id, asked, stamp)
    except UsageError as error:
        if error.code in ("no_such_participant", "leads_talk", "two_participants"):
            return _chosen(visit, study_id, typed=who, wrong=error.sentence)
        return _preview(visit, study_id, asked, wrong=error.sentence)
    except TranscriberError:
        # It was begun and goes on by itself; its receipt says how far it is.
        return see(f"{PAGE.format(study_id=study_id)}#receipts")
    return see(f"{PAGE.format(study_id=study_id)}/{done.id}")


@router.get(f"{PAGE}/{{withdrawal_id}}")
def receipt(visit: Withdrawing, study_id: str, withdrawal_id: str) -> Response:
    """Show a receipt."""
    told = receipt_of(visit.store, study_id, withdrawal_id)
    return visit.page(
        "withdrawal_receipt.html",
        section="studies",
        study=show_study(visit.store, study_id),
        receipt=told,
        sections=receipt_sections(told),
    )


def _asked(labels: str) -> list[str]:
    return list(dict.fromkeys(labels.replace(",", " ").upper().split()))


def _chosen(visit: Visit, study_id: str, *, typed: str = "", wrong: str = "") -> Response:
    study = show_study(visit.store, study_id)
    return visit.page(
        "withdrawal.html",
        status=422 if wrong else 200,
        section="studies",
        study=study,
        participants=[
            (label, each.name)
            for each in study.agreed.roster.participants
            if (label := study_label(each)) is not None and is_participant(label)
        ],
        receipts=receipts_of(visit.store, study_id),
        typed=typed,
        wrong=wrong,
    )


def _preview(visit: Visit, study_id: str, labels: list[str], *, wrong: str = "") -> Response:
    told = preview_withdrawal(visit.store, study_id, labels)
    return visit.page(
        "withdrawal_preview.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        preview=told,
        sections=preview_sections(told),
        labels=", ".join(told.labels),
        wrong=wrong,
    )
