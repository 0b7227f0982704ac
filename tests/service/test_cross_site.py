"""Whatever another site makes a browser send is refused, on every route that changes something."""

import re
from itertools import product

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.service.people import People, gather
from tests.service.test_access_matrix import routes
from transcriber.domain.access import Role
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.web.app import make_app

pytestmark = pytest.mark.slow

ORIGIN = "https://testserver"
METHODS = ("POST", "PUT", "PATCH", "DELETE")
SITES = ("cross-site", "same-site", "none", "", "SAME-ORIGIN", "same-origin, cross-site")
ORIGINS = (
    None,
    "null",
    "",
    "https://evil.example",
    "https://testserver.evil.example",
    "https://evil.example#https://testserver",
    "http://testserver",
    "https://testserver:444",
    "https://sub.testserver",
    "HTTPS://TESTSERVER",
    ORIGIN,
)
FOREIGN: list[dict[str, str]] = [
    # Fetch Metadata, which no page can forge; what Origin says beside it does not help.
    *(
        {"sec-fetch-site": site} | ({} if origin is None else {"origin": origin})
        for site, origin in product(SITES, ORIGINS)
    ),
    # Older browsers: Origin alone.
    *({"origin": origin} for origin in ORIGINS if origin not in (None, ORIGIN)),
]
KINDS = ("application/json", "text/plain", "application/x-www-form-urlencoded", "")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("cross_site")
    return make_app(open_store(load_settings({"TRANSCRIBER_HOME": str(folder)})))


@pytest.fixture(scope="module")
def people(app: FastAPI) -> People:
    return gather(app.state.store)


@pytest.fixture(scope="module")
def unsafe(app: FastAPI, people: People) -> list[tuple[str, str]]:
    """Every route that changes something, and some that are not there."""
    found = [route.split() for route in routes(app)]
    found += [[method, path] for method in METHODS for path in ("/", "/nothing")]
    return [
        (method, re.sub(r"{[\w:]+}", "0" * 32, path.replace("{study_id}", people.study_id)))
        for method, path in found
        if method in METHODS
    ]


def cookie_of(people: People) -> dict[str, str]:
    return {"cookie": people.headers[Role.DATA_MANAGER]["cookie"]}


def is_refused(client: TestClient, route: tuple[str, str], headers: dict[str, str]) -> bool:
    answer = client.request(*route, headers=headers, content="{}")
    return (answer.status_code, answer.json()["code"]) == (403, "cross_site")


def test_all_cross_site_requests_are_refused(
    app: FastAPI, people: People, unsafe: list[tuple[str, str]]
) -> None:
    with TestClient(app, base_url=ORIGIN) as client:
        client.cookies.clear()
        passed = [
            (route, headers)
            for route in unsafe
            for headers in FOREIGN
            for sent in (headers, headers | cookie_of(people))
            if not is_refused(client, route, sent)
        ]
    assert passed == []
    assert len(unsafe) * len(FOREIGN) > 1000


def test_a_cookie_without_a_word_of_where_it_comes_from_is_refused(
    app: FastAPI, people: People, unsafe: list[tuple[str, str]]
) -> None:
    with TestClient(app, base_url=ORIGIN) as client:
        for route, kind in product(unsafe, KINDS):
            headers = cookie_of(people) | {"content-type": kind}
            assert is_refused(client, route, headers), route


def test_a_token_does_not_excuse_a_cookie(
    app: FastAPI, people: People, unsafe: list[tuple[str, str]]
) -> None:
    token = {"authorization": "Bearer transcriber_x"}
    with TestClient(app, base_url=ORIGIN) as client:
        for route in unsafe:
            for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
                assert is_refused(client, route, token | cookie_of(people) | headers), route


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": ORIGIN},
        {"origin": ORIGIN},
    ],
)
def test_our_own_pages_get_through(app: FastAPI, people: People, headers: dict[str, str]) -> None:
    with TestClient(app, base_url=ORIGIN) as client:
        sent = cookie_of(people) | headers
        answer = client.put(f"/api/v1/studies/{people.study_id}/members/{'0' * 32}", headers=sent)
        assert answer.status_code == 422


def test_programs_get_through_without_saying_where_they_come_from(
    app: FastAPI, people: People
) -> None:
    with TestClient(app, base_url=ORIGIN) as client:
        assert client.post("/api/v1/session", json={}).status_code == 422
        token = people.headers["token"]
        assert client.delete(f"/api/v1/me/tokens/{'0' * 32}", headers=token).status_code == 403
