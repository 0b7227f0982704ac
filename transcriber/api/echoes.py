"""What others said that may repeat what a participant withdrew: listed and decided, by place."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.echo import EchoVerdict, Ground
from transcriber.services.store import Store
from transcriber.services.withdrawal.echoes import (
    EchoState,
    ShownEcho,
    decide_echo,
    echoes_to_decide,
)

router = APIRouter(prefix="/studies/{study_id}/echoes", tags=["data protection"])
StoreOf = Annotated[Store, Depends(store_of)]
EchoId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The echo's id.")]


class EchoModel(Model):
    """A place that may repeat what was withdrawn, without a word of it."""

    id: str
    withdrawal_id: str
    recording_id: str
    first: str
    """The id of its first word."""
    last: str
    """The id of its last word."""
    start_ms: int | None
    """Null where the words are not in the transcript any more."""
    end_ms: int | None
    ground: Ground
    """Whether it repeats words of theirs, refers back to them, names them, or answers at once."""
    shared: int
    """How many words both used."""
    state: EchoState
    decided_at_ms: int | None

    @classmethod
    def of(cls, shown: ShownEcho) -> "EchoModel":
        """Write one."""
        stored, passage = shown.stored, shown.passage
        return cls(
            id=stored.id,
            withdrawal_id=stored.withdrawal_id,
            recording_id=stored.recording_id,
            first=stored.echo.first,
            last=stored.echo.last,
            start_ms=None if passage is None else passage.start_ms,
            end_ms=None if passage is None else passage.end_ms,
            ground=stored.echo.ground,
            shared=stored.echo.shared,
            state=shown.state,
            decided_at_ms=stored.decided_at_ms,
        )


class EchoDecisionModel(Model):
    """What becomes of it."""

    verdict: EchoVerdict


@router.get("", responses=problems())
def list_(
    study_id: StudyId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_RECORDINGS)],
) -> list[EchoModel]:
    """List them: what nobody decided on first, then by recording."""
    return [EchoModel.of(each) for each in echoes_to_decide(store, study_id)]


@router.put("/{echo_id}", responses=problems(409))
def decide(
    study_id: StudyId,
    echo_id: EchoId,
    body: EchoDecisionModel,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.REVIEW)],
) -> EchoModel:
    """Withhold it, as a decision of checking that can be undone, or say that it may stay."""
    decide_echo(store, who.account_id, study_id, echo_id, body.verdict)
    found = echoes_to_decide(store, study_id)
    return next(EchoModel.of(each) for each in found if each.stored.id == echo_id)
