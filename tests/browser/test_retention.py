"""What is due, a hold by keyboard alone, and the certificate of what is gone."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import chromium, signed_in
from tests.browser.looking import looked_at
from tests.browser.rights_world import RightsWorld, make_rights_world
from tests.served import Serve, start
from transcriber.services.accounts import list_accounts
from transcriber.services.links import LinkKind, first_sign_in_link, make_link, path_of
from transcriber.services.retention.keeping import keeping_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

pytestmark = pytest.mark.slow

REASON = "The panel asked for it."


class Desk:
    """A service with a study whose days have come, and a browser of its lead."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        home = folder / "h"
        home.mkdir()
        self.store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        first_sign_in_link(self.store)
        (admin,) = list_accounts(self.store)
        self.world: RightsWorld = make_rights_world(self.store, folder, admin.id)
        self.serve: Serve = start(home, ["--web-only"])
        secret = make_link(self.store, admin.id, LinkKind.SIGN_IN)
        self.context: BrowserContext = signed_in(browser, self.serve.address + path_of(secret))

    def page(self, rest: str = "") -> Page:
        page = self.context.new_page()
        page.goto(f"{self.serve.address}/studies/{self.world.kept.study_id}{rest}")
        return page


@pytest.fixture
def desk() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="rt", ignore_cleanup_errors=True) as folder,
        chromium() as browser,
    ):
        desk = Desk(Path(folder), browser)
        yield desk
        desk.context.close()
        desk.serve.stop()


def test_from_the_warning_to_the_certificate(desk: Desk, tmp_path: Path) -> None:
    page = desk.page()
    page.get_by_role("link", name="See what and when").click()
    expect(page.get_by_role("row", name="2 named transcripts FG01, INT01 soon")).to_be_visible()
    held = "The sound of 1 recording, 1 named transcript INT02 held"
    expect(page.get_by_role("row", name=held)).to_be_visible()
    page.get_by_role("button", name="Certificate of destruction").click()
    expect(page.get_by_role("heading", name="Sound of a recording")).to_have_count(2)
    looked_at(page, tmp_path, "certificate")
    page.get_by_role("link", name="How long it is kept").click()
    expect(page.get_by_role("heading", name="What is gone")).to_be_visible()


def test_a_hold_is_placed_and_lifted_without_a_mouse(desk: Desk) -> None:
    page = desk.page("/retention")
    page.get_by_text("Place a hold").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("On", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    placed = page.get_by_role("listitem").filter(has_text=REASON)
    expect(placed).to_contain_text("The whole study")
    assert all(due.held for due in keeping_of(desk.store, desk.world.kept.study_id).due)
    placed.get_by_role("button", name="Lift this hold").focus()
    page.keyboard.press("Enter")
    expect(placed).to_contain_text("lifted by")


def test_a_preview_with_something_in_the_way(desk: Desk, tmp_path: Path) -> None:
    page = desk.page("/withdrawal")
    page.get_by_role("button", name="Preview of a withdrawal of P01").click()
    expect(page.get_by_role("link", name="Look at legal holds")).to_be_visible()
    looked_at(page, tmp_path, "held")
