"""Listening on the review page, in Chromium: what was played is kept, and shown on its turns."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.sounding import sounding, until
from transcriber.services.review.state import review_of

pytestmark = pytest.mark.slow

LENGTH_MS = 30_000
HEARD = re.compile(r"\bheard\b")


def test_what_is_played_is_heard_and_what_is_jumped_over_is_not(tmp_path: Path) -> None:
    with sounding(tmp_path, LENGTH_MS) as place, place.page("/review") as page:

        def heard_turns() -> list[bool]:
            review = review_of(place.store, place.heard.study.id, place.heard.id)
            return [turn.heard for turn in review.turns]

        count = len(heard_turns())
        page.evaluate("player.setSpeed(2)")
        page.evaluate("player.play(500)")  # turns begin at 1, 7, 13 and 19 seconds, and last four
        page.wait_for_function("() => player.nowMs > 5_500")
        page.evaluate("player.play(12_500)")
        page.wait_for_function("() => player.nowMs > 17_500")
        page.evaluate("player.pause()")
        until(page, lambda: heard_turns() == [True, False, True] + [False] * (count - 3))
        expect(page.locator("#turn-w0")).to_have_class(HEARD)
        expect(page.locator("#turn-w20")).to_have_class(HEARD)
        expect(page.locator("#turn-w10")).not_to_have_class(HEARD)


def test_a_turn_is_heard_again_while_its_words_are_corrected(tmp_path: Path) -> None:
    with sounding(tmp_path, LENGTH_MS) as place, place.page("/review") as page:
        page.locator("#turn-w10 .said").dblclick(position={"x": 4, "y": 8})
        box = page.get_by_label("Words of this turn")
        was = box.input_value()
        box.press("Control+Space")  # the turn begins at seven seconds
        page.wait_for_function("() => player.isPlaying && player.nowMs > 7_500")
        page.keyboard.press("Control+,")
        page.wait_for_function("() => player.nowMs < 6_500")
        page.keyboard.press("Control+Space")
        page.wait_for_function("() => !player.isPlaying")
        expect(box).to_be_focused()
        assert box.input_value() == was
