"""Requests that may be repeated: whoever sends `Idempotency-Key` makes a thing once."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request

from transcriber.api.needs import store_of
from transcriber.services.repeated_requests import make_once
from transcriber.services.store import Store

Make = Callable[[], str]


async def _once(
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Your own random key: the same key with the same request makes nothing "
            "twice. Kept for 24 hours.",
        ),
    ] = None,
) -> Callable[[Make], str]:
    """Return what makes a thing once and gives its id."""
    if idempotency_key is None:
        return lambda make: make()
    asked = b"\0".join((request.method.encode(), request.url.path.encode(), await request.body()))

    def once(make: Make) -> str:
        principal = request.app.state.authenticate(request)
        return make_once(store, principal.account_id, idempotency_key, asked, make)

    return once


Once = Annotated[Callable[[Make], str], Depends(_once)]
"""Called with what makes a thing and returns its id; gives that id, also the second time."""
