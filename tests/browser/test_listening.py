"""Listening to a whole recording, and putting names to voices, in Chromium and by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import set_theme
from tests.browser.looking import WCAG
from tests.browser.sounding import Sounding, sounding, until
from transcriber.services.review.state import review_of
from transcriber.services.review.voices import voices_of

pytestmark = pytest.mark.slow

TALL = 4_000
"""Pixels: the player at the foot then lies over nothing, which axe would take for hidden."""

LENGTH_MS = 60_000
TURN_MS = 6_000


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Sounding]:
    with sounding(tmp_path, LENGTH_MS) as place:
        yield place


def heard_turns(place: Sounding) -> list[bool]:
    review = review_of(place.store, place.heard.study.id, place.heard.id)
    return [turn.heard for turn in review.turns]


def labels(place: Sounding) -> dict[str, tuple[str, bool]]:
    found = voices_of(place.store, place.heard.study.id, place.heard.id)
    return {card.id: (card.label, card.is_confirmed) for card in found.cards}


def play_fast(page: Page) -> None:
    page.evaluate("player.setSpeed(2)")


def test_listening_leads_from_the_first_unheard_turn_on_and_is_kept(place: Sounding) -> None:
    with place.page("/listen") as page:
        expect(page.locator("[data-listen=left]")).to_contain_text("left to hear")
        play_fast(page)
        page.get_by_role("button", name="Listen from the first unheard turn").click()
        page.wait_for_function("() => document.querySelector('#turn-w10').matches('.now')")
        page.wait_for_function("() => player.nowMs > 11_500")  # two turns: to 5 and to 11 seconds
        page.evaluate("player.pause()")
        until(page, lambda: heard_turns(place)[:2] == [True, True])
        assert not any(heard_turns(place)[2:])
        expect(page.locator("#turn-w0")).to_have_class("turn heard")
    with place.page("/listen") as page:
        page.get_by_role("button", name="Listen from the first unheard turn").click()
        page.wait_for_function("() => player.isPlaying && player.nowMs > 12_500")
        assert page.evaluate("player.nowMs") < 15_000
        page.evaluate("player.pause()")


def test_what_was_heard_before_is_passed_over_and_the_end_is_told(place: Sounding) -> None:
    with place.page("/listen") as page:
        play_fast(page)
        page.evaluate("player.play(6_500, 41_500)")  # turns 2 to 7
        page.wait_for_function("() => !player.isPlaying && player.nowMs >= 41_500")
        until(page, lambda: sum(heard_turns(place)) == 6)
        page.evaluate(
            "window.times = []; player.addEventListener('time', e => times.push(e.detail))"
        )
        page.get_by_role("button", name="Listen from the first unheard turn").click()
        expect(page.locator("[data-listen=left]")).to_have_text("All of the talk was heard.")
        assert page.evaluate("times.filter(ms => ms > 9_000 && ms < 40_000).length") == 0
        until(page, lambda: all(heard_turns(place)))
        expect(page.get_by_role("button", name="Next unheard stretch")).to_be_disabled()


def test_with_the_sound_off_no_turn_is_heard(place: Sounding) -> None:
    with place.page("/listen") as page:
        sent: list[str] = []
        page.on("request", lambda asked: sent.append(asked.method))
        page.get_by_role("button", name="Mute").click()
        page.evaluate("player.play(500, 5_500)")
        page.wait_for_function("() => !player.isPlaying && player.nowMs >= 5_500")
        page.get_by_role("button", name="Mute").click()
        assert "POST" not in sent
    assert not any(heard_turns(place))


def test_what_could_not_be_saved_is_sent_again(place: Sounding) -> None:
    with place.page("/listen") as page:
        refused: list[str] = []

        def refuse_once(route: object) -> None:
            if refused:
                route.continue_()  # type: ignore[attr-defined]
            else:
                refused.append("once")
                route.abort()  # type: ignore[attr-defined]

        page.route("**/heard", refuse_once)
        page.evaluate("player.play(500, 5_600)")
        expect(page.locator("[data-listen=left]")).to_contain_text("not saved yet")
        until(page, lambda: heard_turns(place)[0])
        assert refused == ["once"]
        expect(page.locator("[data-listen=left]")).to_contain_text("left to hear")


def test_speech_without_words_is_offered(place: Sounding) -> None:
    with place.page("/listen") as page:
        page.get_by_text("Speech without words: 1").click()
        page.get_by_role("button", name="0:23, 2 s").click()
        page.wait_for_function("() => player.isPlaying && player.nowMs > 23_000")
        page.wait_for_function("() => !player.isPlaying")
        expect(page.locator("[data-played=true]")).to_have_count(1)


def test_voices_are_named_by_keyboard_alone(place: Sounding) -> None:
    with place.page("/voices") as page:
        page.keyboard.press("Tab")
        clip = page.get_by_role("button", name="Play INT, Clip 1")
        for _ in range(60):
            if clip.evaluate("e => e === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.wait_for_function("() => player.isPlaying && player.nowMs > 1_200")
        expect(clip).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Space")
        page.wait_for_function("() => !player.isPlaying")

        page.locator("#label-S1").focus()
        page.keyboard.press("Tab")
        page.keyboard.type("mod")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="MOD")).to_be_visible()
        assert labels(place)["S1"] == ("MOD", True)

        page.locator("#label-S3").focus()
        page.keyboard.press("Tab")
        page.keyboard.type("MOD")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Another voice is MOD already")
        assert labels(place)["S3"] == ("P02", False)

        page.locator("#voice-S3 summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="P02")).to_have_count(0)
        assert set(labels(place)) == {"S1", "S2"}
        page.get_by_role("button", name="Undo your last change").press("Enter")
        expect(page.get_by_role("heading", name="P02")).to_have_count(1)


@pytest.mark.parametrize("path", ["/voices", "/listen"])
def test_no_fault_that_axe_knows(place: Sounding, path: str) -> None:
    for width in (360, 1_400):
        with place.page(path, viewport={"width": width, "height": TALL}) as page:
            for theme in ("light", "dark"):
                set_theme(page, "light" if theme == "light" else "dark")
                found = Axe().run(page, options=WCAG)
                assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
