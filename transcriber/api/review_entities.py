"""The names of a study, decided once for all recordings, and its recording checked first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.review_models import BatchId
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.edit import EntityDecided, Verdict
from transcriber.domain.finding import EntityType
from transcriber.services.review.decide import LONGEST_TEXT
from transcriber.services.review.entities import StudyEntity, study_entities
from transcriber.services.review.first_recording import confirm_names, first_recording
from transcriber.services.review.for_study import (
    decide_entity,
    never_redact,
    put_on_roster,
    undo_entity,
)
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["review"])
StoreOf = Annotated[Store, Depends(store_of)]
Looks = Annotated[Principal, Needs(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Reviews = Annotated[Principal, Needs(Permission.REVIEW)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class EntityDecisionModel(Model):
    """What is decided on all mentions of an entity, in all recordings of the study."""

    entity_type: EntityType
    entity: Name
    verdict: Verdict
    new_type: EntityType | None = None
    replacement: Name | None = None
    never_redact: Name | None = None
    """With `reject`: this name joins those that the study never takes out."""
    batch_id: BatchId | None = None
    """An id of the sender's choosing: sent again, the decision is made once."""
    to_roster: Name | None = None
    """With `accept`: this name joins the study's roster of names."""


class DecidedModel(Model):
    """The decision that was made; its id undoes it."""

    id: str


class EntityInRecordingModel(Model):
    """How often an entity is mentioned in a recording."""

    recording_id: str
    code: str
    mentions: int
    undecided: int


class StudyEntityModel(Model):
    """A person, place, organisation or number with all its mentions."""

    entity_type: EntityType
    entity: str
    name: str
    mentions: int
    spellings: list[str]
    by_sound: int
    replacements: list[str]
    recordings: list[EntityInRecordingModel]
    states: dict[str, int]
    doubt: float
    verdict: Verdict | None
    """The standing decision for the study, None where there is none."""
    decision_id: str | None

    @classmethod
    def of(cls, found: StudyEntity) -> "StudyEntityModel":
        """Describe an entity."""
        return cls(
            entity_type=found.entity_type,
            entity=found.entity,
            name=found.name,
            mentions=found.mentions,
            spellings=list(found.spellings),
            by_sound=found.by_sound,
            replacements=list(found.replacements),
            recordings=[
                EntityInRecordingModel(
                    recording_id=each.recording_id,
                    code=each.code,
                    mentions=each.mentions,
                    undecided=each.undecided,
                )
                for each in found.recordings
            ],
            states={state.value: count for state, count in found.states.items()},
            doubt=found.doubt,
            verdict=found.decided.edit.verdict if found.decided else None,
            decision_id=found.decided.id if found.decided else None,
        )


class FirstRecordingModel(Model):
    """The recording that is checked alone, until its names are confirmed."""

    recording_id: str
    code: str
    name: str | None
    """Who began with it."""
    confirmed: bool


class LearntModel(Model):
    """The names that the study learnt."""

    names: list[str]


@router.get("/entities", responses=problems())
def list_entities(study_id: StudyId, store: StoreOf, _: Looks) -> list[StudyEntityModel]:
    """List all names and numbers of a study with their mentions, the doubtful first: private."""
    return [StudyEntityModel.of(found) for found in study_entities(store, study_id)]


@router.post("/entities/decisions", responses=problems(409, 412))
def decide(
    study_id: StudyId, body: EntityDecisionModel, store: StoreOf, who: Reviews
) -> DecidedModel:
    """Decide on all mentions of an entity, in all recordings and in those that are yet to come."""
    edit = EntityDecided(
        body.entity_type, body.entity, body.verdict, body.new_type, body.replacement
    )
    decision = decide_entity(store, who.account_id, study_id, edit, body.batch_id)
    if body.never_redact and body.verdict is Verdict.REJECT:
        never_redact(store, who.account_id, study_id, body.never_redact)
    if body.to_roster and body.verdict is not Verdict.REJECT:
        names = {body.new_type or body.entity_type: (body.to_roster,)}
        put_on_roster(store, who.account_id, study_id, names)
    return DecidedModel(id=decision.id)


@router.post("/entities/decisions/{decision_id}/undo", status_code=204, responses=problems(409))
def undo(
    study_id: StudyId,
    decision_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The decision's id.")],
    store: StoreOf,
    who: Reviews,
) -> None:
    """Take a decision for the study back, in all its recordings at once."""
    undo_entity(store, who.account_id, study_id, decision_id)


@router.get("/first-recording", responses=problems())
def first(
    study_id: StudyId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_RECORDINGS)],
) -> FirstRecordingModel | None:
    """Tell with which recording the checking of a study began, null before it does."""
    found = first_recording(store, study_id)
    if found is None:
        return None
    return FirstRecordingModel(
        recording_id=found.recording_id,
        code=found.code,
        name=found.name,
        confirmed=found.confirmed,
    )


@router.post("/first-recording/confirm", responses=problems(409, 412))
def confirm(study_id: StudyId, store: StoreOf, who: Reviews) -> LearntModel:
    """Say that the names of the first recording are right: all others are searched for them."""
    return LearntModel(names=list(confirm_names(store, who.account_id, study_id)))
