"""Axe over the review page of a three-hour recording, with all its turns, in both themes.

python -m tests.browser.big_axe
"""

import tempfile
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.browser.big_review import BIG, add_review, made_up
from tests.browser.desk import chromium, set_theme, signed_in
from tests.browser.looking import WCAG
from tests.served import start
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import StudyDraft, create_study


def main() -> int:
    """Print each fault that axe finds, and return how many there are."""
    with tempfile.TemporaryDirectory(prefix="ba", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "h"
        home.mkdir()
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        account = create_account(store, NewAccount("a@example.org", "Ann", begins_studies=True))
        study = create_study(store, account.id, StudyDraft("Three hours"))
        recording_id = add_review(store, study, home, *made_up())
        serve, faults = start(home, ["--web-only"]), 0
        try:
            with chromium() as browser:
                link = path_of(make_link(store, account.id, LinkKind.SIGN_IN))
                page = signed_in(browser, serve.address + link).new_page()
                page.goto(f"{serve.address}/studies/{study.id}/recordings/{recording_id}/review")
                page.wait_for_selector("#review[data-whole=true]")
                page.keyboard.press("n")
                for theme in ("light", "dark"):
                    set_theme(page, "light" if theme == "light" else "dark")
                    began_s = time.monotonic()
                    found = Axe().run(page, options=WCAG)
                    faults += found.violations_count
                    took_s = time.monotonic() - began_s
                    turns = page.locator(".turn").count()
                    print(
                        f"{theme}: {found.violations_count} faults in {turns:,} of "
                        f"{BIG.segments:,} turns ({took_s:.0f} s)",
                        flush=True,
                    )
                    if found.violations_count:
                        print(found.generate_report())
        finally:
            serve.stop()
    return faults


if __name__ == "__main__":
    raise SystemExit(min(main(), 1))
