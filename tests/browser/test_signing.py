"""Reading what leaves, signing it and taking it, by keyboard alone; every page looked at by axe."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import chromium, set_theme, signed_in
from tests.browser.looking import WCAG
from tests.browser.signed_world import SignedWorld, make_signed_world, signed_places
from tests.checked import Checked, recording_to_check
from tests.served import Serve, start
from transcriber.services.accounts import list_accounts
from transcriber.services.links import LinkKind, first_sign_in_link, make_link, path_of
from transcriber.services.review.standing import standing
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store

pytestmark = pytest.mark.slow


class Desk:
    """A service with recordings to sign, and a browser of their lead."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        home = folder / "h"
        home.mkdir()
        self.store: Store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        first_sign_in_link(self.store)
        (admin,) = list_accounts(self.store)
        self.folder, self.account_id = folder, admin.id
        self.world: SignedWorld = make_signed_world(self.store, folder, admin.id)
        self.serve: Serve = start(home, ["--web-only"])
        secret = make_link(self.store, admin.id, LinkKind.SIGN_IN)
        self.context: BrowserContext = signed_in(browser, self.serve.address + path_of(secret))

    def to_check(self) -> Checked:
        return recording_to_check(self.store, self.folder, self.account_id)

    def place(self, checked: Checked, page: str) -> str:
        base = f"{self.serve.address}/studies/{checked.study_id}"
        return f"{base}/recordings/{checked.recording_id}/{page}"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="sg", ignore_cleanup_errors=True) as folder,
        chromium() as browser,
    ):
        desk = Desk(Path(folder), browser)
        yield desk
        desk.context.close()
        desk.serve.stop()


def reach(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    told = "() => (document.activeElement.innerText ?? '').replace(/\\s+/g, ' ').trim()"
    for _ in range(200):
        if page.evaluate(told).startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def test_reading_signing_and_taking_by_keyboard_alone(desk: Desk) -> None:
    checked = desk.to_check()
    checked.accept_all()
    checked.hear_all()
    page = desk.context.new_page()
    page.goto(desk.place(checked, "read"))
    count = page.locator("#count")
    expect(page.locator(".turn").first.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(count).to_have_text("1 of 5 turns confirmed")
    expect(page.locator(".turn").nth(1).get_by_role("button")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".turn").nth(2).get_by_role("button")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(count).to_have_text("4 of 5 turns confirmed")
    page.keyboard.press("Enter")
    expect(count).to_have_text("5 of 5 turns confirmed")
    expect(page.get_by_role("status")).to_have_text("5 of 5 turns confirmed")
    expect(page.get_by_role("link", name="Go to sign-off")).to_be_focused()
    assert standing(desk.store, *checked.here).passes.bulk_read == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-off")
    reach(page, "Sign FG01 off")
    page.keyboard.press("Enter")
    page.wait_for_url("**/releases/*")
    expect(page.get_by_role("status")).to_contain_text("Signed off and released.")
    reach(page, "Plain text")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    text = Path(taken.value.path()).read_text()
    assert text.startswith("checked by a person - release 1\n")
    assert "P01: And then [P01] left for [PLACE_1]." in text
    assert taken.value.suggested_filename == "FG01-v1.txt"
    page.close()


def test_a_turn_that_somebody_else_changed_is_shown_again(desk: Desk) -> None:
    checked = desk.to_check()
    page = desk.context.new_page()
    page.goto(desk.place(checked, "read"))
    checked.withhold(6, 7)
    page.locator(".turn").nth(1).get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this")
    expect(page.locator(".turn").nth(1)).to_contain_text("[passage withheld, 0:01]")
    expect(page.locator("#count")).to_have_text("0 of 5 turns confirmed")
    page.keyboard.press("Tab")
    page.locator(".turn").nth(1).get_by_role("button").focus()
    page.keyboard.press("e")
    page.wait_for_url(f"**/review#turn-{checked.ids()[4]}")
    page.close()


def test_what_is_missing_leads_there_and_looking_is_kept(desk: Desk) -> None:
    page = desk.context.new_page()
    page.goto(desk.place(desk.world.half, "sign-off"))
    expect(page.get_by_role("button", name="Sign FG01 off")).to_be_disabled()
    missing = page.locator(".missing")
    expect(missing).to_contain_text("not heard")
    expect(missing.get_by_role("link", name="Read them")).to_have_count(1)
    looks = page.get_by_role("button", name="I looked, it may stay")
    before = looks.count()
    assert before > 1
    looks.first.click()
    page.wait_for_url("**/sign-off#second-look")
    expect(looks).to_have_count(before - 1)
    page.close()


def test_a_page_of_turns_at_once_is_counted(desk: Desk) -> None:
    checked = desk.to_check()
    page = desk.context.new_page()
    page.goto(desk.place(checked, "read"))
    page.get_by_role("button", name="at once").click()
    expect(page.locator("#count")).to_have_text("5 of 5 turns confirmed")
    page.goto(desk.place(checked, "sign-off"))
    expect(page.locator("main")).to_contain_text("Confirmed a page at a time: 5 turns")
    page.close()


def test_all_releases_are_taken_for_a_coding_tool(desk: Desk) -> None:
    page = desk.context.new_page()
    page.goto(desk.serve.address + signed_places(desk.world)["released"])
    with page.expect_download() as taken:
        page.get_by_role("link", name="For Taguette").first.click()
    assert taken.value.suggested_filename == "releases-taguette.zip"
    with ZipFile(taken.value.path()) as archive:
        assert archive.namelist() == ["README.txt", "attributes.csv", "html/FG01.html"]
        assert b"release 2" in archive.read("html/FG01.html")
    page.get_by_role("link", name="What to click in each tool").click()
    expect(page.get_by_role("heading", name="Taguette")).to_be_visible()
    page.close()


def test_no_page_has_a_fault_that_axe_knows_in_either_theme_or_scrolls_sideways(
    desk: Desk,
) -> None:
    faults: dict[str, list[str]] = {}
    page = desk.context.new_page()
    for name, path in signed_places(desk.world).items():
        page.set_viewport_size({"width": 1400, "height": 900})
        page.goto(desk.serve.address + path)
        for theme in ("light", "dark"):
            set_theme(page, "light" if theme == "light" else "dark")
            found = Axe().run(page, options=WCAG)
            if found.violations_count:
                faults[f"{name}, {theme}"] = [
                    f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
                    for fault in found.response["violations"]
                    for node in fault["nodes"]
                ]
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            faults[name] = ["it scrolls sideways"]
    page.close()
    assert faults == {}
