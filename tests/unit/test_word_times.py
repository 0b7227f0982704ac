"""No word without a time, none outside its region, none longer than two seconds."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import RecognisedWord
from transcriber.stages.word_times import LONGEST_WORD_MS, timed

REGION = Interval(10_000, 20_000)
SPEECH = (Interval(10_200, 12_000), Interval(16_000, 19_500))


def spans(*words: RecognisedWord) -> list[tuple[int, int]]:
    found = timed(words, REGION, SPEECH)
    return [(word.interval.start_ms, word.interval.end_ms) for word in found]


def test_good_times_stay() -> None:
    assert spans(RecognisedWord("a", 10_300, 10_500), RecognisedWord("b", 10_500, 11_000)) == [
        (10_300, 10_500),
        (10_500, 11_000),
    ]


def test_a_word_that_swallowed_a_pause_keeps_the_speech_in_it() -> None:
    assert spans(RecognisedWord("before", 11_400, 15_900)) == [(11_400, 12_000)]
    assert spans(RecognisedWord("after", 12_500, 16_700)) == [(16_000, 16_700)]


def test_a_word_without_time_is_put_where_somebody_speaks() -> None:
    words = (RecognisedWord("ab", 11_000, 12_000), RecognisedWord("2014", None, None))
    assert spans(*words) == [(11_000, 12_000), (16_000, 16_320)]


def test_a_word_without_time_stays_before_its_neighbour() -> None:
    words = (RecognisedWord("thirteen", None, None), RecognisedWord("pounds", 10_400, 10_900))
    assert spans(*words) == [(10_200, 10_400), (10_400, 10_900)]


times = st.none() | st.tuples(st.integers(0, 40_000), st.integers(0, 40_000))


@given(st.lists(times, max_size=12))
def test_whatever_comes_words_are_in_order_inside_and_short(
    found: list[tuple[int, int] | None],
) -> None:
    words = [RecognisedWord("word", *(time or (None, None))) for time in found]
    result = timed(words, REGION, SPEECH)
    assert [word.text for word in result] == [word.text for word in words]
    assert all(word.interval.duration_ms <= LONGEST_WORD_MS for word in result)
    assert all(
        REGION.start_ms <= word.interval.start_ms <= word.interval.end_ms <= REGION.end_ms
        for word in result
    )
    assert all(a.interval.start_ms <= b.interval.start_ms for a, b in pairwise(result))
