"""Every route says what it needs, and whoever may not is told so."""

from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from tests.service.apps import Served, serve_in
from transcriber.api.needs import Needs, checks, require_needs
from transcriber.domain.access import Permission, Principal, Role
from transcriber.domain.audit import Action
from transcriber.services.audit import Wanted, find_events
from transcriber.storage.database.audit_events import AuditEvent

STUDY = "0" * 32
router = APIRouter()


@router.get("/studies/{study_id}/tried/released")
def released(who: Annotated[Principal, Needs(Permission.SEE_RELEASES)]) -> str:
    return who.account_id


@router.get("/studies/{study_id}/heard")
def heard(who: Annotated[Principal, Needs(Permission.HEAR_AND_READ)]) -> str:
    return who.account_id


@router.get("/studies/{study_id}/recordings/{recording_id}/played")
def played(
    who: Annotated[Principal, Needs(Permission.HEAR_AND_READ, logs=Action.PLAYED)],
) -> str:
    return who.account_id


@pytest.fixture
def served(tmp_path: Path) -> Served:
    served = serve_in(tmp_path)
    served.app.include_router(router)
    return served


def test_health_needs_nobody(served: Served) -> None:
    assert served.client().get("/api/v1/health").json() == {"database": True}


def test_nobody_is_asked_to_sign_in(served: Served) -> None:
    answer = served.client().get(f"/studies/{STUDY}/tried/released")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_analyst_sees_releases_and_hears_nothing(served: Served) -> None:
    served.be(Role.ANALYST, STUDY)
    assert served.client().get(f"/studies/{STUDY}/tried/released").status_code == 200
    answer = served.client().get(f"/studies/{STUDY}/heard")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_study_of_others_is_not_there(served: Served) -> None:
    served.be(Role.RESEARCHER, "1" * 32)
    answer = served.client().get(f"/studies/{STUDY}/heard")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_route_without_a_need_is_refused() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/open")
    def open_to_all() -> str:
        return ""

    with pytest.raises(TypeError, match="/open"):
        require_needs(app.routes)


def test_an_administrator_is_no_member() -> None:
    admin = Principal("a", is_admin=True)
    assert admin.may(Permission.MANAGE_SERVICE)
    assert not admin.may(Permission.SEE_STUDY, STUDY)
    assert not admin.may(Permission.HEAR_AND_READ, STUDY)


def test_a_token_does_no_more_than_its_scopes() -> None:
    token = Principal(
        "a", roles={STUDY: Role.RESEARCHER}, scopes=frozenset({Permission.SEE_RELEASES})
    )
    assert token.may(Permission.SEE_RELEASES, STUDY)
    assert not token.may(Permission.UPLOAD, STUDY)
    assert not token.may(Permission.BEGIN_STUDY)


def test_a_use_is_written_down_and_a_refusal_is_none(served: Served) -> None:
    path = f"/studies/{STUDY}/recordings/{'2' * 32}/played"
    for role, status in ((Role.ANALYST, 403), (Role.REVIEWER, 200), (Role.REVIEWER, 200)):
        served.be(role, STUDY)
        assert served.client().get(path).status_code == status
    (told,) = find_events(served.store, Wanted(STUDY))
    assert told.event == AuditEvent(Action.PLAYED, "a" * 32, STUDY, "2" * 32)


def test_names_are_never_shown_without_an_event(served: Served) -> None:
    shows_names = [
        (route.path, check.logs)
        for route in iter_route_contexts(served.app.routes)
        for check in checks(route)
        if check.permission in (Permission.SEE_NAMES, Permission.EDIT_NAMES)
        and isinstance(route.original_route, APIRoute)
        and "GET" in (route.original_route.methods or ())
    ]
    assert shows_names
    assert [path for path, logs in shows_names if logs is not Action.VIEWED] == []
