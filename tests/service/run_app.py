"""The app under uvicorn with TLS, for tests: `python -m tests.service.run_app CERT KEY`.

The store is that of the environment. `/broken` and `/broken/halfway` raise what nobody foresaw.
"""

import sys
from collections.abc import Iterator
from typing import Annotated

import uvicorn
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from tests.service.certificate import HOST
from transcriber.api.needs import Needs
from transcriber.domain.access import Permission, Principal
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app

router = APIRouter()


@router.get("/broken")
def broken(said: str, _: Annotated[Principal, Needs(Permission.ANYBODY)]) -> str:
    raise ValueError(said)


@router.get("/broken/halfway")
def broken_halfway(
    said: str, _: Annotated[Principal, Needs(Permission.ANYBODY)]
) -> StreamingResponse:
    def parts() -> Iterator[str]:
        yield "begun"
        raise ValueError(said)

    return StreamingResponse(parts())


if __name__ == "__main__":
    app = make_app(open_store(load_settings()))
    app.include_router(router)
    certificate, key = sys.argv[1:]
    uvicorn.run(
        app,
        host=HOST,
        port=0,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        access_log=False,
    )
