"""Words get the speaker who said them, and every word lands in one segment."""

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Coverage, Quality, Recognition, Turn, Word
from transcriber.stages.align import align, segments


def recognition(*spans: tuple[int, int]) -> Recognition:
    words = tuple(Word(f"w{n}", f"word{n}", start, end) for n, (start, end) in enumerate(spans))
    return Recognition("en", Quality.FULL, words, Coverage(0))


def turn(speaker: str, start_ms: int, end_ms: int) -> Turn:
    return Turn(speaker, Interval(start_ms, end_ms))


def speakers_of(spans: list[tuple[int, int]], *turns: Turn) -> list[str | None]:
    return [word.speaker for word in align(recognition(*spans), turns, 60_000, {}).words]


def test_a_word_goes_to_the_turn_that_overlaps_it_most() -> None:
    turns = (turn("S1", 0, 1_000), turn("S2", 1_000, 2_000))
    assert speakers_of([(0, 500), (900, 1_300), (700, 1_100)], *turns) == ["S1", "S2", "S1"]


def test_overlap_with_several_turns_of_one_speaker_adds_up() -> None:
    turns = (turn("S1", 0, 200), turn("S2", 200, 450), turn("S1", 450, 700))
    assert speakers_of([(50, 650)], *turns) == ["S1"]


def test_a_word_just_outside_a_turn_belongs_to_the_nearest_one() -> None:
    assert speakers_of([(1_200, 1_400)], turn("S1", 0, 1_000)) == ["S1"]


def test_a_word_far_from_any_turn_is_nobodys() -> None:
    result = align(recognition((9_000, 9_400)), (turn("S1", 0, 1_000),), 60_000, {})
    assert result.words[0].speaker is None
    assert result.label(None) == "UNK"


def test_a_long_pause_and_a_new_speaker_start_a_segment() -> None:
    result = align(
        recognition((0, 400), (500, 900), (3_000, 3_400), (3_500, 3_900)),
        (turn("S1", 0, 3_450), turn("S2", 3_450, 5_000)),
        60_000,
        {},
    )
    assert [(s.speaker, s.first_word, s.last_word) for s in result.segments] == [
        ("S1", 0, 1),
        ("S1", 2, 2),
        ("S2", 3, 3),
    ]


def test_no_words_give_no_segments() -> None:
    assert align(recognition(), (), 60_000, {}).segments == ()


word_lists = st.lists(
    st.builds(
        Word,
        id=st.just("w"),
        text=st.just("x"),
        start_ms=st.integers(0, 50_000),
        end_ms=st.integers(50_000, 60_000),
        speaker=st.sampled_from([None, "S1", "S2"]),
    ),
    max_size=30,
)


@given(word_lists)
def test_every_word_lies_in_exactly_one_segment(words: list[Word]) -> None:
    numbers = [
        number
        for segment in segments(words)
        for number in range(segment.first_word, segment.last_word + 1)
    ]
    assert numbers == list(range(len(words)))
