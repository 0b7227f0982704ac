"""Decisions through the page while the browser is killed: what it said is saved, is there once.

What was on its way at that moment is there or is not; the page that is opened next shows which, and
whoever checks goes on there.
"""

import os
import random
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser.big_review import Size, add_review, made_up
from tests.browser.desk import PATIENCE_MS, signed_in
from tests.browser.player import FLAGS
from tests.served import Serve, start
from transcriber.domain.edit import FindingAccepted, FindingRejected
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, path_of
from transcriber.services.review.state import review_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import StudyDraft, create_study

UNSURE = 0.8
"""A score of findings of which none is hidden from whoever checks."""


@dataclass
class Killable:
    """Chromium in a process group of its own."""

    browser: Browser
    process: "subprocess.Popen[str]"

    def kill(self) -> None:
        """End all of its processes with SIGKILL, whatever they do."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def chromium(playwright: Playwright, profile: Path) -> Iterator[Killable]:
    """Start it; its profile is new, so that nothing of an earlier one is left."""
    process = subprocess.Popen(
        ["/usr/bin/chromium", *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={profile}"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"DevTools listening on (ws://\S+)", line):
            break
    else:
        raise AssertionError("Chromium does not start")
    killable = Killable(playwright.chromium.connect_over_cdp(found[1]), process)
    try:
        yield killable
    finally:
        if process.poll() is None:
            killable.kill()
        process.stderr.close()


@dataclass
class Told:
    """What the page said: by the first word of a mark, which key was pressed."""

    saved: dict[str, str] = field(default_factory=dict)
    on_its_way: dict[str, str] = field(default_factory=dict)


class Reviewer:
    """Somebody who decides mark by mark, in one browser after another."""

    def __init__(self, folder: Path, marks: int) -> None:
        home = folder / "h"
        home.mkdir()
        self.store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
        account = create_account(
            self.store, NewAccount("a@example.org", "Ann", begins_studies=True)
        )
        self.account_id = account.id
        self.study = create_study(self.store, account.id, StudyDraft("Three towns"))
        size = Size(marks * 10, marks, marks, 40, 4, marks * 4_000, UNSURE)
        self.recording_id = add_review(self.store, self.study, home, *made_up(size))
        self.serve: Serve = start(home, ["--web-only"])
        self.told = Told()

    def open(self, browser: Browser) -> Page:
        secret = make_link(self.store, self.account_id, LinkKind.SIGN_IN)
        page = signed_in(browser, self.serve.address + path_of(secret)).new_page()
        place = f"/studies/{self.study.id}/recordings/{self.recording_id}/review"
        page.goto(self.serve.address + place)
        page.wait_for_selector("#review[data-whole=true]")
        return page

    def press(self, page: Page) -> tuple[str, str]:
        """Decide on the next mark; return its first word and the key."""
        page.keyboard.press("n")
        first = page.locator("mark.here").get_attribute("data-first")
        assert first is not None
        key = "ar"[len(self.told.saved) % 2]
        page.keyboard.press(key)
        return first, key

    def decide(self, page: Page) -> None:
        """Decide, and wait until the page says that it is saved."""
        first, key = self.press(page)
        expect(page.locator("#review")).to_have_attribute("data-saved", "true")
        self.told.saved[first] = key

    def look(self, page: Page) -> None:
        """See what became of what was on its way when the last browser was killed."""
        for first, key in self.told.on_its_way.items():
            state = page.locator(f'mark[data-first="{first}"]').get_attribute("class") or ""
            if "proposed" not in state:
                self.told.saved[first] = key
        self.told.on_its_way.clear()


def killed_while_deciding(folder: Path, decisions: int, kills: int) -> int:
    """Decide on so many marks; return how many had to be decided on again after a kill."""
    expect.set_options(timeout=PATIENCE_MS)
    reviewer, moments, again = Reviewer(folder, decisions), random.Random(8), 0
    try:
        with sync_playwright() as playwright:
            for number in range(kills + 1):
                with chromium(playwright, folder / f"profile {number}") as killable:
                    page = reviewer.open(killable.browser)
                    before = len(reviewer.told.saved) + len(reviewer.told.on_its_way)
                    reviewer.look(page)
                    again += before - len(reviewer.told.saved)
                    is_last = number == kills
                    upto = decisions if is_last else decisions * (number + 1) // (kills + 1) - 1
                    while len(reviewer.told.saved) < upto:
                        reviewer.decide(page)
                    if not is_last:
                        first, key = reviewer.press(page)
                        reviewer.told.on_its_way[first] = key
                        time.sleep(moments.uniform(0, 0.03))  # whenever it is, nothing may be lost
                        killable.kill()
    finally:
        reviewer.serve.stop()
    review = review_of(reviewer.store, reviewer.study.id, reviewer.recording_id)
    decided = [event.edit for event in review.fold.events]
    kept = {
        edit.first: "a" if isinstance(edit, FindingAccepted) else "r"
        for edit in decided
        if isinstance(edit, FindingAccepted | FindingRejected)
    }
    assert kept == reviewer.told.saved
    assert len(decided) == len(kept) == decisions
    assert len(set(Counter(event.batch for event in review.fold.events).values())) == 1
    return again


@pytest.mark.slow
def test_nothing_that_the_page_said_is_saved_is_lost_when_the_browser_is_killed(
    tmp_path: Path,
) -> None:
    assert killed_while_deciding(tmp_path, decisions=60, kills=3) <= 3


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bk", ignore_cleanup_errors=True) as made:
        repeated = killed_while_deciding(Path(made), decisions=1_000, kills=20)
    print(
        "1,000 decisions through the page, the browser killed 20 times: none lost, none doubled; "
        f"{repeated} of the 20 that were on their way were shown as open and made again"
    )
