"""The page of checking, second looks and the tour: by keyboard, in both themes, narrow and wide."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk import Theme, chromium, set_theme, signed_in
from tests.browser.looking import IN_TURN, WCAG
from tests.checked_study import Written, lines, write_recording
from tests.served import Serve, start
from transcriber.domain.recording import Kind
from transcriber.services.accounts import list_accounts
from transcriber.services.links import first_sign_in_link, path_of
from transcriber.services.review.blind import blind_result
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study

pytestmark = pytest.mark.slow

RECORDINGS = 22


@dataclass(frozen=True)
class Desk:
    """A service with a full and an empty study, and somebody signed in who leads both."""

    store: Store
    serve: Serve
    context: BrowserContext
    first: Written
    empty_id: str

    def places(self) -> dict[str, str]:
        """The pages by name."""
        study = f"/studies/{self.first.study_id}"
        recording = f"{study}/recordings/{self.first.recording_id}"
        return {
            "checking": f"{study}/checking",
            "checking, empty": f"/studies/{self.empty_id}/checking",
            "checking, none of them": f"{study}/checking?show=signed-off",
            "pictures": f"{recording}/pictures",
            "blind": f"{recording}/blind",
            "sample": f"{recording}/sample",
            "promises": "/help/promises",
            "coding tools": "/help/coding-tools",
            "study with the tour": study,
        }


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with TemporaryDirectory(prefix="ck", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        link = path_of(first_sign_in_link(store))
        (admin,) = list_accounts(store)
        study = create_study(store, admin.id, StudyDraft("Peer support in three towns"))
        empty = create_study(store, admin.id, StudyDraft("Groups of fathers"))
        written = [
            write_recording(
                *(store, study, lines(10 + number)),
                content=str(number),
                kind=Kind.GROUP if number % 5 == 0 else Kind.INDIVIDUAL,
            )
            for number in range(RECORDINGS)
        ]
        serve = start(home, ["--web-only"])
        try:
            with chromium() as browser:
                context = signed_in(browser, serve.address + link)
                yield Desk(store, serve, context, written[0], empty.id)
        finally:
            serve.stop()


@IN_TURN
def test_no_page_has_a_fault_that_axe_knows_nor_scrolls_sideways(
    desk: Desk, themes: tuple[Theme, Theme]
) -> None:
    page = desk.context.new_page()
    faults: dict[str, object] = {}
    for name, path in desk.places().items():
        for width, theme in zip((320, 1400), themes, strict=True):
            page.set_viewport_size({"width": width, "height": 800})
            set_theme(page, theme)
            page.goto(desk.serve.address + path)
            if "tour" in name:
                page.wait_for_selector("#tour:not([hidden])")
            found = Axe().run(page, options=WCAG)
            if found.violations_count:
                faults[f"{name}, {theme}, {width}"] = found.generate_report()
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults[f"{name}, {width}"] = "scrolls sideways"
    page.close()
    assert faults == {}


def test_a_stretch_is_marked_by_keyboard_alone(desk: Desk) -> None:
    page = desk.context.new_page()
    page.goto(desk.serve.address + desk.places()["blind"])
    words = page.locator("input[name=word]")
    words.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(words.nth(1)).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    expect(words.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep and go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept. Here is the next one.")).to_be_visible()
    result = blind_result(desk.store, desk.first.study_id)
    assert result.stretches == 1
    assert result.alike.both + result.alike.other == 2
    page.close()


def test_the_tour_is_gone_for_whoever_has_closed_it(desk: Desk) -> None:
    context = desk.context
    page = context.new_page()
    page.goto(f"{desk.serve.address}/studies/{desk.empty_id}")
    tour = page.locator("#tour")
    expect(tour).to_be_visible()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    expect(tour.get_by_role("heading", name="2. Upload")).to_be_visible()
    expect(tour.get_by_role("heading", name="1. Names")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    page.reload()
    page.wait_for_load_state("load")
    expect(tour).to_be_hidden()
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tour'))")
    assert len(kept) == 1
    page.goto(f"{desk.serve.address}/help")
    page.get_by_role("button", name="Show the tour again").click()
    page.goto(f"{desk.serve.address}/studies/{desk.empty_id}")
    expect(tour).to_be_visible()
    page.close()
