"""Where anybody speaks, for skipping silence, and which words were played."""

from dataclasses import replace
from itertools import pairwise
from typing import cast

from tests.listening import PAUSE_MS, spoken
from transcriber.domain.fold import Fold
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Coverage, Transcript
from transcriber.services.review.hearing import heard_in
from transcriber.services.review.lanes import SILENCE_MS, speech_of
from transcriber.services.review.state import Review

MINUTE = spoken(60_000)


class Reviewed:
    """What `heard_in` reads of a review."""

    def __init__(self, transcript: Transcript) -> None:
        fold = Fold(transcript, ())
        self.transcript, self.turns = fold.transcript, fold.turns


def heard(*stretches: tuple[int, int]) -> list[tuple[str, str]]:
    review = cast(Review, Reviewed(MINUTE))
    events = heard_in(review, [Interval(*each) for each in stretches])
    return [(event.first, event.last) for event in events]


def test_every_word_and_all_speech_without_words_lies_in_talk() -> None:
    talk = speech_of(MINUTE)
    for stretch in (*(word.interval for word in MINUTE.words), *MINUTE.coverage.untranscribed):
        assert any(
            each.start_ms <= stretch.start_ms and stretch.end_ms <= each.end_ms for each in talk
        )


def test_what_lies_between_is_never_shorter_than_a_silence() -> None:
    talk = speech_of(MINUTE)
    gaps = [after.start_ms - before.end_ms for before, after in pairwise(talk)]
    assert gaps
    assert min(gaps) >= SILENCE_MS
    assert set(gaps) == {PAUSE_MS}


def test_without_times_all_of_it_may_be_talk() -> None:
    timeless = replace(
        MINUTE,
        words=tuple(replace(word, start_ms=0, end_ms=0) for word in MINUTE.words),
        coverage=Coverage(0),
    )
    assert speech_of(timeless) == (Interval(0, 60_000),)


def test_words_that_lie_in_a_stretch_are_heard() -> None:
    assert heard((1_000, 5_000)) == [("w0", "w9")]
    assert heard((1_000, 2_000)) == [("w0", "w1")]  # to 1.8 s; the next ends at 2.2
    assert heard((900, 2_100)) == [("w0", "w2")]  # cut by no more than its time is off
    assert heard((0, 60_000)) == [("w0", MINUTE.words[-1].id)]
    assert heard((5_200, 6_800)) == []
    assert heard() == []


def test_stretches_in_any_order_and_over_one_another_are_heard_once() -> None:
    assert heard((8_000, 11_000), (1_000, 3_000), (2_000, 5_000)) == [("w0", "w9"), ("w13", "w19")]


def test_a_word_between_two_stretches_was_not_heard() -> None:
    assert heard((1_000, 1_900), (2_100, 5_000)) == [("w0", "w1"), ("w3", "w9")]
