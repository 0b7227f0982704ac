"""Whether the service is there: what a reverse proxy and a container ask."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.store import Store

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """The service answers, and its database does."""

    database: bool


@router.get("/health")
def health(
    store: Annotated[Store, Depends(store_of)], _: Annotated[Principal, Needs(Permission.ANYBODY)]
) -> Health:
    """Say whether the database can be read."""
    with store.database.read():
        return Health(database=True)
