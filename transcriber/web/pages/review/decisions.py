"""Decisions that a page sends: saved, and answered with what differs since it was last told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from transcriber.api.searching import searcher_of
from transcriber.api.sound_models import HeardModel
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
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
from transcriber.domain.finding import EntityType
from transcriber.services.members import list_members
from transcriber.services.review.decide import Saved, decide_once, redo_once, undo_once
from transcriber.services.review.decide import Step as Decided
from transcriber.services.review.first_recording import may_open
from transcriber.services.review.for_study import (
    decide_entity,
    decided_before,
    never_redact,
    undo_entity,
)
from transcriber.services.review.hearing import note_heard
from transcriber.services.review.override import draft_words, is_locked_draft
from transcriber.services.review.redetect import Searcher
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.web.pages.review.answers import answer_of
from transcriber.web.pages.review.doubt import entities_by_key, meant
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import counted

router = APIRouter(include_in_schema=False)

Checking = Annotated[Visit, visit_by(Permission.REVIEW)]
Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
SearcherOf = Annotated[Searcher, Depends(searcher_of)]
LONGEST_REPLACEMENT = 200


class EntityMeant(BaseModel):
    """A decision on all mentions of the entity that `key` stands for in the page."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["entity"] = "entity"
    key: str
    verdict: Verdict
    new_type: EntityType | None = None
    replacement: Annotated[str, Field(max_length=LONGEST_REPLACEMENT)] | None = None


