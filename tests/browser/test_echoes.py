"""What may repeat what was withdrawn: decided beside the talk and on the page of the study."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.desk import chromium, set_theme, signed_in
from tests.browser.echoed_world import EchoedWorld, echoed_places, make_echoed_world
from tests.browser.looking import WCAG
from tests.served import Serve, start
from transcriber.services.accounts import list_accounts
from transcriber.services.links import LinkKind, first_sign_in_link, make_link, path_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.withdrawal.echoes import echoes_to_decide

pytestmark = pytest.mark.slow


class Desk:
    """A service with a group in which somebody withdrew, and a browser of its lead."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        home = folder / "h"
        home.mkdir()
        self.store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        first_sign_in_link(self.store)
        (admin,) = list_accounts(self.store)
        self.world: EchoedWorld = make_echoed_world(self.store, folder, admin.id)
        self.serve: Serve = start(home, ["--web-only"])
        secret = make_link(self.store, admin.id, LinkKind.SIGN_IN)
        self.context: BrowserContext = signed_in(browser, self.serve.address + path_of(secret))

    def states(self) -> list[str]:
        shown = echoes_to_decide(self.store, self.world.checked.study_id)
        return sorted(each.state.value for each in shown)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="ec", ignore_cleanup_errors=True) as folder,
        chromium() as browser,
    ):
        desk = Desk(Path(folder), browser)
        yield desk
        desk.context.close()
        desk.serve.stop()


def test_beside_the_talk_one_is_taken_out_and_one_may_stay(desk: Desk) -> None:
    assert desk.states() == ["left", "open", "open", "withheld"]
    page = desk.context.new_page()
    page.goto(desk.serve.address + echoed_places(desk.world)["echoes-review"])
    beside = page.locator("#pleas")
    expect(beside.get_by_role("heading", name="May repeat what was withdrawn")).to_be_visible()
    expect(beside.get_by_role("listitem")).to_have_count(2)
    beside.get_by_role("link").first.click()
    expect(page.locator("#turns .turn.here, #turns .turn:focus").first).to_be_visible()
    beside.get_by_role("button", name="It may stay").last.click()
    expect(beside.get_by_role("listitem")).to_have_count(1)
    assert desk.states() == ["left", "left", "open", "withheld"]
    beside.get_by_role("button", name="Take this passage out").click()
    expect(beside.get_by_role("listitem")).to_have_count(0)
    assert desk.states() == ["left", "left", "withheld", "withheld"]


def test_on_the_page_of_the_study_they_are_decided_by_keyboard(desk: Desk) -> None:
    page = desk.context.new_page()
    page.goto(desk.serve.address + echoed_places(desk.world)["echoes"])
    expect(page.get_by_role("heading", name="2 passages to decide on")).to_be_visible()
    page.get_by_role("button", name="Withhold it").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 passage to decide on")).to_be_visible()
    page.get_by_role("button", name="It may stay").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is left to decide.")).to_be_visible()
    assert desk.states() == ["left", "left", "withheld", "withheld"]


def test_its_pages_can_be_used_by_everybody(desk: Desk) -> None:
    page = desk.context.new_page()
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("light", "dark"):
            set_theme(page, theme)
            for name, path in echoed_places(desk.world).items():
                page.goto(desk.serve.address + path)
                if name == "echoes-review":
                    page.wait_for_selector("#pleas li")
                found = Axe().run(page, options=WCAG).response["violations"]
                assert not found, (name, theme, width, [each["id"] for each in found])
                wider = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert wider <= 0, (name, width)
