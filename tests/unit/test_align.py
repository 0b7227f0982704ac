"""Words get the speaker who said them, and every word lands in one segment."""

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.interval import Interval
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import (
    Coverage,
    Diarisation,
    Quality,
    Recognition,
    Transcript,
    Turn,
    Voice,
    Word,
)
from transcriber.stages.align import align


def recognition(*spans: tuple[int, int]) -> Recognition:
    words = tuple(Word(f"w{n}", f"word{n}", start, end) for n, (start, end) in enumerate(spans))
    return Recognition("en", Quality.FULL, words, Coverage(0))


def aligned(spoken: Recognition, *turns: tuple[str, int, int]) -> Transcript:
    """Align by turns alone."""
    found = Diarisation(
        tuple(Turn(speaker, Interval(start, end)) for speaker, start, end in turns),
        tuple(Voice(speaker) for speaker in dict.fromkeys(speaker for speaker, *_ in turns)),
    )
    return align(spoken, found, (None,) * len(spoken.words), 60_000, {})


def test_a_word_far_from_any_turn_is_nobodys() -> None:
    result = aligned(recognition((9_000, 9_400)), ("S1", 0, 1_000))
    assert result.words[0].speaker is None
    assert not result.words[0].speaker_uncertain
    assert result.label(None) == "UNK"


def test_a_long_pause_and_a_new_speaker_start_a_segment() -> None:
    result = aligned(
        recognition((0, 400), (500, 900), (3_000, 3_400), (4_000, 4_400)),
        ("S1", 0, 3_450),
        ("S2", 3_450, 5_000),
    )
    assert [speaker.id for speaker in result.speakers] == ["S1", "S2"]
    assert [(s.speaker, s.first_word, s.last_word) for s in result.segments] == [
        ("S1", 0, 1),
        ("S1", 2, 2),
        ("S2", 3, 3),
    ]


def test_no_words_give_no_segments() -> None:
    assert aligned(recognition()).segments == ()


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
