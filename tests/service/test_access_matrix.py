"""Every route of the app and everybody who may ask: who gets through is written down here.

The routes come from the app itself. A new one without a row fails, and so does a row without one.
"""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from tests.service.people import ADMIN, NOBODY, PEOPLE, STRANGER, TOKEN, People, gather
from transcriber.api.needs import Check
from transcriber.domain.access import Principal, Role
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app

ALL = "everybody"
SIGNED_IN = "whoever is signed in"
IN_PERSON = "whoever is signed in in person"
BEGINNERS = "those who may begin studies"
ADMINISTRATORS = "administrators"
MEMBERS = "members"
RELEASES = "those who see releases"
TEAM = "those who see recordings"
READERS = "those who hear and read"
WORKERS = "those who edit the study and add recordings"
MANAGERS = "those who manage the study"

_L, _D, _R, _V, _A = Role
WHO: dict[str, frozenset[str]] = {
    ALL: frozenset(PEOPLE),
    SIGNED_IN: frozenset(PEOPLE) - {NOBODY},
    IN_PERSON: frozenset(PEOPLE) - {NOBODY, TOKEN},
    BEGINNERS: frozenset({STRANGER}),
    ADMINISTRATORS: frozenset({ADMIN}),
    MEMBERS: frozenset(Role),
    RELEASES: frozenset({*Role, TOKEN}),
    TEAM: frozenset({_L, _D, _R, _V}),
    READERS: frozenset({_L, _R, _V}),
    WORKERS: frozenset({_L, _D, _R}),
    MANAGERS: frozenset({_L, _D}),
}

STUDY = "/api/v1/studies/{study_id}"
RECORDING = STUDY + "/recordings/{recording_id}"
REVIEW = RECORDING + "/review"
WEBHOOK = STUDY + "/webhooks/{webhook_id}"
PAGE = "/studies/{study_id}"

