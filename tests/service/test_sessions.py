"""Cookies and headers as uvicorn really sends them, over TLS."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import httpx
import pytest

from tests.service.people import PASSWORD
from tests.service.running import Running, running_app
from transcriber.api.authentication import COOKIE
from transcriber.api.security_headers import CONTENT_SECURITY_POLICY
from transcriber.domain.access import Permission, Principal
from transcriber.services.accounts import Account, NewAccount, create_account, disable_account
from transcriber.services.links import LinkKind, make_link
from transcriber.services.tokens import create_token
from transcriber.storage.ids import new_id

SESSION, ME = "/api/v1/session", "/api/v1/me"
OTHER = "teapot walrus orbit"
TALK = "Zebedee-Quillfeather"
BROWSERS = 5
PRIVATE = (
    ME,
    "/api/v1/me/sessions",
    "/api/v1/me/tokens",
    "/api/v1/accounts",
    "/api/v1/openapi.json",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_app(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def account(service: Running) -> Account:
    """Somebody new for each test: an administrator, so that no route is closed to them."""
    new = NewAccount(f"{new_id()}@example.ac.uk", "Priya Nair", is_admin=True)
    return create_account(service.store, new, password=PASSWORD)


def sign_in(browser: httpx.Client, account: Account, password: str = PASSWORD) -> httpx.Response:
    answer = browser.post(SESSION, json={"email": account.email, "password": password})
    assert answer.status_code == 200, answer.text
    return answer


def test_the_cookie_is_for_this_host_over_tls_and_not_for_scripts(
    service: Running, account: Account
) -> None:
    with service.browser() as browser:
        answer = sign_in(browser, account)
        (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
        assert cookie.key == COOKIE
        assert COOKIE.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")
        assert (cookie["samesite"], cookie["domain"]) == ("lax", "")
        assert cookie.value not in answer.text
        assert browser.get(ME).json()["account"]["email"] == account.email


def test_every_sign_in_has_a_secret_of_its_own(service: Running, account: Account) -> None:
    """A cookie that somebody planted beforehand is not taken up (session fixation)."""
    with service.browser() as browser:
        sign_in(browser, account)
        first = browser.cookies[COOKIE]
        sign_in(browser, account)
        assert browser.cookies[COOKIE] != first
    with service.browser() as browser:
        browser.cookies.set(COOKIE, "planted", domain="127.0.0.1")
        sign_in(browser, account)
        assert "planted" not in [cookie.value for cookie in browser.cookies.jar if cookie.secure]


def signed_out(service: Running, account: Account, browser: httpx.Client) -> None:
    assert browser.delete("/api/v1/me/sessions").status_code == 204


def password_changed(service: Running, account: Account, browser: httpx.Client) -> None:
    body = {"old": PASSWORD, "new": OTHER}
    assert browser.put("/api/v1/me/password", json=body).status_code == 204
    assert browser.get(ME).status_code == 200  # this browser goes on with a new cookie


def password_reset(service: Running, account: Account, browser: httpx.Client) -> None:
    secret = make_link(service.store, account.id, LinkKind.RESET)
    with service.browser() as other:
        body = {"secret": secret, "password": OTHER}
        assert other.post("/api/v1/links/accept", json=body).status_code == 200


def disabled(service: Running, account: Account, browser: httpx.Client) -> None:
    disable_account(service.store, account.id)


@pytest.mark.parametrize("end", [signed_out, password_changed, password_reset, disabled])
def test_no_old_session_is_accepted_anywhere(
    service: Running, account: Account, end: Callable[[Running, Account, httpx.Client], None]
) -> None:
    create_account(service.store, NewAccount(f"{new_id()}@x", "Another", is_admin=True))
    old = []
    with service.browser() as browser:
        for _ in range(BROWSERS):
            sign_in(browser, account)
            old.append(browser.cookies[COOKIE])
        end(service, account, browser)
    accepted = []
    with service.script() as script:
        for secret in old:
            headers = {"cookie": f"{COOKIE}={secret}", "sec-fetch-site": "same-origin"}
            accepted += [
                path for path in PRIVATE if script.get(path, headers=headers).status_code != 401
            ]
            if script.delete(SESSION, headers=headers).status_code != 401:
                accepted.append(SESSION)
    assert accepted == []


def test_signing_out_ends_the_session_and_takes_the_cookie_back(
    service: Running, account: Account
) -> None:
    with service.browser() as browser:
        sign_in(browser, account)
        secret = browser.cookies[COOKIE]
        assert browser.delete(SESSION).status_code == 204
        assert COOKIE not in browser.cookies
        answer = browser.get(ME, headers={"cookie": f"{COOKIE}={secret}"})
        assert answer.status_code == 401


def test_a_token_signs_a_program_in_and_manages_no_account(
    service: Running, account: Account
) -> None:
    who = Principal(account.id, is_admin=True)
    scopes = frozenset({Permission.MANAGE_SERVICE})
    token, secret = create_token(service.store, who, "script", scopes, days=1)
    with service.script({"authorization": f"Bearer {secret}"}) as script:
        assert script.get(ME).status_code == 200
        assert script.get("/api/v1/accounts").status_code == 200
        for path in ("/api/v1/me/tokens", "/api/v1/me/sessions"):
            assert script.get(path).status_code == 403
    with service.browser() as browser:
        sign_in(browser, account)
        assert browser.delete(f"/api/v1/me/tokens/{token.id}").status_code == 204
        for header in (f"Bearer {secret}", "Bearer", "Basic eDp5", "Bearer \u00e9"):
            sent = [(b"authorization", header.encode("latin-1"))]
            assert browser.get(ME, headers=sent).status_code == 401, "the token is what counts"


@pytest.mark.parametrize(
    "path", [*PRIVATE, "/api/v1/health", "/nothing", "/broken?said=x", "/api/v1/health/"]
)
def test_every_answer_has_the_headers_and_stays_in_no_cache(
    service: Running, account: Account, path: str
) -> None:
    with service.browser() as browser:
        answers = [browser.get(path)]
        sign_in(browser, account)
        answers += [browser.get(path), browser.post(path), browser.post(path, headers=CROSS_SITE)]
    for answer in answers:
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "microphone=()" in headers["permissions-policy"]
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert "access-control-allow-origin" not in headers


CROSS_SITE = {"sec-fetch-site": "cross-site"}


def test_the_policy_allows_nothing_inline_and_no_third_party() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) == {"'self'", "'none'"}
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"


def test_what_nobody_foresaw_says_nothing_of_what_it_happened_to(service: Running) -> None:
    with service.script() as script:
        answer = script.get("/broken", params={"said": TALK})
        assert (answer.status_code, answer.json()["code"]) == (500, "defect")
        with pytest.raises(httpx.RemoteProtocolError):  # an answer that had begun is cut off
            script.get("/broken/halfway", params={"said": TALK})
    told = service.log.read_text()
    assert "ValueError at run_app.py" in told
    assert told.count("defect: ") >= 2
    for unwanted in (TALK, "Traceback", "said"):
        assert unwanted not in told


def test_credentials_are_in_no_log(service: Running, account: Account) -> None:
    with service.browser() as browser:
        sign_in(browser, account)
        browser.post(SESSION, json={"email": account.email, "password": OTHER})
        browser.post(SESSION, content=f'{{"email": "{TALK}'.encode())
        secret = browser.cookies[COOKIE]
    told = service.log.read_text()
    for unwanted in (account.email, PASSWORD, OTHER, TALK, secret):
        assert unwanted not in told
