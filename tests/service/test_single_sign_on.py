"""Signing in through a real provider of OpenID Connect, which runs beside the service."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.service.running import Running, running_app, running_server
from transcriber.api.authentication import COOKIE
from transcriber.domain.audit import Action
from transcriber.services.accounts import NewAccount, account_named, disable_account
from transcriber.services.links import invite, look_at
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import events

pytestmark = pytest.mark.slow

EMAIL = "priya.nair@example.ac.uk"
START, BACK = "/api/v1/single-sign-on", "/api/v1/single-sign-on/callback"
CONFIG = """
oidc:
  issuer: {issuer}
  client_id: transcriber
  client_secret_file: {secret}
  only: true
"""


@dataclass
class Organisation:
    """A service and the provider that vouches for its people."""

    service: Running
    provider: str

    def knows(self, subject: str, **claims: object) -> None:
        httpx.put(f"{self.provider}/users/{subject}", json=claims).raise_for_status()

    def leave(self, browser: httpx.Client) -> str:
        """Go to the provider; return the address that it was asked by."""
        answer = browser.get(START)
        assert answer.status_code == 302
        return answer.headers["location"]

    def sign_in_there(self, address: str, subject: str) -> str:
        """Sign in at the provider; return the address that it sends the browser back to."""
        answer = httpx.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def sign_in(self, browser: httpx.Client, subject: str) -> httpx.Response:
        """Go there and come back, as a browser does with its buttons."""
        return browser.get(self.sign_in_there(self.leave(browser), subject))


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    folder = tmp_path_factory.mktemp("organisation")
    secret = folder / "secret"
    secret.write_text("s3cret\n")
    command = ["-m", "oidc_provider_mock", "--port", "0", "--require-nonce", "true"]
    with running_server(command, folder / "provider.log", {}) as provider:
        config = CONFIG.format(issuer=provider, secret=secret)
        with running_app(folder / "service", config) as service:
            yield Organisation(service, provider)


def who(browser: httpx.Client) -> str | None:
    answer = browser.get("/api/v1/me")
    return answer.json()["account"]["email"] if answer.status_code == 200 else None


def last_action(store: Store) -> str:
    with store.database.read() as connection:
        return events(connection)[-1][1].action


def test_an_invited_person_signs_in_and_is_known_by_subject_from_then_on(
    organisation: Organisation,
) -> None:
    store = organisation.service.store
    _, link = invite(store, NewAccount(EMAIL, "Priya Nair"))
    organisation.knows("priya", email=EMAIL.upper(), email_verified=True)
    with organisation.service.browser() as browser:
        answer = organisation.sign_in(browser, "priya")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert who(browser) == EMAIL
    assert account_named(store, EMAIL).has_subject
    assert last_action(store) == Action.SIGNED_IN
    with pytest.raises(Exception, match="used already"):
        look_at(store, link)
    organisation.knows("priya", email="married@example.ac.uk", email_verified=False)
    with organisation.service.browser() as browser:
        organisation.sign_in(browser, "priya")
        assert who(browser) == EMAIL
    disable_account(store, account_named(store, EMAIL).id)
    with organisation.service.browser() as browser:
        assert organisation.sign_in(browser, "priya").status_code == 401
        assert who(browser) is None
    assert last_action(store) == Action.SIGN_IN_FAILED


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        ("nobody", {"email": "nobody@example.ac.uk", "email_verified": True}),
        ("unverified", {"email": "tom@example.ac.uk", "email_verified": False}),
        ("text", {"email": "tom@example.ac.uk", "email_verified": "true"}),
        ("silent", {"email": "tom@example.ac.uk"}),
        ("empty", {}),
    ],
)
def test_who_was_not_invited_by_a_verified_address_is_not_let_in(
    organisation: Organisation, subject: str, claims: dict[str, object]
) -> None:
    store = organisation.service.store
    invite(store, NewAccount("tom@example.ac.uk", "Tom"))
    organisation.knows(subject, **claims)
    with organisation.service.browser() as browser:
        answer = organisation.sign_in(browser, subject)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_invited")
        assert COOKIE not in browser.cookies
        assert who(browser) is None
    assert last_action(store) == Action.SIGN_IN_FAILED


def test_the_provider_is_asked_with_a_code_challenge_a_nonce_and_a_state(
    organisation: Organisation,
) -> None:
    with organisation.service.browser() as browser:
        asked = [parse_qs(urlsplit(organisation.leave(browser)).query) for _ in range(2)]
    for query in asked:
        assert query["response_type"] == ["code"]
        assert query["code_challenge_method"] == ["S256"]
        assert query["redirect_uri"] == [organisation.service.url + BACK]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


def came_back(organisation: Organisation, browser: httpx.Client) -> str:
    organisation.knows("mallory", email="mallory@example.ac.uk", email_verified=True)
    return organisation.sign_in_there(organisation.leave(browser), "mallory")


def test_an_answer_of_the_provider_is_worth_nothing_in_another_browser(
    organisation: Organisation,
) -> None:
    """Somebody who lures another into their own account (login CSRF, RFC 6819 4.4.1.8)."""
    with organisation.service.browser() as attacker, organisation.service.browser() as victim:
        address = came_back(organisation, attacker)
        for _ in range(2):  # without any cookie, then with that of a sign-in of their own
            answer = victim.get(address)
            assert (answer.status_code, answer.json()["code"]) == (400, "sign_in_interrupted")
            organisation.leave(victim)


@pytest.mark.parametrize("changed", ["state", "code"])
def test_a_changed_answer_is_refused(organisation: Organisation, changed: str) -> None:
    with organisation.service.browser() as browser:
        address = httpx.URL(came_back(organisation, browser))
        answer = browser.get(address.copy_set_param(changed, "x" * 30))
        assert (answer.status_code, answer.json()["code"]) == (400, "sign_in_interrupted")


def test_a_changed_cookie_is_refused(organisation: Organisation) -> None:
    with organisation.service.browser() as browser:
        address = came_back(organisation, browser)
        (cookie,) = list(browser.cookies.jar)
        assert (cookie.secure, cookie.path) == (True, "/")
        assert "state" not in str(cookie.value)
        cookie.value = f"{cookie.value}"[:-8] + "AAAAAAA="
        assert browser.get(address).json()["code"] == "sign_in_interrupted"


def test_an_answer_is_used_once(organisation: Organisation) -> None:
    store = organisation.service.store
    organisation.knows("ada", email="ada@example.ac.uk", email_verified=True)
    invite(store, NewAccount("ada@example.ac.uk", "Ada"))
    with organisation.service.browser() as browser:
        asked = organisation.leave(browser)
        kept = dict(browser.cookies)
        address = organisation.sign_in_there(asked, "ada")
        assert browser.get(address).status_code == 303
    with organisation.service.browser() as again:
        again.cookies.update(kept)
        assert again.get(address).json()["code"] == "sign_in_interrupted"


def test_who_says_no_at_the_provider_is_not_signed_in(organisation: Organisation) -> None:
    with organisation.service.browser() as browser:
        address = organisation.leave(browser)
        denied = httpx.post(address, data={"action": "deny"}).headers["location"]
        answer = browser.get(denied)
        assert (answer.status_code, answer.json()["code"]) == (400, "sign_in_interrupted")


def test_passwords_are_off_where_the_organisation_alone_vouches(
    organisation: Organisation,
) -> None:
    _, link = invite(organisation.service.store, NewAccount("eve@example.ac.uk", "Eve"))
    password = "otter lantern gravel"
    with organisation.service.browser() as browser:
        for path, body in (
            ("/api/v1/session", {"email": EMAIL, "password": password}),
            ("/api/v1/links/accept", {"secret": link, "password": password}),
        ):
            answer = browser.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "no_passwords")


def test_a_provider_that_is_away_is_told(tmp_path: Path) -> None:
    config = "oidc: " + json.dumps({"issuer": "http://127.0.0.1:9", "client_id": "transcriber"})
    with running_app(tmp_path, config) as service, service.browser() as browser:
        answer = browser.get(START)
        assert (answer.status_code, answer.json()["code"]) == (502, "provider_unreachable")


def test_without_a_provider_there_is_nothing_to_go_to(tmp_path: Path) -> None:
    with running_app(tmp_path) as service, service.browser() as browser:
        for path in (START, BACK):
            assert browser.get(path).status_code == 404
