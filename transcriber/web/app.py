"""The app that the web server runs: pages and REST interface in one."""

from fastapi import FastAPI

from transcriber import __version__
from transcriber.api import (
    accounts,
    audit,
    description,
    health,
    links,
    me,
    members,
    new_recordings,
    session,
    single_sign_on,
    tokens,
    uploads,
)
from transcriber.api.arriving import Arriving
from transcriber.api.authentication import authenticate
from transcriber.api.defects import Defects
from transcriber.api.needs import Authenticate, require_needs
from transcriber.api.problems import answer_with_problems
from transcriber.api.routes import add_routes
from transcriber.api.same_origin import SameOrigin
from transcriber.api.security_headers import SecurityHeaders
from transcriber.services.store import Store
from transcriber.web import static_files
from transcriber.web.pages import ROUTERS
from transcriber.web.problem_pages import ProblemPages

API = "/api/v1"
PARTS = (
    health,
    description,
    session,
    single_sign_on,
    me,
    tokens,
    links,
    accounts,
    members,
    audit,
    uploads,
    new_recordings,
)


def make_app(store: Store, authenticate: Authenticate = authenticate) -> FastAPI:
    """Return the app on an open store. Raises TypeError for a route without a need."""
    app = FastAPI(
        title="Transcriber",
        version=__version__,
        openapi_url=None,  # served by a route of ours, so that it needs somebody who is signed in
        docs_url=None,
        redoc_url=None,
    )
    app.state.store = store
    app.state.authenticate = authenticate
    app.state.arriving = Arriving()
    for part in PARTS:
        app.include_router(part.router, prefix=API)
    add_routes(app, store, API)
    for router in (static_files.router, *ROUTERS):
        app.include_router(router)
    answer_with_problems(app)
    # The last one that is added is the first that a request meets.
    for middleware in (SameOrigin, Defects, ProblemPages, SecurityHeaders):
        app.add_middleware(middleware)
    require_needs(app)
    return app
