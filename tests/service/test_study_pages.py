"""Pages that take something: what they refuse comes back with what was typed, and why."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from transcriber.domain.access import Role
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.members import grant
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study, show_study
from transcriber.web.app import make_app

ORIGIN = "https://testserver"
BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path)}))


def account(store: Store, name: str, *, is_admin: bool = False) -> str:
    new = NewAccount(f"{name}@example.ac.uk", name, is_admin=is_admin, begins_studies=True)
    return create_account(store, new).id


def browser_of(store: Store, account_id: str) -> TestClient:
    """Return a browser that somebody has signed in with, by a link."""
    browser = TestClient(make_app(store), base_url=ORIGIN, headers=BROWSER)
    browser.post(path_of(make_link(store, account_id, LinkKind.SIGN_IN)))
    return browser


def version_on(browser: TestClient, path: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def test_a_study_is_made_step_by_step(store: Store) -> None:
    browser = browser_of(store, account(store, "ann"))
    answer = browser.post("/studies/new", data={"name": "Peer support"})
    assert answer.url.path.endswith("/people")
    place = answer.url.path.removesuffix("/people")
    study_id = place.rpartition("/")[2]
    typed = {"participants": "P01: Sarah Whitfield, Saz\nTom", "children": "Lily, Jack"}
    answer = browser.post(
        f"{place}/people",
        data={**typed, "version": version_on(browser, f"{place}/people"), "then": "next"},
    )
    assert answer.url.path == f"{place}/places"
    roster = show_study(store, study_id).agreed.roster
    assert [(one.label, one.name, one.aliases) for one in roster.participants] == [
        ("P01", "Sarah Whitfield", ("Saz",)),
        (None, "Tom", ()),
    ]
    assert roster.people == ("Lily", "Jack")
    shown = browser.get(f"{place}/people").text
    assert "P01: Sarah Whitfield, Saz\nTom" in shown


def test_what_is_refused_comes_back_as_it_was_typed(store: Store) -> None:
    browser = browser_of(store, account(store, "ann"))
    browser.post("/studies/new", data={"name": "Peer support"})
    answer = browser.post("/studies/new", data={"name": "peer  SUPPORT"})
    assert answer.status_code == 422
    assert 'value="peer  SUPPORT"' in answer.text
    assert "There is a study of this name already." in answer.text


def test_nobody_overwrites_what_they_have_not_seen(store: Store) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    browser = browser_of(store, ann)
    place = f"/studies/{study.id}"
    seen = version_on(browser, f"{place}/places")
    browser.post(f"{place}/places", data={"version": seen, "villages": "Hexham"})
    answer = browser.post(f"{place}/places", data={"version": seen, "villages": "Wylam"})
    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text
    assert "Wylam" in answer.text
    assert show_study(store, study.id).agreed.roster.places == ("Hexham",)


@pytest.mark.parametrize("policy", ["/etc/passwd", "../../configs/default.yaml", "nothing", ""])
def test_a_policy_is_one_of_those_shown_and_never_a_file_of_the_server(
    store: Store, policy: str
) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    browser = browser_of(store, ann)
    for then in ("stay", "try"):
        answer = browser.post(
            f"/studies/{study.id}/rules",
            data={"version": str(study.version), "policy": policy, "then": then},
        )
        assert answer.status_code == 422
        assert (
            "There is no such policy." in answer.text or "not as our pages make it" in answer.text
        )
    assert [one.name for one in show_study(store, study.id).agreed.policies] == ["default"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("sound_days", ("soon", "-1", "1e9", "9999999")),
        ("key_on", ("tomorrow", "2027-02-30")),
        ("warning_days", ("a week", "400")),
    ],
)
def test_days_are_numbers_and_dates_are_dates(
    store: Store, field: str, wrong: tuple[str, ...]
) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    browser = browser_of(store, ann)
    for typed in wrong:
        answer = browser.post(f"/studies/{study.id}/promises", data={"version": "1", field: typed})
        assert (answer.status_code, f'value="{typed}"' in answer.text) == (422, True)


def test_an_analyst_sees_neither_recordings_nor_names(store: Store) -> None:
    ann, tom = account(store, "ann"), account(store, "tom")
    study = create_study(store, ann, StudyDraft("Peer support"))
    grant(store, study.id, tom, Role.ANALYST)
    browser = browser_of(store, tom)
    shown = browser.get(f"/studies/{study.id}")
    assert shown.status_code == 200
    assert "No release yet" in shown.text
    assert "data-progress" not in shown.text
    assert "releases only" in browser.get("/studies").text
    for step in ("people", "places", "rules", "promises", "members", "upload"):
        assert browser.get(f"/studies/{study.id}/{step}").status_code == 403
        assert f"/{step}" not in shown.text


def test_a_member_who_is_new_gets_a_link_that_is_shown_once(store: Store) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    browser = browser_of(store, ann)
    place = f"/studies/{study.id}/members"
    answer = browser.post(
        place, data={"email": "ruth@example.ac.uk", "name": "Ruth", "role": "reviewer"}
    )
    link = re.search(r'class="once">(https://testserver/link/[^<]+)<', answer.text)
    assert link is not None
    assert link[1] not in browser.get(place).text
    ruth = TestClient(make_app(store), base_url=ORIGIN, headers=BROWSER)
    assert "You were invited as Ruth." in ruth.get(link[1]).text
    short = ruth.post(link[1], data={"password": "short"})
    assert short.status_code == 422
    words = "correct horse battery staple"
    assert ruth.post(link[1], data={"password": words}).url.path == "/studies"
    assert "Peer support" in ruth.get("/studies").text
    assert ruth.get(link[1]).status_code == 404


def test_the_last_who_manages_a_study_stays(store: Store) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    answer = browser_of(store, ann).post(f"/studies/{study.id}/members/{ann}")
    assert answer.status_code == 422
    assert "Nobody else manages this study." in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//attacker.invalid",
        "https://attacker.invalid",
        "/\\attacker.invalid",
        "/a//b",
        "javascript:1",
    ],
)
def test_signing_in_leads_to_no_other_site(store: Store, elsewhere: str) -> None:
    browser = TestClient(make_app(store), base_url=ORIGIN, headers=BROWSER, follow_redirects=False)
    words = "correct horse battery staple"
    new = NewAccount("ann@example.ac.uk", "Ann")
    create_account(store, new, password=words)
    typed = {"email": "ann@example.ac.uk", "password": words}
    answer = browser.post("/sign-in", data={**typed, "next": elsewhere})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    answer = browser.post("/sign-in", data={**typed, "next": "/studies/new"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/studies/new")


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong(store: Store) -> None:
    browser = TestClient(make_app(store), base_url=ORIGIN, headers=BROWSER)
    answer = browser.post("/sign-in", data={"email": "nobody@example.ac.uk", "password": "x"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="nobody@example.ac.uk"' in answer.text


def test_a_token_is_shown_once_and_ended(store: Store) -> None:
    ann = account(store, "ann")
    create_study(store, ann, StudyDraft("Peer support"))
    browser = browser_of(store, ann)
    answer = browser.post(
        "/account/tokens", data={"name": "Recorder", "scopes": ["upload"], "days": "30"}
    )
    shown = re.search(r'class="once">(transcriber_[^<]+)<', answer.text)
    assert shown is not None
    page = browser.get("/account").text
    assert shown[1] not in page
    assert "Recorder" in page
    ending = re.search(r'action="(/account/tokens/[0-9a-f]+/revoke)"', page)
    assert ending is not None
    assert "Recorder" not in browser.post(ending[1]).text


def test_an_administrator_invites_and_disables(store: Store) -> None:
    browser = browser_of(store, account(store, "root", is_admin=True))
    answer = browser.post("/admin/accounts", data={"email": "a@example.ac.uk", "name": "Amy"})
    assert re.search(r'class="once">https://testserver/link/', answer.text)
    disabling = re.findall(r'action="(/admin/accounts/[0-9a-f]+/disable)"', answer.text)
    refused = browser.post(disabling[0])
    assert (refused.status_code, "only administrator" in refused.text) == (422, True)
    assert "disabled" in browser.post(disabling[1]).text


def test_an_address_that_no_page_makes_is_told_in_words_for_people(store: Store) -> None:
    ann = account(store, "ann")
    study = create_study(store, ann, StudyDraft("Peer support"))
    answer = browser_of(store, ann).get(f"/studies/{study.id}?state=Quillfeather")
    assert answer.status_code == 422
    assert "not as our pages make it" in answer.text
    assert "openapi" not in answer.text
    assert "Quillfeather" not in answer.text
