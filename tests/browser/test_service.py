"""From the link that `serve` prints to a finished recording, all in Chromium."""

import re
import signal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import chromium, signed_in
from tests.browser.drops import drop
from tests.served import Serve, serving
from transcriber.sample import sample_audio

pytestmark = pytest.mark.slow

PATIENCE_MS = 1_500_000
"""A recording of three minutes, on a machine that others use too."""


def make_study(page: Page, serve: Serve) -> None:
    """Go through the form of five minutes, step by step."""
    page.goto(f"{serve.address}/")
    page.get_by_role("link", name="Make the first study").click()
    page.get_by_label("What is the study called?").fill("Peer support")
    page.get_by_role("button", name="Go on to people").click()
    page.get_by_label("Who takes part?").fill("MOD: Daniel Price, Daniel")
    page.get_by_text("Take them from a consent log").click()
    page.get_by_label("Paste the log").fill(
        "name\tid\tconsent\nSarah Whitfield\tP01\tyes\nAndrew Mackenzie\tP02\tyes"
    )
    page.get_by_role("button", name="Read it into the list").click()
    expect(page.get_by_role("status")).to_contain_text("2 participants read")
    page.get_by_label("Which children").fill("Lily\nJack")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Which villages").fill("Ashford\nStonebridge")
    page.get_by_role("button", name="Save and go on").click()
    example = page.locator("#example")
    expect(example).to_contain_text("[P03]")
    page.get_by_role("radio", name=re.compile("^Open")).check()
    expect(example).not_to_contain_text("March 2019")
    page.get_by_role("radio", name=re.compile("^Default")).check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Days after release").first.fill("30")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Go to the recordings").click()


def test_a_researcher_gets_from_the_link_to_a_finished_recording() -> None:
    with serving() as serve, chromium() as browser:
        context = signed_in(browser, serve.link)
        cookies = {cookie["name"]: cookie for cookie in context.cookies()}
        assert cookies["__Host-transcriber"]["secure"]
        assert cookies["__Host-transcriber"]["httpOnly"]
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

        make_study(page, serve)
        page.get_by_role("link", name="Add recordings").first.click()
        page.get_by_label("Focus groups").check()
        drop(page, {"focus group.ogg": sample_audio().read_bytes()})
        expect(page.get_by_role("link", name="FG01")).to_be_visible()

        page.get_by_role("link", name="Peer support").click()
        row = page.locator("tbody tr")
        expect(row.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
        expect(row.locator(".state")).to_have_text("Draft", timeout=PATIENCE_MS)
        expect(row).to_contain_text("Focus group")
        expect(row.locator("td.number")).to_have_text(re.compile(r"^\d:\d\d$"))

        page.get_by_role("link", name="FG01").click()
        expect(page.get_by_role("heading", name="How it sounds")).to_be_visible()
        expect(page.get_by_role("heading", name="Speech without words")).to_be_visible()
        assert page.locator("td .state.failed").count() == 0

        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{serve.address}/studies")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert wrong == []
        context.close()
        assert serve.stop(signal.SIGINT) == 0


def test_a_link_is_good_once_and_old_sessions_are_not_there_without_it() -> None:
    with serving() as serve, chromium() as browser:
        signed_in(browser, serve.link).close()
        page = browser.new_page()
        page.goto(serve.link)
        expect(page.get_by_role("heading", name="This link works no more")).to_be_visible()
        page.goto(f"{serve.address}/studies?cursor=1")
        assert page.url == f"{serve.address}/sign-in?next=/studies"
