"""The app that the web server runs: pages and REST interface in one."""

from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from transcriber import __version__
from transcriber.api import routes as interface
from transcriber.api.authentication import authenticate
from transcriber.api.defects import Defects
from transcriber.api.needs import Authenticate, require_needs
from transcriber.api.problems import answer_with_problems
from transcriber.api.same_origin import SameOrigin
from transcriber.api.security_headers import SecurityHeaders
from transcriber.services.store import Store
from transcriber.web import static_files
from transcriber.web.pages import ROUTERS
from transcriber.web.problem_pages import ProblemPages


def make_app(store: Store, authenticate: Authenticate = authenticate) -> FastAPI:
    """Return the app on an open store. Raises TypeError for a route without a need."""
    app = FastAPI(
        title="Transcriber",
        version=__version__,
        openapi_url=None,  # served by a route of ours, so that it needs somebody who is signed in
        docs_url=None,
        redoc_url=None,
    )
    app.state.authenticate = authenticate
    interface.share(app, store)
    app.router.routes.extend(_routes())
    answer_with_problems(app)
    # The last one that is added is the first that a request meets.
    for middleware in (SameOrigin, Defects, ProblemPages, SecurityHeaders):
        app.add_middleware(middleware)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all apps of this process: what they take is worked out once."""
    every = APIRouter()
    for router in interface.ROUTERS:
        every.include_router(router, prefix=interface.PREFIX)
    for router in (static_files.router, *ROUTERS):
        every.include_router(router)
    require_needs(every.routes)
    return tuple(every.routes)
