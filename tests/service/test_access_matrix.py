"""Every route of the app and everybody who may ask: who gets through is written down here.

The routes come from the app itself. A new one without a row fails, and so does a row without one.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from tests.service.people import ADMIN, NOBODY, PEOPLE, STRANGER, TOKEN, People, gather
from transcriber.api.needs import Check, checks
from transcriber.domain.access import Principal, Role
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app

ALL = "everybody"
SIGNED_IN = "whoever is signed in"
IN_PERSON = "whoever is signed in in person"
ADMINISTRATORS = "administrators"
MEMBERS = "members"
MANAGERS = "data managers"

WHO: dict[str, frozenset[str]] = {
    ALL: frozenset(PEOPLE),
    SIGNED_IN: frozenset(PEOPLE) - {NOBODY},
    IN_PERSON: frozenset(PEOPLE) - {NOBODY, TOKEN},
    ADMINISTRATORS: frozenset({ADMIN}),
    MEMBERS: frozenset(Role),
    MANAGERS: frozenset({Role.DATA_MANAGER}),
}

TABLE = {
    "GET /api/v1/health": ALL,
    "GET /api/v1/openapi.json": SIGNED_IN,
    "POST /api/v1/session": ALL,
    "POST /api/v1/session/link": ALL,
    "DELETE /api/v1/session": IN_PERSON,
    "GET /api/v1/single-sign-on": ALL,
    "GET /api/v1/single-sign-on/callback": ALL,
    "POST /api/v1/links/accept": ALL,
    "GET /api/v1/me": SIGNED_IN,
    "PUT /api/v1/me/password": IN_PERSON,
    "GET /api/v1/me/sessions": IN_PERSON,
    "DELETE /api/v1/me/sessions": IN_PERSON,
    "DELETE /api/v1/me/sessions/{session_id}": IN_PERSON,
    "GET /api/v1/me/tokens": IN_PERSON,
    "POST /api/v1/me/tokens": IN_PERSON,
    "DELETE /api/v1/me/tokens/{token_id}": IN_PERSON,
    "GET /api/v1/accounts": ADMINISTRATORS,
    "POST /api/v1/accounts": ADMINISTRATORS,
    "PATCH /api/v1/accounts/{account_id}": ADMINISTRATORS,
    "POST /api/v1/accounts/{account_id}/reset": ADMINISTRATORS,
    "GET /api/v1/studies/{study_id}/members": MEMBERS,
    "POST /api/v1/studies/{study_id}/members": MANAGERS,
    "PUT /api/v1/studies/{study_id}/members/{account_id}": MANAGERS,
    "DELETE /api/v1/studies/{study_id}/members/{account_id}": MANAGERS,
    "GET /api/v1/studies/{study_id}/audit": MANAGERS,
}

LET_THROUGH = 418
"""What a route answers here in place of doing what it does."""


def routes(app: FastAPI) -> list[str]:
    return [
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        for method in sorted(route.original_route.methods or ())
    ]


def stop_after_the_check(app: FastAPI) -> None:
    """Let every route decide whether somebody may, for real, and then go no further."""

    def stopping(check: Check) -> Callable[[Request], Principal]:
        def stop(request: Request) -> Principal:
            check(request)
            raise HTTPException(LET_THROUGH)

        return stop

    for route in iter_route_contexts(app.routes):
        for check in checks(route):
            app.dependency_overrides[check] = stopping(check)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("matrix")
    app = make_app(open_store(load_settings({"TRANSCRIBER_HOME": str(folder)})))
    stop_after_the_check(app)
    return app


@pytest.fixture(scope="module")
def people(app: FastAPI) -> People:
    return gather(app.state.store)


def test_every_route_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    assert sorted(routes(app)) == sorted(TABLE)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", TABLE)
def test_who_may_gets_through_and_nobody_else(
    app: FastAPI, people: People, route: str, person: str
) -> None:
    method, path = route.split()
    path = re.sub(r"{(\w+)(:\w+)?}", lambda name: id_for(name[1], people), path)
    with TestClient(app, base_url="https://testserver") as client:
        answer = client.request(method, path, headers=people.headers[person])
    if person in WHO[TABLE[route]]:
        assert answer.status_code == LET_THROUGH
        return
    in_study = "{study_id}" in route
    expected = (
        (401, "not_signed_in")
        if person == NOBODY
        else (404, "not_found")
        if in_study and person in (ADMIN, STRANGER, TOKEN)
        else (403, "not_allowed")
    )
    assert (answer.status_code, answer.json()["code"]) == expected


def id_for(name: str, people: People) -> str:
    return people.study_id if name == "study_id" else "0" * 32


def test_there_is_no_way_round_the_table(tmp_path: Path) -> None:
    """What a router answers by itself: no route, another method, a slash too many."""
    app = make_app(open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path)})))
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        for route in TABLE:
            path = re.sub(r"{\w+}", "0" * 32, route.split()[1])
            assert client.request("TRACE", path).status_code == 405
            assert client.request("OPTIONS", path).status_code == 405
            assert client.get(path + "/").status_code in (307, 404)
