"""Every page for everybody: both themes, narrow, without a script; nothing typed is run."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.desk import Theme, chromium, set_theme, signed_in
from tests.browser.looking import IN_TURN, WCAG
from tests.browser.places import open_places, places
from tests.browser.world import World, make_world
from tests.hostile import HOSTILE
from tests.served import Serve, start
from transcriber.domain.roster import Participant, Roster
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.studies import draft_of, edit_study, show_study

pytestmark = pytest.mark.slow

NARROW = {"width": 320, "height": 640}
"""1280 px at 400 % (WCAG 2.2, 1.4.10)."""


@pytest.fixture(scope="module")
def used() -> Iterator[tuple[World, Serve]]:
    """A service that has been used for a while."""
    with TemporaryDirectory(prefix="ev", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        world = make_world(home)
        serve = start(home, ["--web-only"])
        yield world, serve
        serve.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def somebody(browser: Browser, used: tuple[World, Serve]) -> Iterator[BrowserContext]:
    world, serve = used
    secret = make_link(world.store, world.account_id, LinkKind.SIGN_IN)
    context = signed_in(browser, serve.address + path_of(secret))
    yield context
    context.close()


def visits(
    browser: Browser, somebody: BrowserContext, used: tuple[World, Serve]
) -> Iterator[tuple[str, Page]]:
    """Open each page, for nobody or for somebody, and yield it with its name."""
    world, serve = used
    nobody = browser.new_context()
    try:
        for context, wanted in ((nobody, open_places(world)), (somebody, places(world))):
            page = context.new_page()
            for name, path in wanted.items():
                page.goto(serve.address + path)
                yield name, page
            page.close()
    finally:
        nobody.close()


@IN_TURN
def test_no_page_has_a_fault_that_axe_knows_in_either_theme(
    browser: Browser,
    somebody: BrowserContext,
    used: tuple[World, Serve],
    themes: tuple[Theme, Theme],
) -> None:
    faults: dict[str, list[str]] = {}
    seen = 0
    for (name, page), theme in zip(visits(browser, somebody, used), cycle(themes), strict=False):
        # As tall as it is: what lies under a bar at the foot would be taken for hidden.
        page.set_viewport_size({"width": 1_280, "height": 6_000})
        set_theme(page, theme)
        found = Axe().run(page, options=WCAG)
        seen += 1
        if found.violations_count:
            faults[f"{name}, {theme}"] = [
                f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
                for fault in found.response["violations"]
                for node in fault["nodes"]
            ]
    assert seen == len(open_places(used[0])) + len(places(used[0]))
    assert faults == {}


def test_no_page_scrolls_sideways_at_four_times_the_size(
    browser: Browser, somebody: BrowserContext, used: tuple[World, Serve]
) -> None:
    wide: dict[str, int] = {}
    for name, page in visits(browser, somebody, used):
        page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        width: int = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            wide[name] = width
    assert wide == {}


def test_every_page_is_there_without_a_script(browser: Browser, used: tuple[World, Serve]) -> None:
    world, serve = used
    secret = make_link(world.store, world.account_id, LinkKind.SIGN_IN)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serve.address + path_of(secret))
    page.get_by_role("button", name="Sign in").click()
    for path in places(world).values():
        page.goto(serve.address + path)
        assert page.locator("h1").count() == 1
    page.goto(f"{serve.address}/studies/{world.empty_id}/people")
    page.get_by_label("Which children").fill("Lily")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "Saved." in page.inner_text("main")
    assert show_study(world.store, world.empty_id).agreed.roster.people == ("Lily",)
    context.close()


def test_hostile_names_are_shown_as_they_were_written_and_never_run(
    somebody: BrowserContext, used: tuple[World, Serve]
) -> None:
    world, serve = used
    page = somebody.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    study_id = world.empty_id
    assert len(HOSTILE) == 100
    for name in HOSTILE:
        study = show_study(world.store, study_id)
        roster = Roster((Participant(name, aliases=(f"{name}s",)),), (name,), (name,), (name,))
        draft = draft_of(study)
        changed = type(draft)(name, roster, draft.policies, draft.terms)
        edit_study(world.store, world.account_id, study_id, changed, study.version)
        page.goto(f"{serve.address}/studies/{study_id}")
        shown = " ".join(name.split())
        assert " ".join(str(page.locator("h1").text_content()).split()) == shown
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{serve.address}/studies/{study_id}/people")
        assert " ".join(page.get_by_label("Anybody else").input_value().split()) == shown
    page.goto(f"{serve.address}/studies")
    assert page.evaluate("window.struck === undefined")
    assert page.locator("main script, main img, main iframe, main svg").count() == 0
    assert said == []
