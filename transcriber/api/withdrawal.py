"""Withdrawal of a participant: what it would do, doing it, and the receipts."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field, StringConstraints

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.results import attached
from transcriber.api.withdrawal_models import PreviewModel, ReceiptModel
from transcriber.domain.access import Permission, Principal
from transcriber.services.store import Store
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.receipt import receipt_of, receipts_of
from transcriber.services.withdrawal.receipt_file import receipt_file
from transcriber.services.withdrawal.withdraw import withdraw_participant

router = APIRouter(prefix="/studies/{study_id}/withdrawals", tags=["data protection"])
StoreOf = Annotated[Store, Depends(store_of)]
Withdraws = Annotated[Principal, Needs(Permission.ANSWER_REQUESTS)]
WithdrawalId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The withdrawal's id.")]
Label = Annotated[str, Field(max_length=63)]

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The receipt.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("text/html", "text/plain")
        },
    }
}


class Withdraw(Model):
    """Who withdraws, and the preview that somebody confirmed."""

    labels: list[Label] = Field(min_length=1, max_length=20)
    """Their labels as transcripts carry them, those of groups too, such as P03 and FG1_P2."""
    stamp: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    """`stamp` of the preview."""


@router.get("/preview", responses=problems())
def preview(
    study_id: StudyId,
    labels: Annotated[list[Label], Query(alias="label", min_length=1, max_length=20)],
    store: StoreOf,
    _: Withdraws,
) -> PreviewModel:
    """Show what a withdrawal of whoever has these labels would do. Nothing is changed."""
    return PreviewModel.of(preview_withdrawal(store, study_id, labels))


@router.post("", status_code=201, responses=problems(409, 412))
def withdraw(study_id: StudyId, body: Withdraw, store: StoreOf, who: Withdraws) -> ReceiptModel:
    """Take out all of a participant's contribution, and return the receipt. Nobody can undo this.

    412 `changed_meanwhile` where it would do another thing by now than the preview told.
    """
    done = withdraw_participant(store, who.account_id, study_id, body.labels, body.stamp)
    return ReceiptModel.of(done)


@router.get("", responses=problems())
def receipts(study_id: StudyId, store: StoreOf, _: Withdraws) -> list[ReceiptModel]:
    """List the receipts of a study, the oldest first. They name nobody."""
    return [ReceiptModel.of(each) for each in receipts_of(store, study_id)]


@router.get("/{withdrawal_id}", responses=problems())
def receipt(
    study_id: StudyId, withdrawal_id: WithdrawalId, store: StoreOf, _: Withdraws
) -> ReceiptModel:
    """Show a receipt, also while the withdrawal goes on."""
    return ReceiptModel.of(receipt_of(store, study_id, withdrawal_id))


@router.get("/{withdrawal_id}/receipt", response_class=Response, responses={**problems(), **_FILE})
def as_file(
    study_id: StudyId,
    withdrawal_id: WithdrawalId,
    store: StoreOf,
    _: Withdraws,
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Return a receipt to print, sign and hand over."""
    return attached(receipt_file(store, study_id, withdrawal_id, kind))
