"""A service in a process of its own with a recording that can be heard, and pages on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.player import FLAGS
from tests.listening import Heard, put_recording, spoken
from tests.service.serving import Server, serving
from tests.stores import AGREED
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store

PATIENCE_MS = 120_000


@dataclass(frozen=True)
class Sounding:
    """What runs, and what can be heard there."""

    store: Store
    server: Server
    heard: Heard
    browser: Browser

    @contextmanager
    def page(self, path: str = "/voices", **options: Any) -> Iterator[Page]:
        """Open a page of the recording; what goes wrong in it fails the test."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(self.server.url + self.heard.page + path)
        page.evaluate(
            """async () => {
              const { src } = document.querySelector("script[src*='sound.js']");
              const { Player } = await import(src.replace("sound.js", "player.js"));
              window.player = new Player();
              await window.player.ready;
              window.told = [];
              window.player.addEventListener("heard", ({ detail }) => window.told.push(detail));
            }"""
        )
        yield page
        context.close()
        # A request that a test refuses is written to the console by the browser itself.
        assert [said for said in wrong if "Failed to load resource" not in said] == []


@contextmanager
def sounding(folder: Path, duration_ms: int) -> Iterator[Sounding]:
    """Serve a recording of this length to Debian's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(folder / "home")}))
    with store.database.write() as connection:
        study = store.studies.add(connection, "Breast-feeding", AGREED)
    heard = put_recording(store, study, folder / "work", spoken(duration_ms))
    with serving(folder / "home", study.id) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield Sounding(store, server, heard, browser)
        finally:
            browser.close()


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for something that comes about, while the page goes on."""
    while not true():
        page.wait_for_timeout(20)
