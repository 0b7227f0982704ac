"""Hostile words, names, reasons and replacements on every page of checking and signing."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.desk import chromium, signed_in
from tests.checked import Checked, recording_to_check
from tests.hostile import HOSTILE
from tests.served import Serve, start
from transcriber.domain.edit import Noted
from transcriber.domain.finding import EntityType
from transcriber.services.accounts import list_accounts
from transcriber.services.links import LinkKind, first_sign_in_link, make_link, path_of
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import standing
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

pytestmark = pytest.mark.slow

STRUCK = HOSTILE[0]
"""Runs where it is not written as text."""

SAID = [text for text in HOSTILE if "rah" not in text]
"""Without the name that the study knows, which may not leave."""

NAME = "<Quenilla>"


@pytest.fixture(scope="module")
def hostile() -> Iterator[tuple[BrowserContext, Serve, dict[str, str]]]:
    """A recording that was signed, withdrawn, changed and signed again, and its pages."""
    with TemporaryDirectory(prefix="ht", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        first_sign_in_link(store)
        (admin,) = list_accounts(store)
        checked = recording_to_check(
            *(store, Path(folder), admin.id),
            lines=[
                ("P01" if n % 2 else "MOD", text)
                for n, text in enumerate((*SAID, f"It was {NAME} who came"))
            ],
            names=[(NAME, EntityType.PERSON, "[PERSON_1]<b>")],
        )
        checked.all_passes()
        first = signed(checked)
        withdraw(store, admin.id, checked.study_id, first, STRUCK)
        ids = checked.ids()
        checked.decide(Noted(ids[5], ids[9], STRUCK))
        checked.withhold(5, 9, STRUCK)
        checked.read_all()
        second = signed(checked)
        serve = start(home, ["--web-only"])
        try:
            with chromium() as browser:
                secret = make_link(store, admin.id, LinkKind.SIGN_IN)
                context = signed_in(browser, serve.address + path_of(secret))
                yield context, serve, pages(checked, first, second)
        finally:
            serve.stop()


def signed(checked: Checked) -> str:
    """Sign it, whatever the second look asks about, and return the release's id."""
    for seen in standing(checked.store, *checked.here).panel.to_look_at:
        look(checked.store, checked.actor_id, *checked.here, seen.key)
    now = standing(checked.store, *checked.here)
    assert [seen.leak.text for seen in now.panel.blocking] == []
    assert [obstacle.missing for obstacle in now.obstacles] == []
    release_id = sign(checked.store, checked.actor_id, *checked.here, now.seen).release_id
    assert release_id is not None
    return release_id


def pages(checked: Checked, first: str, second: str) -> dict[str, str]:
    study = f"/studies/{checked.study_id}"
    recording = f"{study}/recordings/{checked.recording_id}"
    of_recording = ("voices", "listen", "review", "read", "sign-off", "copy")
    looked_at = ("pictures", "blind", "sample")
    return {
        **{name: f"{recording}/{name}" for name in (*of_recording, *looked_at)},
        **{name: f"{study}/{name}" for name in ("checking", "names-found", "released")},
        "first release": f"{study}/releases/{first}",
        "second release": f"{study}/releases/{second}",
    }


def test_nothing_hostile_is_run_and_no_page_is_torn(
    hostile: tuple[BrowserContext, Serve, dict[str, str]],
) -> None:
    context, serve, wanted = hostile
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 900})
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    wide = []
    for name, path in wanted.items():
        answer = page.goto(serve.address + path)
        assert answer is not None
        assert answer.status == 200, name
        page.wait_for_load_state("load")
        if name == "review":
            page.wait_for_selector("#review[data-whole=true]")
        assert page.evaluate("window.struck === undefined"), name
        assert page.locator("main img, main iframe, main object, main [onerror]").count() == 0, name
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert wide == []
    assert said == []


def test_they_stand_where_they_were_said(
    hostile: tuple[BrowserContext, Serve, dict[str, str]],
) -> None:
    context, serve, wanted = hostile
    page = context.new_page()
    page.goto(serve.address + wanted["listen"])
    shown = " ".join(str(page.locator("main").text_content()).split())
    assert [text for text in SAID if " ".join(text.split()) not in shown] == []
