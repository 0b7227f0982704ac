"""What only sounds like a name that was marked: where else in the study it waits for a decision."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.services.review.alikes import alike_elsewhere
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import review_of
from transcriber.web.pages.review.doubt import entities_by_key, meant
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import counted

router = APIRouter(include_in_schema=False)

Checking = Annotated[Visit, visit_by(Permission.REVIEW, logs=Action.VIEWED)]


@router.get(REVIEW + "/alikes")
def alikes(
    visit: Checking, study_id: str, recording_id: str, key: Annotated[str, Query(max_length=64)]
) -> dict[str, Any]:
    """Say in words how often the entity of a key is heard, by sound, in other recordings."""
    review = as_shown(visit.store, review_of(visit.store, study_id, recording_id))
    entity = meant(entities_by_key(review), key)
    found = alike_elsewhere(visit.store, study_id, recording_id, entity)
    recordings = counted(found.recordings, "other recording", "other recordings")
    return {"told": f"{found.mentions} in {recordings}" if found.mentions else ""}
