"""The style page: every part that pages are made of, to be looked at in one place."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from transcriber.api.needs import Needs
from transcriber.domain.access import Permission, Principal
from transcriber.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/style")
def style(request: Request, who: Annotated[Principal, Needs(Permission.SIGNED_IN)]) -> Response:
    """Show the parts."""
    return page(request, "style.html", who)
