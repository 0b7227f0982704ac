"""What others said that may repeat what a participant withdrew: listed in a study, and decided."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from transcriber.api.problems import status_of
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.echo import EchoVerdict
from transcriber.domain.errors import TranscriberError
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.echoes import decide_echo, echoes_to_decide
from transcriber.web.echo_words import why
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Reviewing = Annotated[Visit, visit_by(Permission.REVIEW)]

PAGE = "/studies/{study_id}/echoes"


@router.get(PAGE)
def echoes(visit: Reading, study_id: str) -> Response:
    """List what may repeat what was withdrawn in a study, and what came of it."""
    return _page(visit, study_id)


@router.post(f"{PAGE}/{{echo_id}}")
def decide(
    visit: Reviewing,
    study_id: str,
    echo_id: str,
    verdict: Annotated[Literal["withhold", "leave"], Form()],
) -> Response:
    """Withhold it, or say that it may stay."""
    try:
        decide_echo(visit.store, visit.who.account_id, study_id, echo_id, EchoVerdict(verdict))
    except TranscriberError as error:
        if error.code == "not_found":
            raise
        return _page(visit, study_id, wrong=error.sentence, status=status_of(error))
    return see(PAGE.format(study_id=study_id) + f"?decided#echo-{echo_id}")


def _page(visit: Visit, study_id: str, *, wrong: str = "", status: int = 200) -> Response:
    found = echoes_to_decide(visit.store, study_id)
    return visit.page(
        "echoes.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        waiting=[each for each in found if each.is_open],
        settled=[each for each in found if not each.is_open],
        why=why,
        may_check=visit.who.may(Permission.REVIEW, study_id),
        wrong=wrong,
    )
