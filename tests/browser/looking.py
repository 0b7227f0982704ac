"""How pages are looked at: by axe, in both themes, narrow and wide."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.desk import set_theme
from tests.browser.screenshots import THEMES, WIDTHS

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

IN_TURN = pytest.mark.parametrize(
    "themes",
    [
        pytest.param(("light", "dark"), id="light first"),
        pytest.param(("dark", "light"), id="dark first", marks=pytest.mark.full),
    ],
)
"""Pages are looked at in one theme and the other in turn; in full, each in both."""


def looked_at(page: Page, pictures: Path, name: str) -> None:
    """Nothing keeps anybody from using the page, in either theme and however wide it is."""
    for width_name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        for theme in THEMES:
            set_theme(page, theme)
            page.screenshot(path=pictures / f"{name}-{theme}-{width_name}.png", full_page=True)
            found = Axe().run(page, options=WCAG).response["violations"]
            assert [each["id"] for each in found] == [], name
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, name
