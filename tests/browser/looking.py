"""A page that no address leads to, looked at as each other one is: axe, both themes, widths."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.desk import set_theme
from tests.browser.screenshots import THEMES, WIDTHS
from tests.browser.test_everybody import WCAG


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
