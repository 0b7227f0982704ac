"""Somebody withdraws from a focus group: shown, confirmed by typing, seen on pages after it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.desk import chromium, signed_in
from tests.browser.looking import looked_at
from tests.served import Serve, start
from tests.withdrawing import NAME, SAID_IN_GROUP, Withdrawn, study_to_withdraw_from
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

pytestmark = pytest.mark.slow


class Desk:
    """A service with a study from which somebody withdraws, and a browser of its lead."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        home = folder / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        self.study: Withdrawn = study_to_withdraw_from(store, folder)
        self.serve: Serve = start(home, ["--web-only"])
        secret = make_link(store, self.study.actor_id, LinkKind.SIGN_IN)
        self.context: BrowserContext = signed_in(browser, self.serve.address + path_of(secret))

    def place(self, rest: str) -> str:
        return f"{self.serve.address}/studies/{self.study.study_id}/{rest}"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="wd", ignore_cleanup_errors=True) as folder,
        chromium() as browser,
    ):
        desk = Desk(Path(folder), browser)
        yield desk
        desk.context.close()
        desk.serve.stop()


def test_a_focus_group_from_preview_to_receipt(desk: Desk, tmp_path: Path) -> None:
    page = desk.context.new_page()
    page.goto(desk.place("data-protection"))
    page.get_by_role("link", name="Withdrawal, and receipts").click()
    expect(page.get_by_role("cell", name=NAME)).to_be_visible()
    looked_at(page, tmp_path, "choose")
    page.get_by_role("button", name="Preview of a withdrawal of P01").click()
    expect(page.get_by_role("heading", name="Withdrawal of P01")).to_be_visible()
    group = page.locator("li", has_text="2 turns of theirs")
    expect(group).to_contain_text(CONTRIBUTION_WITHDRAWN)
    looked_at(page, tmp_path, "preview")
    page.get_by_label("Type P01 to confirm").fill("P02")
    page.get_by_role("button", name="Take out all that is theirs").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the label")
    page.get_by_label("Type P01 to confirm").focus()
    page.keyboard.type("P01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Receipt of a withdrawal")).to_be_visible()
    expect(page.get_by_text("version 2 takes its place")).to_be_visible()
    looked_at(page, tmp_path, "receipt")
    page.goto(desk.place(f"recordings/{desk.study.group.recording_id}/review"))
    expect(page.get_by_text(CONTRIBUTION_WITHDRAWN).first).to_be_visible()
    expect(page.get_by_text("Mine grew by the river.")).to_be_visible()
    assert SAID_IN_GROUP not in page.content()
    page.goto(desk.place("withdrawal"))
    expect(page.get_by_role("link", name="Receipt of")).to_be_visible()
    assert NAME not in page.content()
    looked_at(page, tmp_path, "receipts")
