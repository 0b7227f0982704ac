"""The description of the interface, from which clients and tests can be made."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from transcriber.api.needs import Needs
from transcriber.domain.access import Permission, Principal

router = APIRouter(tags=["service"], include_in_schema=False)


@router.get("/openapi.json")
def openapi(
    request: Request, _: Annotated[Principal, Needs(Permission.SIGNED_IN)]
) -> dict[str, Any]:
    """Return the interface in OpenAPI."""
    description: dict[str, Any] = request.app.openapi()
    return description
