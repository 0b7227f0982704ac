"""Every route says what it leaves in the audit, and what is asked for here leaves exactly that.

The routes come from the app itself: a new one without a row fails. Rows with a request are asked in
one study from top to bottom, because the last ones erase it; each has to leave the actions that it
names and no other. What needs more than that is stated, and asked by its own tests.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from tests.checked import recording_to_check
from tests.service.people import signed_in
from tests.service.signing import signed_all
from tests.service.test_access_matrix import routes
from transcriber.api.needs import checks
from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.services import audit
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.members import grant
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.database.audit_events import events
from transcriber.web.app import make_app

STUDY = "/api/v1/studies/{study_id}"
RECORDING = STUDY + "/recordings/{recording_id}"
RELEASE = STUDY + "/releases/{release_id}"
PAGE = "/studies/{study_id}"
PAGES = PAGE + "/recordings/{recording_id}"

NONE = ()
"""It shows codes, counts, settings, how far things are, or what is one's own: nobody's talk, and no
name of a participant."""


@dataclass(frozen=True)
class Row:
    """What a request to a route leaves, in this order."""

    route: str
    leaves: tuple[Action, ...] = NONE
    json: Any = None
    data: Mapping[str, Any] | None = None
    query: str = ""


def gets(leaves: tuple[Action, ...], *paths: str) -> tuple[Row, ...]:
    return tuple(
        Row(f"GET {path.partition('?')[0]}", leaves, query=path.partition("?")[2]) for path in paths
    )


ROWS = (
    *gets(
        NONE,
        "/api/v1/health",
        "/api/v1/openapi.json",
        "/api/v1/me",
        "/api/v1/me/sessions",
        "/api/v1/me/tokens",
        "/api/v1/accounts",
        "/api/v1/studies",
        "/api/v1/policies",
        "/api/v1/service/state",
        STUDY,
        f"{STUDY}/members",
        f"{STUDY}/audit",
        f"{STUDY}/recordings",
        f"{STUDY}/recording-counts",
        f"{STUDY}/releases",
        f"{STUDY}/first-recording",
        f"{STUDY}/webhooks",
        f"{STUDY}/destinations",
        f"{STUDY}/identifiers-seen",
        f"{STUDY}/echoes",
        f"{STUDY}/retention",
        f"{STUDY}/withdrawals",
        f"{STUDY}/withdrawals/preview?label=P01",
        RECORDING,
        f"{RECORDING}/sound",
        f"{RECORDING}/lanes",
        f"{RECORDING}/progress-now",
        f"{RECORDING}/participants",
        "/account",
        "/admin",
        "/admin/accounts",
        "/admin/audit",
        "/help",
        "/help/promises",
        "/help/coding-tools",
        "/style",
        "/studies",
        "/studies/new",
        "/before-recording",
        PAGE,
        f"{PAGE}/audit",
        f"{PAGE}/data-protection",
        f"{PAGE}/name",
        f"{PAGE}/members",
        f"{PAGE}/rules",
        f"{PAGE}/promises",
        f"{PAGE}/upload",
        f"{PAGE}/released",
        f"{PAGE}/checking",
        f"{PAGE}/hand-off",
        f"{PAGE}/retention",
        f"{PAGE}/seen",
        PAGES,
    ),
    Row(f"GET {STUDY}/documents/{{which}}"),
    *gets(
        (Action.VIEWED,),
        f"{STUDY}/roster",
        f"{STUDY}/entities",
        f"{STUDY}/consent",
        f"{RECORDING}/transcript",
        f"{RECORDING}/findings",
        f"{RECORDING}/doubts",
        f"{RECORDING}/review",
        f"{RECORDING}/review/history",
        f"{RECORDING}/review/changes?since=0",
        f"{PAGE}/people",
        f"{PAGE}/consent",
        f"{PAGE}/places",
        f"{PAGE}/withdrawal",
        f"{PAGE}/names-found",
        f"{PAGE}/echoes",
        f"{PAGE}/releases/{{release_id}}",
        f"{PAGE}/releases/{{release_id}}/text",
        f"{PAGES}/review",
        f"{PAGES}/review/turns",
        f"{PAGES}/review/changes?since=0",
        f"{PAGES}/review/pleas",
        f"{PAGES}/review/history",
        f"{PAGES}/voices",
        f"{PAGES}/listen",
        f"{PAGES}/read",
        f"{PAGES}/sign-off",
        f"{PAGES}/sign-off/text",
        f"{PAGES}/copy",
        f"{PAGES}/pictures",
        f"{PAGES}/blind",
        f"{PAGES}/sample",
    ),
    *gets(
        (Action.EXPORTED,),
        f"{STUDY}/provenance",
        f"{STUDY}/bundle",
        f"{STUDY}/project",
        f"{RELEASE}/file",
        f"{RELEASE}/package",
        f"{RELEASE}/provenance",
        f"{RELEASE}/bundle?tool=nvivo",
    ),
    *gets((Action.AUDIT_EXPORTED,), f"{STUDY}/audit/file"),
    Row(f"POST {PAGE}/key.csv", (Action.EXPORTED,)),
    Row(f"POST {PAGES}/copy", (Action.EXPORTED,), data={"label": "P01", "kind": "txt"}),
    Row(f"POST {STUDY}/participant-file", (Action.PARTICIPANT_EXPORTED,), {"labels": ["P01"]}),
    Row(f"POST {PAGE}/data-protection", (Action.PARTICIPANT_EXPORTED,), data={"labels": "P01"}),
    Row(f"POST {PAGE}/withdrawal/preview", data={"who": "P01"}),
    Row(f"PUT {STUDY}/consent/{{label}}", (Action.CONSENT_CHANGED,), {"quoted": "agreed"}),
    Row(
        f"POST {STUDY}/consent/log",
        (Action.CONSENT_CHANGED,),
        {"text": "label,quoted\nP01,yes", "keep": True},
    ),
    Row(f"PUT {RECORDING}/participants", (Action.CONSENT_CHANGED,), {"labels": ["P01"]}),
    Row(f"POST {PAGES}/participants", (Action.CONSENT_CHANGED,), data={"labels": "P01"}),
    Row(
        f"POST {PAGE}/consent",
        (Action.VIEWED, Action.CONSENT_CHANGED),
        data={"label": "P01", "quoted": "agreed"},
    ),
    Row(
        f"POST {PAGE}/consent/log",
        (Action.VIEWED, Action.CONSENT_CHANGED),
        data={"log": "label,quoted\nP01,yes", "then": "keep"},
    ),
    Row(
        f"POST {STUDY}/members",
        (Action.MEMBER_ADDED, Action.ACCOUNT_INVITED),
        {"email": "ben@example.org", "name": "Ben", "role": "analyst"},
    ),
    Row(
        f"POST {PAGE}/members",
        (Action.MEMBER_ADDED, Action.ACCOUNT_INVITED),
        data={"email": "cat@example.org", "name": "Cat", "role": "analyst"},
    ),
    Row(f"PUT {STUDY}/members/{{account_id}}", (Action.ROLE_CHANGED,), {"role": "reviewer"}),
    Row(f"POST {PAGE}/members/{{account_id}}", (Action.ROLE_CHANGED,), data={"role": "analyst"}),
    Row(f"DELETE {STUDY}/members/{{account_id}}", (Action.MEMBER_REMOVED,)),
    Row("PATCH /api/v1/accounts/{account_id}", (Action.RIGHTS_CHANGED,), {"begins_studies": True}),
    Row("POST /api/v1/accounts/{account_id}/reset", (Action.RESET_LINK_MADE,)),
    Row("POST /admin/accounts/{account_id}/rights", (Action.RIGHTS_CHANGED,), data={}),
    Row("POST /admin/accounts/{account_id}/link", (Action.ACCOUNT_INVITED,)),
    Row("POST /admin/accounts/{account_id}/disable", (Action.ACCOUNT_DISABLED,)),
    Row("POST /admin/accounts/{account_id}/enable", (Action.ACCOUNT_ENABLED,)),
    Row(
        "POST /api/v1/accounts",
        (Action.ACCOUNT_INVITED,),
        {"email": "dan@example.org", "name": "Dan"},
    ),
    Row(
        "POST /admin/accounts",
        (Action.ACCOUNT_INVITED,),
        data={"email": "eve@example.org", "name": "Eve"},
    ),
    Row("POST /studies/new", (Action.STUDY_CREATED,), data={"name": "Another"}),
    Row("POST /api/v1/studies", (Action.STUDY_CREATED,), {"name": "A third"}),
    Row(
        f"POST {STUDY}/webhooks",
        (Action.WEBHOOK_CREATED,),
        {"url": "https://93.184.216.34/told"},
    ),
    Row(
        "POST /api/v1/me/tokens",
        (Action.TOKEN_CREATED,),
        {"name": "script", "scopes": ["see_releases"], "days": 1},
    ),
    Row(f"POST {PAGE}/promises", (Action.CHANGED,), data={"version": 1}),
    Row(f"POST {PAGE}/places", (Action.VIEWED, Action.CHANGED), data={"version": 2}),
    Row(f"POST {PAGE}/people", (Action.VIEWED, Action.CHANGED), data={"version": 3}),
    Row(f"POST {PAGE}/rules", (Action.CHANGED,), data={"version": 4, "policy": "default"}),
    Row(f"POST {PAGE}/name", (Action.CHANGED,), data={"version": 5, "name": "Renamed"}),
    Row(f"PUT {RECORDING}/priority", (Action.JOB_PRIORITISED,), {"priority": "high"}),
    Row(
        f"POST {PAGE}/releases/{{release_id}}/withdraw",
        (Action.RELEASE_WITHDRAWN,),
        data={"reason": "A name was left."},
    ),
    Row(f"POST {PAGES}/erase", (Action.RECORDING_ERASED,)),
    Row(f"DELETE {STUDY}", (Action.STUDY_ERASED,)),
    Row("DELETE /api/v1/session", (Action.SIGNED_OUT,)),
)

STATED = {
    NONE: (
        "GET /",
        f"GET {STUDY}/withdrawals/{{withdrawal_id}}",
        f"GET {STUDY}/withdrawals/{{withdrawal_id}}/receipt",
        f"GET {PAGE}/withdrawal/{{withdrawal_id}}",
        "GET /static/{digest}/{name:path}",
        "GET /sign-in",
        "GET /link/{secret}",
        "GET /api/v1/single-sign-on",
        "GET /api/v1/service/examination",
        "POST /admin",
        "POST /api/v1/consent-log",
        "POST /api/v1/policies/{name}/example",
        f"GET {STUDY}/progress",
        f"GET {RECORDING}/progress",
        f"GET {RECORDING}/peaks",
        f"GET {RECORDING}/review/events",
        f"GET {STUDY}/webhooks/{{webhook_id}}",
        f"GET {STUDY}/webhooks/{{webhook_id}}/messages",
        f"POST {STUDY}/webhooks/{{webhook_id}}/enable",
        f"POST {STUDY}/webhooks/{{webhook_id}}/ping",
        f"OPTIONS {STUDY}/uploads",
        f"POST {STUDY}/uploads",
        f"HEAD {STUDY}/uploads/{{upload_id}}",
        f"PATCH {STUDY}/uploads/{{upload_id}}",
        f"DELETE {STUDY}/uploads/{{upload_id}}",
        f"POST {PAGE}/checking/start",
        f"POST {STUDY}/destinations/{{destination_id}}/retry",
        f"POST {PAGE}/hand-off/{{destination_id}}/retry",
    ),
    (Action.SIGNED_IN,): (
        "POST /api/v1/session",
        "POST /api/v1/session/link",
        "POST /api/v1/links/accept",
        "GET /api/v1/single-sign-on/callback",
        "POST /sign-in",
        "POST /link/{secret}",
    ),
    (Action.SIGNED_OUT,): (
        "DELETE /api/v1/me/sessions",
        "DELETE /api/v1/me/sessions/{session_id}",
        "POST /account/sessions/{session_id}/end",
        "POST /sign-out",
    ),
    (Action.PASSWORD_CHANGED,): ("PUT /api/v1/me/password", "POST /account/password"),
    (Action.TOKEN_CREATED,): ("POST /account/tokens",),
    (Action.TOKEN_REVOKED,): (
        "DELETE /api/v1/me/tokens/{token_id}",
        "POST /account/tokens/{token_id}/revoke",
    ),
    (Action.WEBHOOK_REMOVED,): (f"DELETE {STUDY}/webhooks/{{webhook_id}}",),
    (Action.RECORDING_ADDED,): (f"POST {STUDY}/recordings",),
    (Action.RECORDING_ERASED,): (f"DELETE {RECORDING}",),
    (Action.JOB_RETRIED,): (f"POST {RECORDING}/retry", f"POST {PAGES}/retry"),
    (Action.JOB_CANCELLED,): (f"POST {RECORDING}/cancel", f"POST {PAGES}/cancel"),
    (Action.VIEWED,): (
        f"GET {PAGES}/review/alikes",
        f"GET {PAGES}/review/history/{{number}}",
        f"GET {PAGE}/seen/{{sighting_id}}",
        f"GET {PAGE}/seen/{{sighting_id}}/note",
        f"GET {STUDY}/identifiers-seen/{{sighting_id}}/note",
    ),
    (Action.EXPORTED,): (
        f"GET {RELEASE}/changes",
        f"GET {STUDY}/retention/certificate",
        f"POST {PAGE}/retention/certificate",
    ),
    (Action.DESTINATION_ADDED,): (f"POST {STUDY}/destinations", f"POST {PAGE}/hand-off"),
    (Action.DESTINATION_REMOVED,): (
        f"DELETE {STUDY}/destinations/{{destination_id}}",
        f"POST {PAGE}/hand-off/{{destination_id}}/remove",
    ),
    (Action.IDENTIFIER_SEEN,): (
        f"POST {RELEASE}/identifier-seen",
        f"POST {PAGE}/releases/{{release_id}}/seen",
    ),
    (Action.RELEASE_RECALLED, Action.SIGHTING_ANSWERED): (f"POST {PAGE}/seen/{{sighting_id}}",),
    (Action.CHANGED, Action.ECHO_DECIDED): (
        f"PUT {STUDY}/echoes/{{echo_id}}",
        f"POST {PAGE}/echoes/{{echo_id}}",
    ),
    (Action.HOLD_PLACED,): (f"POST {STUDY}/retention/holds", f"POST {PAGE}/retention/holds"),
    (Action.HOLD_LIFTED,): (
        f"DELETE {STUDY}/retention/holds/{{hold_id}}",
        f"POST {PAGE}/retention/holds/{{hold_id}}/lift",
    ),
    (Action.PARTICIPANT_WITHDRAWN, Action.WITHDRAWAL_FINISHED): (
        f"POST {STUDY}/withdrawals",
        f"POST {PAGE}/withdrawal",
    ),
    (Action.ASSESSED,): (
        f"PUT {STUDY}/retention/assessment",
        f"POST {PAGE}/retention/assessment",
    ),
    (Action.PLAYED,): (f"GET {RECORDING}/audio",),
    (Action.SOUND_EXPORTED,): (f"GET {RELEASE}/sound", f"POST {RECORDING}/own-turns"),
    (Action.LOOKED_AT,): (f"POST {PAGES}/sign-off/looked",),
    (Action.DRAFT_OVERRIDDEN,): (f"POST {PAGES}/sign-off/override",),
    (Action.RELEASED,): (f"POST {PAGES}/sign-off",),
    (Action.CHANGED,): (
        f"PUT {STUDY}",
        f"PUT {STUDY}/roster",
        f"POST {STUDY}/entities/decisions",
        f"POST {STUDY}/entities/decisions/{{decision_id}}/undo",
        f"POST {STUDY}/first-recording/confirm",
        f"POST {RECORDING}/heard",
        f"POST {RECORDING}/review/decisions",
        f"POST {RECORDING}/review/undo",
        f"POST {RECORDING}/review/redo",
        f"POST {PAGE}/names-found",
        f"POST {PAGE}/names-found/accept",
        f"POST {PAGE}/names-found/confirm",
        f"POST {PAGE}/names-found/{{decision_id}}/undo",
        f"POST {PAGES}/blind",
        f"POST {PAGES}/read",
        f"POST {PAGES}/review/decisions",
        f"POST {PAGES}/review/for-study",
        f"POST {PAGES}/review/heard",
        f"POST {PAGES}/review/for-study/undo",
        f"POST {PAGES}/review/history",
        f"POST {PAGES}/review/undo",
        f"POST {PAGES}/review/redo",
        f"POST {PAGES}/sample",
        f"POST {PAGES}/voices",
    ),
}
"""What routes leave that need more than one study to be asked: uploads, sound, sign-in, decisions.
Their own tests ask them; that they are stated here keeps a new route from being forgotten."""


@dataclass(frozen=True)
class World:
    """A study with a release, whoever leads it and runs the service, and a member."""

    store: Store
    app: FastAPI
    client: TestClient
    ids: Mapping[str, str]

    def actions(self) -> list[str]:
        with self.store.database.read() as connection:
            return [event.action for _, event in events(connection)]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(audit, "SAME_USE_MS", 0)
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "home")}))
    lead = create_account(store, NewAccount("ada@example.org", "Ada", True, True)).id
    member = create_account(store, NewAccount("oda@example.org", "Oda")).id
    checked = recording_to_check(store, tmp_path, lead)
    release_id = signed_all(checked)
    grant(store, checked.study_id, member, Role.ANALYST)
    app = make_app(store)
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    client.headers.update(signed_in(store, lead))
    ids = {
        "study_id": checked.study_id,
        "recording_id": checked.recording_id,
        "release_id": release_id,
        "account_id": member,
        "which": "dpia",
        "label": "P01",
    }
    return World(store, app, client, ids)


def test_every_route_says_once_what_it_leaves(world: World) -> None:
    told = [row.route for row in ROWS] + [route for each in STATED.values() for route in each]
    assert sorted(told) == sorted(routes(world.app))


def test_what_is_asked_for_leaves_what_its_row_says_and_nothing_else(world: World) -> None:
    for row in ROWS:
        method, path = row.route.split()
        path = re.sub(r"{(\w+)}", lambda name: world.ids[name[1]], path)
        before = len(world.actions())
        answer = world.client.request(method, f"{path}?{row.query}", json=row.json, data=row.data)
        assert answer.status_code < 400, row.route
        assert tuple(world.actions()[before:]) == row.leaves, row.route


def test_a_check_that_logs_logs_what_the_row_says(world: World) -> None:
    """Also of routes that are not asked here."""
    told = {row.route: row.leaves for row in ROWS}
    told |= {route: leaves for leaves, each in STATED.items() for route in each}
    for route in iter_route_contexts(world.app.routes):
        for check in checks(route):
            for method in route.original_route.methods or ():  # type: ignore[attr-defined]
                leaves = told[f"{method} {route.path}"]
                assert check.logs is None or check.logs in leaves, route.path
