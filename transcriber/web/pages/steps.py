"""What the pages share on which a study is made: the steps, and how each is shown."""

from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see

STEPS = (
    ("name", "Name", Permission.EDIT_STUDY),
    ("people", "People", Permission.EDIT_NAMES),
    ("places", "Places", Permission.EDIT_NAMES),
    ("rules", "Rules", Permission.EDIT_STUDY),
    ("promises", "Promises", Permission.EDIT_STUDY),
    ("members", "Members", Permission.MANAGE_MEMBERS),
)


class StepForm(BaseModel):
    """What every step sends: the version that was opened, and which button was pressed."""

    version: int = 0
    then: Literal["stay", "next", "try"] = "stay"


def steps_of(visit: Visit, study_id: str) -> list[tuple[str, str]]:
    """Return the steps that somebody may take, as path and label."""
    return [(path, label) for path, label, needed in STEPS if visit.who.may(needed, study_id)]


def step_page(visit: Visit, step: str, *, wrong: str = "", **given: Any) -> Response:
    """Show a step of the study of the path; `wrong` is a sentence where it could not be saved."""
    study = show_study(visit.store, visit.request.path_params["study_id"])
    return visit.page(
        f"study_{step}.html",
        status=422 if wrong else 200,
        section="studies",
        study=study,
        steps=steps_of(visit, study.id),
        step=step,
        saved="saved" in visit.request.query_params,
        wrong=wrong,
        **given,
    )


def after(visit: Visit, step: str, form: StepForm) -> Response:
    """Lead on after a step was saved: to the next one, and at the end to the study."""
    study_id = visit.request.path_params["study_id"]
    if form.then == "stay":
        return see(f"/studies/{study_id}/{step}?saved")
    paths = [path for path, _ in steps_of(visit, study_id)]
    following = paths[paths.index(step) + 1 :]
    return see(f"/studies/{study_id}" + (f"/{following[0]}" if following else ""))