TABLE = {
    "GET /api/v1/health": ALL,
    "GET /api/v1/openapi.json": SIGNED_IN,
    # Signing in, and one's own account.
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
    # The service.
    "GET /api/v1/accounts": ADMINISTRATORS,
    "POST /api/v1/accounts": ADMINISTRATORS,
    "PATCH /api/v1/accounts/{account_id}": ADMINISTRATORS,
    "POST /api/v1/accounts/{account_id}/reset": ADMINISTRATORS,
    "GET /api/v1/service/state": ADMINISTRATORS,
    "GET /api/v1/service/examination": ADMINISTRATORS,
    # Studies.
    "GET /api/v1/studies": SIGNED_IN,
    "POST /api/v1/studies": BEGINNERS,
    "POST /api/v1/consent-log": SIGNED_IN,
    "GET /api/v1/policies": SIGNED_IN,
    "POST /api/v1/policies/{name}/example": SIGNED_IN,
    f"GET {STUDY}": MEMBERS,
    f"PUT {STUDY}": WORKERS,
    f"DELETE {STUDY}": MANAGERS,
    f"GET {STUDY}/roster": TEAM,
    f"PUT {STUDY}/roster": TEAM,
    f"GET {STUDY}/members": MEMBERS,
    f"POST {STUDY}/members": MANAGERS,
    f"PUT {STUDY}/members/{{account_id}}": MANAGERS,
    f"DELETE {STUDY}/members/{{account_id}}": MANAGERS,
    f"GET {STUDY}/audit": MANAGERS,
    f"GET {STUDY}/retention": TEAM,
    f"POST {STUDY}/retention/holds": MANAGERS,
    f"DELETE {STUDY}/retention/holds/{{hold_id}}": MANAGERS,
    f"PUT {STUDY}/retention/assessment": MANAGERS,
    f"GET {STUDY}/retention/certificate": MANAGERS,
    f"GET {STUDY}/audit/file": MANAGERS,
    f"POST {STUDY}/participant-file": MANAGERS,
    f"GET {STUDY}/withdrawals": MANAGERS,
    f"POST {STUDY}/withdrawals": MANAGERS,
    f"GET {STUDY}/withdrawals/preview": MANAGERS,
    f"GET {STUDY}/withdrawals/{{withdrawal_id}}": MANAGERS,
    f"GET {STUDY}/withdrawals/{{withdrawal_id}}/receipt": MANAGERS,
    f"GET {STUDY}/documents/{{which}}": WORKERS,
    f"GET {STUDY}/consent": TEAM,
    f"PUT {STUDY}/consent/{{label}}": MANAGERS,
    f"POST {STUDY}/consent/log": MANAGERS,
    f"GET {RECORDING}/participants": TEAM,
    f"PUT {RECORDING}/participants": WORKERS,
    f"GET {STUDY}/webhooks": MANAGERS,
    f"POST {STUDY}/webhooks": MANAGERS,
    f"GET {WEBHOOK}": MANAGERS,
    f"DELETE {WEBHOOK}": MANAGERS,
    f"POST {WEBHOOK}/ping": MANAGERS,
    f"POST {WEBHOOK}/enable": MANAGERS,
    f"GET {WEBHOOK}/messages": MANAGERS,
    # Recordings.
    f"OPTIONS {STUDY}/uploads": WORKERS,
    f"POST {STUDY}/uploads": WORKERS,
    f"HEAD {STUDY}/uploads/{{upload_id}}": WORKERS,
    f"PATCH {STUDY}/uploads/{{upload_id}}": WORKERS,
    f"DELETE {STUDY}/uploads/{{upload_id}}": WORKERS,
    f"GET {STUDY}/recordings": TEAM,
    f"POST {STUDY}/recordings": WORKERS,
    f"GET {STUDY}/recording-counts": TEAM,
    f"GET {STUDY}/progress": TEAM,
    f"GET {RECORDING}": TEAM,
    f"DELETE {RECORDING}": MANAGERS,
    f"POST {RECORDING}/retry": WORKERS,
    f"POST {RECORDING}/cancel": WORKERS,
    f"PUT {RECORDING}/priority": WORKERS,
    f"GET {RECORDING}/progress": TEAM,
    f"GET {RECORDING}/progress-now": TEAM,
    f"GET {RECORDING}/sound": TEAM,
    # What was said, and what may leave.
    f"GET {RECORDING}/transcript": READERS,
    f"GET {RECORDING}/findings": READERS,
    f"GET {RECORDING}/audio": READERS,
    f"GET {RECORDING}/peaks": READERS,
    f"GET {RECORDING}/lanes": READERS,
    f"POST {RECORDING}/heard": READERS,
    f"GET {RECORDING}/doubts": READERS,
    f"POST {RECORDING}/own-turns": READERS,
    f"GET {REVIEW}": READERS,
    f"POST {REVIEW}/decisions": READERS,
    f"POST {REVIEW}/undo": READERS,
    f"POST {REVIEW}/redo": READERS,
    f"GET {REVIEW}/history": READERS,
    f"GET {REVIEW}/changes": READERS,
    f"GET {REVIEW}/events": READERS,
    f"GET {STUDY}/entities": READERS,
    f"POST {STUDY}/entities/decisions": READERS,
    f"POST {STUDY}/entities/decisions/{{decision_id}}/undo": READERS,
    f"GET {STUDY}/first-recording": TEAM,
    f"POST {STUDY}/first-recording/confirm": READERS,
    f"GET {STUDY}/releases": RELEASES,
    f"GET {STUDY}/releases/{{release_id}}/file": RELEASES,
    f"GET {STUDY}/releases/{{release_id}}/bundle": RELEASES,
    f"GET {STUDY}/bundle": RELEASES,
    f"GET {STUDY}/project": RELEASES,
    f"GET {STUDY}/releases/{{release_id}}/package": RELEASES,
    f"GET {STUDY}/releases/{{release_id}}/provenance": RELEASES,
    f"GET {STUDY}/provenance": RELEASES,
    f"POST {STUDY}/releases/{{release_id}}/identifier-seen": RELEASES,
    f"GET {STUDY}/releases/{{release_id}}/changes": RELEASES,
    f"GET {STUDY}/destinations": MANAGERS,
    f"POST {STUDY}/destinations": MANAGERS,
    f"POST {STUDY}/destinations/{{destination_id}}/retry": MANAGERS,
    f"DELETE {STUDY}/destinations/{{destination_id}}": MANAGERS,
    f"GET {STUDY}/identifiers-seen": TEAM,
    f"GET {STUDY}/echoes": TEAM,
    f"PUT {STUDY}/echoes/{{echo_id}}": READERS,
    f"GET {STUDY}/identifiers-seen/{{sighting_id}}/note": MANAGERS,
    f"GET {STUDY}/releases/{{release_id}}/sound": RELEASES,
    # Pages.
    "GET /static/{digest}/{name:path}": ALL,
    "GET /help": ALL,
    "GET /help/promises": ALL,
    "GET /help/coding-tools": ALL,
    "GET /before-recording": ALL,
    "GET /sign-in": ALL,
    "POST /sign-in": ALL,
    "POST /sign-out": ALL,
    "GET /link/{secret}": ALL,
    "POST /link/{secret}": ALL,
    "GET /": SIGNED_IN,
    "GET /style": SIGNED_IN,
    "GET /account": IN_PERSON,
    "POST /account/password": IN_PERSON,
    "POST /account/sessions/{session_id}/end": IN_PERSON,
    "POST /account/tokens": IN_PERSON,
    "POST /account/tokens/{token_id}/revoke": IN_PERSON,
    "GET /admin": ADMINISTRATORS,
    "POST /admin": ADMINISTRATORS,
    "GET /admin/accounts": ADMINISTRATORS,
    "GET /admin/audit": ADMINISTRATORS,
    "POST /admin/accounts": ADMINISTRATORS,
    "POST /admin/accounts/{account_id}/rights": ADMINISTRATORS,
    "POST /admin/accounts/{account_id}/link": ADMINISTRATORS,
    "POST /admin/accounts/{account_id}/disable": ADMINISTRATORS,
    "POST /admin/accounts/{account_id}/enable": ADMINISTRATORS,
    "GET /studies": SIGNED_IN,
    "GET /studies/new": BEGINNERS,
    "POST /studies/new": BEGINNERS,
    f"GET {PAGE}": MEMBERS,
    f"GET {PAGE}/checking": TEAM,
    f"POST {PAGE}/checking/start": WORKERS,
    f"POST {PAGE}/key.csv": MANAGERS,
    f"GET {PAGE}/recordings/{{recording_id}}/pictures": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/blind": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/blind": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/sample": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/sample": READERS,
    f"GET {PAGE}/name": WORKERS,
    f"POST {PAGE}/name": WORKERS,
    f"GET {PAGE}/people": TEAM,
    f"POST {PAGE}/people": TEAM,
    f"GET {PAGE}/places": TEAM,
    f"POST {PAGE}/places": TEAM,
    f"GET {PAGE}/rules": WORKERS,
    f"POST {PAGE}/rules": WORKERS,
    f"GET {PAGE}/promises": WORKERS,
    f"POST {PAGE}/promises": WORKERS,
    f"GET {PAGE}/audit": MANAGERS,
    f"GET {PAGE}/data-protection": WORKERS,
    f"POST {PAGE}/data-protection": MANAGERS,
    f"GET {PAGE}/withdrawal": MANAGERS,
    f"POST {PAGE}/withdrawal": MANAGERS,
    f"POST {PAGE}/withdrawal/preview": MANAGERS,
    f"GET {PAGE}/withdrawal/{{withdrawal_id}}": MANAGERS,
    f"GET {PAGE}/consent": TEAM,
    f"POST {PAGE}/consent": MANAGERS,
    f"POST {PAGE}/consent/log": MANAGERS,
    f"POST {PAGE}/recordings/{{recording_id}}/participants": WORKERS,
    f"GET {PAGE}/members": MANAGERS,
    f"POST {PAGE}/members": MANAGERS,
    f"POST {PAGE}/members/{{account_id}}": MANAGERS,
    f"GET {PAGE}/retention": TEAM,
    f"POST {PAGE}/retention/holds": MANAGERS,
    f"POST {PAGE}/retention/holds/{{hold_id}}/lift": MANAGERS,
    f"POST {PAGE}/retention/assessment": MANAGERS,
    f"POST {PAGE}/retention/certificate": MANAGERS,
    f"GET {PAGE}/upload": WORKERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/turns": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/changes": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/alikes": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/pleas": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/history": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/review/history/{{number}}": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/history": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/decisions": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/undo": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/redo": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/heard": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/for-study": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/review/for-study/undo": READERS,
    f"GET {PAGE}/names-found": READERS,
    f"POST {PAGE}/names-found": READERS,
    f"POST {PAGE}/names-found/accept": READERS,
    f"POST {PAGE}/names-found/confirm": READERS,
    f"POST {PAGE}/names-found/{{decision_id}}/undo": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}": TEAM,
    f"GET {PAGE}/recordings/{{recording_id}}/voices": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/voices": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/listen": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/retry": WORKERS,
    f"POST {PAGE}/recordings/{{recording_id}}/cancel": WORKERS,
    f"POST {PAGE}/recordings/{{recording_id}}/erase": MANAGERS,
    # Reading what leaves, and signing it.
    f"GET {PAGE}/recordings/{{recording_id}}/read": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/read": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/sign-off": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/sign-off": READERS,
    f"GET {PAGE}/recordings/{{recording_id}}/sign-off/text": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/sign-off/looked": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/sign-off/override": ADMINISTRATORS,
    f"GET {PAGE}/recordings/{{recording_id}}/copy": READERS,
    f"POST {PAGE}/recordings/{{recording_id}}/copy": READERS,
    f"GET {PAGE}/released": RELEASES,
    f"GET {PAGE}/releases/{{release_id}}": RELEASES,
    f"GET {PAGE}/releases/{{release_id}}/text": RELEASES,
    f"POST {PAGE}/releases/{{release_id}}/withdraw": READERS,
    f"POST {PAGE}/releases/{{release_id}}/seen": RELEASES,
    f"GET {PAGE}/hand-off": MANAGERS,
    f"POST {PAGE}/hand-off": MANAGERS,
    f"POST {PAGE}/hand-off/{{destination_id}}/retry": MANAGERS,
    f"POST {PAGE}/hand-off/{{destination_id}}/remove": MANAGERS,
    f"GET {PAGE}/echoes": READERS,
    f"POST {PAGE}/echoes/{{echo_id}}": READERS,
    f"GET {PAGE}/seen": TEAM,
    f"GET {PAGE}/seen/{{sighting_id}}": READERS,
    f"POST {PAGE}/seen/{{sighting_id}}": READERS,
    f"GET {PAGE}/seen/{{sighting_id}}/note": MANAGERS,
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


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """An app whose routes decide whether somebody may, for real, and then go no further."""
    decide = Check.__call__

    def stop(check: Check, request: Request) -> Principal:
        decide(check, request)
        raise HTTPException(LET_THROUGH)

    folder = tmp_path_factory.mktemp("matrix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Check, "__call__", stop)
        yield make_app(open_store(load_settings({"TRANSCRIBER_HOME": str(folder)})))


@pytest.fixture(scope="module")
def people(app: FastAPI) -> People:
    return gather(app.state.store)


def test_every_route_has_a_row_and_every_row_a_route(app: FastAPI) -> None:
    assert set(routes(app)) == set(TABLE)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", TABLE)
def test_who_may_gets_through_and_nobody_else(
    app: FastAPI, people: People, route: str, person: str
) -> None:
    method, path = route.split()
    path = re.sub(r"{(\w+)(:\w+)?}", lambda name: id_for(name[1], people), path)
    with TestClient(app, base_url="https://testserver") as client:
        # What the protocol of uploads asks of every request.
        headers = people.headers[person] | {"tus-resumable": "1.0.0"}
        answer = client.request(method, path, headers=headers)
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
    assert answer.status_code == expected[0]
    if method != "HEAD":
        assert answer.json()["code"] == expected[1]


def id_for(name: str, people: People) -> str:
    return people.study_id if name == "study_id" else "0" * 32
