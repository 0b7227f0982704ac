"""A browser in front of a service: Chromium, signed in by the link that the service printed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.player import FLAGS

PATIENCE_MS = 120_000
"""Machines are shared; a page that is right late is right."""

Theme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser: Browser, link: str) -> BrowserContext:
    """Return a context of somebody who used a sign-in link."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/studies")
    page.close()
    return context


def set_theme(page: Page, theme: Theme) -> None:
    """Let the computer be set to light or dark."""
    page.emulate_media(color_scheme=theme)
