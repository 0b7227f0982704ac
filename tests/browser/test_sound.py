"""The player in Chromium: what it plays, what it says was heard, and how it is used by keyboard."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import set_theme
from tests.browser.looking import WCAG
from tests.browser.sounding import Sounding, sounding

pytestmark = pytest.mark.slow

TALL = 4_000
"""Pixels: the player at the foot then lies over nothing, which axe would take for hidden."""

LENGTH_MS = 420_000
CLOSE_MS = 120
"""A frame of sound and one of the screen, and some for a machine that others use."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sounding]:
    with sounding(tmp_path_factory.mktemp("sound"), LENGTH_MS) as place:
        yield place


@pytest.fixture
def page(place: Sounding) -> Iterator[Page]:
    with place.page() as page:
        yield page


def now(page: Page) -> int:
    return int(page.evaluate("player.nowMs"))


def told(page: Page) -> list[tuple[int, int]]:
    """What was told as heard, merged by the test itself."""
    merged: list[tuple[int, int]] = []
    for stretch in sorted((t["startMs"], t["endMs"]) for t in page.evaluate("told")):
        if merged and stretch[0] <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stretch[1]))
        else:
            merged.append(stretch)
    return merged


def played(page: Page, from_ms: int, to_ms: int) -> None:
    """Play from here to there and wait until it has stopped."""
    page.evaluate("([from, to]) => player.play(from, to)", [from_ms, to_ms])
    page.wait_for_function("to => !player.isPlaying && player.nowMs >= to", arg=to_ms)


def about(stretch: tuple[int, int], start_ms: int, end_ms: int) -> bool:
    return abs(stretch[0] - start_ms) <= CLOSE_MS and 0 <= stretch[1] - end_ms <= 500


def test_what_is_told_as_heard_is_what_was_played(page: Page) -> None:
    played(page, 60_000, 61_500)
    played(page, 400_000, 401_000)
    played(page, 61_000, 62_000)
    first, last = told(page)
    assert about(first, 60_000, 62_000)
    assert about(last, 400_000, 401_000)
    assert page.evaluate("player.heard.length") == 2


def test_a_turn_that_was_played_whole_is_drawn_so_at_once(page: Page) -> None:
    flags = "player.lanes.turns.slice(0, 3).map((turn) => turn[3])"
    page.evaluate("player.setSpeed(2)")
    played(page, 900, 8_000)  # the first turn, and some of the second
    page.wait_for_function("() => told.length > 0")
    assert page.evaluate(flags) == [1, 0, 0]
    played(page, 8_000, 11_100)
    page.wait_for_function("() => player.lanes.turns[1][3] === 1")
    assert page.evaluate(flags) == [1, 1, 0]


def test_a_jump_over_a_stretch_is_not_hearing_it(page: Page) -> None:
    page.evaluate("player.play(10_000)")
    page.wait_for_function("() => player.nowMs > 10_700")
    page.evaluate("player.seekTo(200_000)")
    page.wait_for_function("() => player.nowMs > 200_700")
    page.evaluate("document.querySelector('audio').currentTime = 300")  # as a media key does
    page.wait_for_function("() => player.nowMs > 300_700")
    page.evaluate("player.pause()")
    page.wait_for_function("() => told.length >= 2")
    heard = told(page)
    assert sum(end - start for start, end in heard) < 6_000
    assert not any(start < 199_000 < end or start < 299_000 < end for start, end in heard)


def test_with_the_sound_off_nothing_is_heard(page: Page) -> None:
    page.get_by_role("button", name="Mute").click()
    played(page, 20_000, 21_000)
    assert told(page) == []
    page.evaluate("document.querySelector('audio').muted = false")
    page.evaluate("document.querySelector('audio').volume = 0")
    played(page, 20_000, 21_000)
    assert told(page) == []
    page.evaluate("document.querySelector('audio').volume = 1")
    played(page, 20_000, 21_000)
    assert len(told(page)) == 1


def test_too_fast_to_follow_is_not_heard(page: Page) -> None:
    page.evaluate("player.setSpeed(2)")
    played(page, 20_000, 21_000)
    assert about(told(page)[0], 20_000, 21_000)
    page.evaluate("document.querySelector('audio').playbackRate = 4")
    played(page, 100_000, 102_000)
    assert len(told(page)) == 1


