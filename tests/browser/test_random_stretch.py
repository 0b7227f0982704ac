"""A random stretch with its sound: one key plays it to its end, nothing shows what was found."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import set_theme
from tests.browser.looking import WCAG
from tests.browser.sounding import sounding

pytestmark = pytest.mark.slow

LENGTH_MS = 60_000
TALL = 4_000
"""Pixels: the player at the foot then lies over nothing, which axe would take for hidden."""


def test_a_stretch_is_played_by_key_and_without_a_tick(tmp_path: Path) -> None:
    with sounding(tmp_path, LENGTH_MS) as place:
        with place.page("/blind") as page:
            from_ms, to_ms = (
                int(str(page.locator("#stretch").get_attribute(f"data-{end}")))
                for end in ("from", "to")
            )
            page.evaluate("player.setSpeed(2)")
            page.keyboard.press("p")
            page.wait_for_function(f"() => player.isPlaying && player.nowMs > {from_ms + 3_500}")
            page.keyboard.press("b")
            assert from_ms <= page.evaluate("player.nowMs") < from_ms + 3_500
            page.wait_for_function(f"() => !player.isPlaying && player.nowMs >= {to_ms}")
            assert page.evaluate("player.lanes.ticks.length") == 0
            expect(page.get_by_role("button", name="Play this stretch")).to_be_visible()
        for path in ("/blind", "/sample"):
            with place.page(path, viewport={"width": 360, "height": TALL}) as page:
                for theme in ("light", "dark"):
                    set_theme(page, "light" if theme == "light" else "dark")
                    found = Axe().run(page, options=WCAG)
                    assert found.violations_count == 0, found.generate_report()
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
