"""Decisions that a page sends: saved, and answered with what differs since it was last told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    FoundAgain,
    Heard,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    SpeakerRenamed,
    SpeakersMerged,
    TurnSplit,
    Verdict,
    WordCorrected,
    WordsReassigned,
    WordsRestored,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import Event
from transcriber.domain.transcript import Quality
from transcriber.services.members import list_members
from transcriber.services.review.decide import Saved, decide, redo, undo

from transcriber.services.review.state import Review, review_of
from transcriber.web.pages.review.answers import answer_of
from transcriber.web.pages.review.doubt import entities_by_key
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import counted

router = APIRouter(include_in_schema=False)

Checking = Annotated[Visit, visit_by(Permission.REVIEW)]
Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
LONGEST_REPLACEMENT = 200


class EntityMeant(BaseModel):
    """A decision on all mentions of the entity that `key` stands for in the page."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["entity"] = "entity"
    key: str
    verdict: Verdict
    new_type: EntityType | None = None
    replacement: Annotated[str, Field(max_length=LONGEST_REPLACEMENT)] | None = None


Sent = Annotated[
    WordCorrected
    | WordsReassigned
    | TurnSplit
    | SpeakersMerged
    | SpeakerRenamed
    | IdentifierMarked
    | FindingAccepted
    | FindingRejected
    | WordsRestored
    | Heard
    | PassageWithheld
    | Noted
    | EntityMeant,
    Field(discriminator="kind"),
]


class Step(BaseModel):
    """What was decided at once, and how many events the page had seen."""

    edits: Annotated[list[Sent], Field(min_length=1, max_length=500)]
    seen: Annotated[int, Field(ge=0)]
    batch: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ForStudy(BaseModel):
    """A decision on an entity in all recordings; `keep` says that it is never taken out again."""

    entity: EntityMeant
    seen: Annotated[int, Field(ge=0)]
    keep: bool = False


Seen = Annotated[int, Body(embed=True, ge=0)]


@router.post(REVIEW + "/decisions")
def decisions(visit: Checking, study_id: str, recording_id: str, step: Step) -> dict[str, Any]:
    """Save a step of decisions."""
    _require_full(visit, study_id, recording_id)
    edits = _meant(visit, study_id, recording_id, step.edits)
    who = visit.who.account_id
    saved = decide(visit.store, who, study_id, recording_id, edits, step.seen, step.batch)
    return _answered(visit, saved, step.seen)


@router.post(REVIEW + "/undo")
def take_back(visit: Checking, study_id: str, recording_id: str, seen: Seen) -> dict[str, Any]:
    """Take back the last step of whoever asks."""
    saved = undo(visit.store, visit.who.account_id, study_id, recording_id)
    return _answered(visit, saved, seen)


@router.post(REVIEW + "/redo")
def do_again(visit: Checking, study_id: str, recording_id: str, seen: Seen) -> dict[str, Any]:
    """Do the last step again that was taken back."""
    saved = redo(visit.store, visit.who.account_id, study_id, recording_id)
    return _answered(visit, saved, seen)


@router.post(REVIEW + "/for-study")
def for_study(
    visit: Checking, study_id: str, recording_id: str, wanted: ForStudy
) -> dict[str, Any]:
    """Decide on an entity in all recordings of the study."""
    _require_full(visit, study_id, recording_id)
    review = review_of(visit.store, study_id, recording_id)
    entity_type, entity = _entity(entities_by_key(review), wanted.entity.key)
    decided = decide_entity(
        visit.store,
        visit.who.account_id,
        study_id,
        entity_type,
        entity,
        wanted.entity.verdict,
        new_type=wanted.entity.new_type,
        replacement=wanted.entity.replacement,
        keep=wanted.keep,
    )
    answer = _told(visit, review_of(visit.store, study_id, recording_id), wanted.seen)
    return {**answer, "saved_at": answer["as_of"], "told": decided.sentence}


@router.get(REVIEW + "/changes")
def changes(
    visit: Reading,
    study_id: str,
    recording_id: str,
    since: Annotated[int, Query(ge=0)],
) -> dict[str, Any]:
    """Tell what changed since the page was last answered, and by whom."""
    return _told(visit, review_of(visit.store, study_id, recording_id), since)


def _answered(visit: Visit, saved: Saved, seen: int) -> dict[str, Any]:
    others = _others(visit, saved.review, seen)
    return {**answer_of(saved.review, seen, saved.saved_at_ms), "others": others}


def _told(visit: Visit, review: Review, seen: int) -> dict[str, Any]:
    return {**answer_of(review, seen), "others": _others(visit, review, seen)}


def _others(visit: Visit, review: Review, seen: int) -> list[str]:
    """Say in sentences what others than whoever asks have changed since."""
    by: Counter[str | None] = Counter()
    for event in review.fold.events[seen:]:
        if event.decided_by != visit.who.account_id and not isinstance(event.edit, Heard):
            by[event.decided_by] += 1
    if not by:
        return []
    study_id = review.recording.study_id
    names = {member.account.id: member.account.name for member in list_members(visit.store, study_id)}
    return [
        f"{names.get(who, 'Somebody')} made {counted(number, 'change', 'changes')}."
        if who is not None
        else f"The machine looked again and found {counted(_found(review, seen), 'mention', 'mentions')}."
        for who, number in by.items()
        if who is not None or _found(review, seen)
    ]


def _found(review: Review, seen: int) -> int:
    """Count what the machine found since, of which nobody knew."""
    events: Sequence[Event] = review.fold.events[seen:]
    return sum(len(event.edit.found) for event in events if isinstance(event.edit, FoundAgain))


def _meant(
    visit: Visit, study_id: str, recording_id: str, sent: Sequence[Any]
) -> tuple[Edit, ...]:
    """Return what was sent as events; an entity is named by what stands for it in the page."""
    if not any(isinstance(edit, EntityMeant) for edit in sent):
        return tuple(sent)
    known = entities_by_key(review_of(visit.store, study_id, recording_id))
    return tuple(_with_entities(known, sent))


def _with_entities(
    known: Mapping[str, tuple[EntityType, str]], sent: Sequence[Any]
) -> Iterator[Edit]:
    for edit in sent:
        if isinstance(edit, EntityMeant):
            entity_type, entity = _entity(known, edit.key)
            yield EntityDecided(
                entity_type, entity, edit.verdict, edit.new_type, edit.replacement
            )
        else:
            yield edit


def _entity(known: Mapping[str, tuple[EntityType, str]], key: str) -> tuple[EntityType, str]:
    if key not in known:
        raise UsageError(
            "no_such_entity",
            "What you decided on is no longer marked in this recording. Look at it as it is now.",
        )
    return known[key]


def _require_full(visit: Visit, study_id: str, recording_id: str) -> None:
    review = review_of(visit.store, study_id, recording_id)
    if review.transcript.quality is Quality.DRAFT:
        raise UsageError(
            "draft_words",
            "These words are a draft of the small built-in recogniser and are not checked. Ask "
            "for a speech model, and have the recording written again.",
        )
