"""What was found in a study: one row an entity, and one decision for all its recordings."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, Field

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.edit import EntityDecided, Verdict
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.services.review.entities import (
    StudyEntity,
    entities_in,
    study_entities,
    study_reviews,
)
from transcriber.services.review.first_recording import confirm_names, first_recording
from transcriber.services.review.for_study import (
    accept_entities,
    decide_entity,
    never_redact,
    undo_entity,
)
from transcriber.services.review.state import Review
from transcriber.services.studies import show_study
from transcriber.web.pages.review.shown import entity_key
from transcriber.web.review_words import ENTITY_TYPES
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Checking = Annotated[Visit, visit_by(Permission.REVIEW)]
FOUND = "/studies/{study_id}/names-found"

CONTEXTS = 3
"""Mentions that are shown of each entity, from as many recordings as there are."""

AROUND = 48
"""Letters before and behind a mention."""

ON_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Context:
    """A mention among what was said around it; `path` leads to it."""

    code: str
    before: str
    said: str
    after: str
    path: str


class EntityForm(BaseModel):
    """What is decided on an entity. `does` is accept, reject, never or change.

    `batch` is the id of the form: sent twice by a second click, it is decided once.
    """

    entity: str
    does: str
    batch: str = Field(default_factory=lambda: uuid4().hex, pattern="^[0-9a-f]{32}$")
    new_type: EntityType | None = None
    replacement: str = ""


@router.get(FOUND)
def names_found(
    visit: Reading, study_id: str, begin: Annotated[int, Query(alias="from", ge=0)] = 0
) -> Response:
    """List what was found in the study, the most doubtful first."""
    return _page(visit, study_id, begin)


@router.post(FOUND)
def decide(visit: Checking, study_id: str, typed: Annotated[EntityForm, Form()]) -> Response:
    """Decide on all mentions of an entity in all recordings of the study."""
    found = {
        entity_key(one.entity_type, one.entity): one
        for one in study_entities(visit.store, study_id)
    }
    try:
        if typed.entity not in found:
            raise UsageError(
                "no_such_entity", "Nothing of this name is marked in the study any more."
            )
        entity, who = found[typed.entity], visit.who.account_id
        decide_entity(visit.store, who, study_id, _edit(entity, typed), typed.batch)
        if typed.does == "never":
            for spelling in entity.spellings:
                never_redact(visit.store, who, study_id, spelling)
    except UsageError as error:
        return _page(visit, study_id, 0, wrong=error.sentence, status=422)
    return see(f"/studies/{study_id}/names-found")


@router.post(FOUND + "/accept")
def accept_sure(
    visit: Checking, study_id: str, entities: Annotated[list[str], Form(max_length=ON_A_PAGE)]
) -> Response:
    """Accept those entities of a page of which the machine is sure, all at once.

    What was decided meanwhile is left as it is.
    """
    found = study_entities(visit.store, study_id)
    sent = [one.key for one in found if one.is_sure and entity_key(*one.key) in entities]
    accept_entities(visit.store, visit.who.account_id, study_id, sent)
    return see(f"/studies/{study_id}/names-found")


@router.post(FOUND + "/{decision_id}/undo")
def take_back(visit: Checking, study_id: str, decision_id: str) -> Response:
    """Take a decision for the study back."""
    try:
        undo_entity(visit.store, visit.who.account_id, study_id, decision_id)
    except UsageError as error:
        return _page(visit, study_id, 0, wrong=error.sentence, status=422)
    return see(f"/studies/{study_id}/names-found")


@router.post(FOUND + "/confirm")
def confirm(visit: Checking, study_id: str) -> Response:
    """Say that the names of the first recording are right, so that the others can be opened."""
    try:
        confirm_names(visit.store, visit.who.account_id, study_id)
    except UsageError as error:
        return _page(visit, study_id, 0, wrong=error.sentence, status=422)
    return see(f"/studies/{study_id}/names-found")


def _page(visit: Visit, study_id: str, begin: int, wrong: str = "", status: int = 200) -> Response:
    reviews = study_reviews(visit.store, study_id)
    entities = entities_in(visit.store, study_id, reviews)
    shown = entities[begin : begin + ON_A_PAGE]
    return visit.page(
        "names_found.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        entities=shown,
        count=len(entities),
        begin=begin,
        end=begin + len(shown),
        mentions=sum(one.mentions for one in entities),
        undecided=sum(one.states.get(FindingState.PROPOSED, 0) for one in entities),
        contexts=_contexts(reviews, shown),
        key=entity_key,
        sure=[entity_key(*one.key) for one in shown if one.is_sure],
        step_id=lambda: uuid4().hex,
        first=first_recording(visit.store, study_id),
        types=ENTITY_TYPES,
        proposed=FindingState.PROPOSED,
        rejected=FindingState.REJECTED,
        may_review=visit.who.may(Permission.REVIEW, study_id),
        wrong=wrong,
    )


def _edit(entity: StudyEntity, typed: EntityForm) -> EntityDecided:
    """Return the event of what was typed. Raises UsageError where nothing was to be changed."""
    kind, name = entity.entity_type, entity.entity
    if typed.does == "accept":
        return EntityDecided(kind, name, Verdict.ACCEPT)
    if typed.does in ("reject", "never"):
        return EntityDecided(kind, name, Verdict.REJECT)
    new_type = typed.new_type if typed.new_type is not kind else None
    replacement = " ".join(typed.replacement.split())
    if replacement in entity.replacements:
        replacement = ""
    if new_type is None and not replacement:
        raise UsageError("nothing_changed", "Choose another type, or write what it leaves as.")
    return EntityDecided(kind, name, Verdict.CHANGE, new_type, replacement or None)


def _contexts(
    reviews: Sequence[Review], shown: Sequence[StudyEntity]
) -> Mapping[str, Sequence[Context]]:
    """Return mentions of each entity, one of each recording before a second one of any."""
    wanted = {(one.entity_type, one.entity) for one in shown}
    ranked: dict[str, list[tuple[int, Context]]] = defaultdict(list)
    for review in reviews:
        seen: dict[str, int] = defaultdict(int)
        for judged in review.findings:
            finding = judged.finding
            key = entity_key(finding.entity_type, finding.entity)
            if (finding.entity_type, finding.entity) in wanted and seen[key] < CONTEXTS:
                ranked[key].append((seen[key], _context(review, finding.start, finding.end)))
                seen[key] += 1
    return {
        key: [context for _, context in sorted(found, key=lambda each: each[0])[:CONTEXTS]]
        for key, found in ranked.items()
    }


def _context(review: Review, start: int, end: int) -> Context:
    text, recording = review.transcript.text, review.recording
    first, _ = review.transcript.layout.word_range(start, end)
    (number,) = list(_turn_with(review, first))
    word = review.transcript.words[review.turns[number].first_word].id
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    base = f"/studies/{recording.study_id}/recordings/{recording.id}/review"
    return Context(recording.code, before, text[start:end], after, f"{base}#turn-{word}")


def _turn_with(review: Review, word: int) -> Iterator[int]:
    yield from review.fold.turns_of(range(word, word + 1))
