"""What the service does, for whoever uses it, and the parts that pages are made of."""

from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.domain.access import Permission
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import ROLE_DUTIES, ROLES

router = APIRouter(include_in_schema=False)


@router.get("/help")
def explained(visit: Annotated[Visit, visit_by(Permission.ANYBODY)]) -> Response:
    """Explain the service on one page."""
    return visit.page("help.html", section="help", roles=ROLES, duties=ROLE_DUTIES)


@router.get("/style")
def style(visit: Annotated[Visit, visit_by(Permission.SIGNED_IN)]) -> Response:
    """Show every part that pages are made of."""
    return visit.page("style.html")