def test_speed_keeps_the_pitch(page: Page) -> None:
    page.get_by_label("Speed").select_option("1.5")
    kept, rate = page.evaluate(
        "[...['preservesPitch', 'playbackRate'].map(n => document.querySelector('audio')[n])]"
    )
    assert (kept, rate) == (True, 1.5)
    assert page.evaluate("player.setSpeed(9), player.speed") == 2
    assert page.evaluate("player.setSpeed(0.1), player.speed") == 0.5


def test_a_finding_is_played_again_and_again_with_a_second_around_it(page: Page) -> None:
    page.evaluate(
        """() => {
          window.times = [];
          player.addEventListener("time", ({ detail }) => times.push(detail));
          player.loop(50_000, 50_400);
        }"""
    )
    page.wait_for_function(
        # Twice from the start.
        "() => times.filter((ms, n) => n && ms < times[n - 1] - 1000).length >= 2"
    )
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Loop").click()
    page.evaluate("player.pause()")
    low, high = page.evaluate("[Math.min(...times.slice(1)), Math.max(...times)]")
    assert low >= 49_000 - CLOSE_MS
    assert high <= 51_400 + 1_000
    assert page.evaluate("player.loops") is None


def test_silence_is_skipped_and_talk_without_words_is_not(page: Page) -> None:
    page.get_by_label("Skip silence").check()
    page.evaluate(
        "player.setSpeed(2), player.play(16_000)"
    )  # talk to 17 s, from 19, no words at 23
    page.wait_for_function("() => player.nowMs > 29_600")
    page.evaluate("player.pause()")
    heard = told(page)
    assert not any(start < 18_000 < end for start, end in heard)
    assert any(start < 23_100 and end > 24_900 for start, end in heard)


def test_the_slider_is_used_by_keyboard(page: Page) -> None:
    slider = page.get_by_role("slider", name="Place in the recording")
    slider.focus()
    for key, expected in (
        ("Home", 0),
        ("ArrowRight", 1_000),
        ("ArrowUp", 6_000),
        ("ArrowDown", 1_000),
        ("PageUp", 31_000),
        ("ArrowLeft", 30_000),
        ("End", LENGTH_MS),
    ):
        page.keyboard.press(key)
        page.wait_for_function("ms => Math.abs(player.nowMs - ms) < 5", arg=expected)
    page.evaluate("player.seekTo(8_000)")
    expect(slider).to_have_attribute("aria-valuetext", "0:08 of 7:00, P01 speaks")
    expect(slider).to_have_attribute("aria-valuemax", "420")
    page.keyboard.press(" ")
    page.wait_for_function("() => player.isPlaying")
    page.keyboard.press(" ")
    page.wait_for_function("() => !player.isPlaying")


def test_a_place_is_chosen_in_the_picture(page: Page) -> None:
    page.evaluate("player.addEventListener('seek', ({ detail }) => { window.sought = detail; })")
    whole = page.get_by_role("slider")
    box = whole.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 8)
    page.wait_for_function("() => Math.abs(window.sought - 210_000) < 1_000")
    close = page.locator("#sound-close").bounding_box()
    assert close is not None
    page.mouse.click(close["x"] + 1, close["y"] + 10)
    page.wait_for_function("() => window.sought < 205_000")


def test_without_a_script_the_browsers_own_player_is_there(place: Sounding) -> None:
    context = place.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.server.url + place.heard.page + "/voices")
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    context.close()


def test_no_fault_that_axe_knows_and_nothing_wider_than_the_screen(place: Sounding) -> None:
    for width in (360, 1_400):
        with place.page(viewport={"width": width, "height": TALL}) as page:
            for theme in ("light", "dark"):
                set_theme(page, "light" if theme == "light" else "dark")
                found = Axe().run(page, options=WCAG)
                assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            small = page.evaluate(
                """[...document.querySelectorAll("main :is(button, select, a, [role=slider])")]
                .filter((e) => e.offsetWidth && e.getBoundingClientRect().height < 24)
                .map((e) => e.outerHTML)"""
            )
            assert small == []


def test_a_broken_sound_is_told_in_words(place: Sounding) -> None:
    context = place.browser.new_context()
    context.route("**/audio", lambda route: route.fulfill(status=200, body="no sound"))
    page = context.new_page()
    page.goto(place.server.url + place.heard.page + "/voices")
    expect(page.locator("[data-sound=told]")).to_contain_text("cannot be played")
    context.close()
