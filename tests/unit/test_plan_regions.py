"""Regions cover all speech, fit the recogniser and do not depend on anything but the speech."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.interval import Interval
from transcriber.stages.regions import MAX_REGION_MS, plan_regions

MINUTE_MS = 60_000


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Interval], int]:
    """Stretches as a detector gives them: in order, apart, some very long."""
    position, stretches = 0, []
    lengths = st.one_of(st.integers(1, 5_000), st.integers(1, 100_000))
    for pause_ms, length_ms in draw(st.lists(st.tuples(st.integers(1, 8_000), lengths))):
        start_ms = position + pause_ms
        position = start_ms + length_ms
        stretches.append(Interval(start_ms, position))
    return stretches, position + draw(st.integers(0, 2_000))


@given(talks())
def test_regions_are_in_order_short_enough_and_inside(talk: tuple[list[Interval], int]) -> None:
    speech, duration_ms = talk
    regions = plan_regions(speech, duration_ms)
    assert all(0 < region.duration_ms <= MAX_REGION_MS for region in regions)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(regions))
    assert all(region.end_ms <= duration_ms for region in regions)


@given(talks())
def test_regions_cover_all_speech_and_little_else(talk: tuple[list[Interval], int]) -> None:
    speech, duration_ms = talk
    regions = plan_regions(speech, duration_ms)
    for stretch in speech:
        assert sum(stretch.overlap_ms(region) for region in regions) == stretch.duration_ms
    for region in regions:
        inside = [stretch for stretch in speech if stretch.overlap_ms(region)]
        assert inside[0].start_ms - region.start_ms <= 200
        assert region.end_ms - inside[-1].end_ms <= 200


@given(talks())
def test_no_region_bridges_a_long_silence(talk: tuple[list[Interval], int]) -> None:
    speech, duration_ms = talk
    for region in plan_regions(speech, duration_ms):
        inside = [stretch for stretch in speech if stretch.overlap_ms(region)]
        for before, after in pairwise(inside):
            assert after.start_ms - before.end_ms < 3_000


@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000))), st.integers(0, 80_000))
def test_any_intervals_are_accepted(pairs: list[tuple[int, int]], duration_ms: int) -> None:
    speech = [Interval(min(pair), max(pair)) for pair in pairs]
    regions = plan_regions(speech, duration_ms)
    covered = sum(region.duration_ms for region in regions)
    assert covered <= duration_ms
    assert regions == plan_regions(list(reversed(speech)), duration_ms)


def test_no_speech_needs_no_region() -> None:
    assert plan_regions([], MINUTE_MS) == ()


def test_the_longest_pause_is_where_the_cut_is_made() -> None:
    speech = [
        Interval(1_000, 12_000),
        Interval(13_900, 18_000),  # a longer pause, but too early
        Interval(18_400, 20_000),
        Interval(21_400, 27_000),  # the pause before this one is the longest late one
        Interval(27_300, 36_000),
    ]
    assert plan_regions(speech, 40_000) == (Interval(800, 20_200), Interval(21_200, 36_200))


def test_speech_without_a_pause_is_cut_into_equal_parts() -> None:
    assert plan_regions([Interval(0, MINUTE_MS + 3)], MINUTE_MS + 3) == (
        Interval(0, 20_001),
        Interval(20_001, 40_002),
        Interval(40_002, 60_003),
    )


def test_padding_is_shared_with_the_neighbour() -> None:
    speech = [Interval(0, 29_000), Interval(29_101, 58_000)]
    assert plan_regions(speech, 58_050) == (Interval(0, 29_050), Interval(29_051, 58_050))
