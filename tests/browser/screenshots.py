"""Screenshots of every page, light and dark, narrow and wide, empty and full, to be looked at.

python -m tests.browser.screenshots OUT
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.browser.desk import Theme, chromium, set_theme, signed_in
from tests.browser.places import open_places, places
from tests.browser.world import make_world
from tests.served import start

WIDTHS = {"narrow": 360, "wide": 1440}
THEMES: tuple[Theme, ...] = ("light", "dark")


def main(out: Path) -> None:
    """Write `OUT/PAGE-THEME-WIDTH.png` for each."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ss") as folder:
        home = Path(folder) / "h"
        world = make_world(home)
        serve = start(home, ["--web-only"])
        try:
            with chromium() as browser:
                nobody = browser.new_context()
                _take(nobody, serve.address, open_places(world), out)
                somebody = signed_in(browser, serve.address + world.link)
                _take(somebody, serve.address, places(world), out)
        finally:
            serve.stop()


def _take(context: BrowserContext, address: str, wanted: dict[str, str], out: Path) -> None:
    for name, path in wanted.items():
        page = context.new_page()
        for width_name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 800})
            for theme in THEMES:
                set_theme(page, theme)
                page.goto(address + path)
                if name == "rules":
                    page.wait_for_selector("#example p")
                page.screenshot(path=out / f"{name}-{theme}-{width_name}.png", full_page=True)
        page.close()
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