class MarkMeant(BaseModel):
    """Words marked anew as what they were marked as before: the entity that `key` stands for."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["mark"] = "mark"
    first: str
    last: str
    key: str
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
    | PassageWithheld
    | Noted
    | MarkMeant
    | EntityMeant,
    Field(discriminator="kind"),
]
Batch = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Sending(BaseModel):
    """A step with an id of its own, and how many events the page had seen."""

    seen: Annotated[int, Field(ge=0)]
    batch: Batch


class Decisions(Sending):
    """What was decided at once."""

    edits: Annotated[list[Sent], Field(min_length=1, max_length=500)]


class Played(Sending, HeardModel):
    """What was really played since the page told it last."""


class ForStudy(Sending):
    """A decision on an entity in all recordings; `keep` says that it is never taken out again."""

    entity: EntityMeant
    keep: bool = False


class StudyUndone(Sending):
    """A decision for the study to be taken back; `decision` is the id that it was sent with."""

    decision: Batch


@router.post(REVIEW + "/decisions")
def decisions(
    visit: Checking, study_id: str, recording_id: str, sent: Decisions, searcher: SearcherOf
) -> dict[str, Any]:
    """Save a step of decisions."""
    step = _step(visit, study_id, recording_id, sent)
    edits = _meant(visit, study_id, recording_id, sent.edits)
    return _answered(visit, decide_once(visit.store, step, edits, sent.seen), sent, searcher)


@router.post(REVIEW + "/undo")
def take_back(
    visit: Checking, study_id: str, recording_id: str, sent: Sending, searcher: SearcherOf
) -> dict[str, Any]:
    """Take back the last step of whoever asks."""
    step = _step(visit, study_id, recording_id, sent)
    return _answered(visit, undo_once(visit.store, step), sent, searcher)


@router.post(REVIEW + "/redo")
def do_again(
    visit: Checking, study_id: str, recording_id: str, sent: Sending, searcher: SearcherOf
) -> dict[str, Any]:
    """Do the last step again that was taken back."""
    step = _step(visit, study_id, recording_id, sent)
    return _answered(visit, redo_once(visit.store, step), sent, searcher)


@router.post(REVIEW + "/heard")
def heard(visit: Checking, study_id: str, recording_id: str, sent: Played) -> dict[str, Any]:
    """Keep what was played; the same again changes nothing."""
    who = visit.who.account_id
    note_heard(visit.store, who, study_id, recording_id, sent.intervals)
    review = _shown(visit, study_id, recording_id)
    events = review.fold.events
    return _told(visit, review, sent.seen, events[-1].created_at_ms if events else None)


@router.post(REVIEW + "/for-study")
def for_study(visit: Checking, study_id: str, recording_id: str, sent: ForStudy) -> dict[str, Any]:
    """Decide on an entity in all recordings of the study, once, however often it is sent."""
    may_open(visit.store, study_id, recording_id)
    if is_locked_draft(visit.store, study_id, recording_id):
        raise draft_words()
    review = _shown(visit, study_id, recording_id)
    decided = decided_before(visit.store, study_id, sent.batch)
    if decided is None:
        asked, who = sent.entity, visit.who.account_id
        kind, entity = meant(entities_by_key(review), asked.key)
        edit = EntityDecided(kind, entity, asked.verdict, asked.new_type, asked.replacement)
        decided = decide_entity(visit.store, who, study_id, edit, sent.batch)
    if sent.keep:
        of_it = (decided.edit.entity_type, decided.edit.entity)
        names = {
            each.finding.text
            for each in review.findings
            if (each.finding.entity_type, each.finding.entity) == of_it
        }
        for name in sorted(names):
            never_redact(visit.store, visit.who.account_id, study_id, name)
    return _told(visit, _shown(visit, study_id, recording_id), sent.seen)


@router.post(REVIEW + "/for-study/undo")
def for_study_undone(
    visit: Checking, study_id: str, recording_id: str, sent: StudyUndone
) -> dict[str, Any]:
    """Take such a decision back in all recordings, once, however often it is sent."""
    may_open(visit.store, study_id, recording_id)
    decided = decided_before(visit.store, study_id, sent.decision)
    if decided is None or not decided.undone:
        undo_entity(visit.store, visit.who.account_id, study_id, sent.decision)
    return _told(visit, _shown(visit, study_id, recording_id), sent.seen)


@router.get(REVIEW + "/changes")
def changes(
    visit: Reading,
    study_id: str,
    recording_id: str,
    since: Annotated[int, Query(ge=0)],
) -> dict[str, Any]:
    """Tell what changed since the page was last answered, and by whom."""
    return _told(visit, _shown(visit, study_id, recording_id), since)


def _step(visit: Visit, study_id: str, recording_id: str, sent: Sending) -> Decided:
    """Return the step that is to be written. Raises UsageError where it may not be."""
    may_open(visit.store, study_id, recording_id)
    return Decided(visit.who.account_id, study_id, recording_id, sent.batch)


def _answered(visit: Visit, saved: Saved, sent: Sending, searcher: Searcher) -> dict[str, Any]:
    if saved.review.searching:
        searcher.wake()
    return _told(visit, as_shown(visit.store, saved.review), sent.seen, saved.saved_at_ms)


def _told(
    visit: Visit, review: Review, seen: int, saved_at_ms: int | None = None
) -> dict[str, Any]:
    answer = answer_of(visit.store, review, seen, saved_at_ms)
    return {**answer, "others": _others(visit, review, seen, answer["new"])}


def _others(visit: Visit, review: Review, seen: int, found: int) -> list[str]:
    """Say in sentences what others than whoever asks, and the machine, have changed since."""
    by: Counter[str | None] = Counter()
    for event in review.fold.events[seen:]:
        if event.decided_by != visit.who.account_id and not isinstance(event.edit, Heard):
            by[event.decided_by] += 1
    if not by:
        return []
    study_id = review.recording.study_id
    names = {m.account.id: m.account.name for m in list_members(visit.store, study_id)}
    told = []
    for who, number in by.items():
        if who is not None:
            changes = counted(number, "change", "changes")
            told.append(f"{names.get(who, 'Somebody')} made {changes}.")
        elif found:
            mentions = counted(found, "mention", "mentions")
            told.append(f"The machine looked again there and found {mentions}.")
    return told


def _meant(visit: Visit, study_id: str, recording_id: str, sent: Sequence[Any]) -> tuple[Edit, ...]:
    """Return what was sent as events; an entity is named by what stands for it in the page."""
    if not any(isinstance(edit, EntityMeant | MarkMeant) for edit in sent):
        return tuple(sent)
    known = entities_by_key(_shown(visit, study_id, recording_id))
    return tuple(_with_entities(known, sent))


def _with_entities(
    known: Mapping[str, tuple[EntityType, str]], sent: Sequence[Any]
) -> Iterator[Edit]:
    for edit in sent:
        if isinstance(edit, EntityMeant):
            kind, entity = meant(known, edit.key)
            yield EntityDecided(kind, entity, edit.verdict, edit.new_type, edit.replacement)
        elif isinstance(edit, MarkMeant):
            kind, entity = meant(known, edit.key)
            yield IdentifierMarked(edit.first, edit.last, kind, edit.replacement, entity)
        else:
            yield edit


def _shown(visit: Visit, study_id: str, recording_id: str) -> Review:
    """Return the review without what is hidden from whoever checks."""
    return as_shown(visit.store, review_of(visit.store, study_id, recording_id))
