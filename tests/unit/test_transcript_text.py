"""Offsets into a transcript's text lead to the right words."""

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.transcript import Coverage, Quality, Segment, Transcript, Word


def transcript(segments: list[list[str]]) -> Transcript:
    words = [text for segment in segments for text in segment]
    bounds: list[Segment] = []
    for segment in segments:
        first = bounds[-1].last_word + 1 if bounds else 0
        bounds.append(Segment("S1", first, first + len(segment) - 1))
    return Transcript(
        "en",
        Quality.FULL,
        1_000,
        (),
        tuple(Word(f"w{n}", text, n, n + 1) for n, text in enumerate(words)),
        tuple(bounds),
        Coverage(0),
    )


texts = st.text(
    st.characters(blacklist_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1, max_size=6
)
talk = st.lists(st.lists(texts, min_size=1, max_size=5), min_size=1, max_size=5)


@given(talk)
def test_words_are_joined_by_a_space_and_segments_by_a_line_feed(segments: list[list[str]]) -> None:
    assert transcript(segments).text == "\n".join(" ".join(words) for words in segments)


@given(talk, st.data())
def test_word_ranges_and_offsets_are_each_others_inverse(
    segments: list[list[str]], data: st.DataObject
) -> None:
    layout = transcript(segments).layout
    first = data.draw(st.integers(0, len(layout.starts) - 1))
    last = data.draw(st.integers(first, len(layout.starts) - 1))
    assert layout.word_range(*layout.offsets(first, last)) == (first, last)


@given(talk, st.data())
def test_half_a_word_leads_to_the_whole_word(
    segments: list[list[str]], data: st.DataObject
) -> None:
    layout = transcript(segments).layout
    number = data.draw(st.integers(0, len(layout.starts) - 1))
    offset = data.draw(st.integers(0, layout.lengths[number] - 1))
    start = layout.starts[number] + offset
    assert layout.word_range(start, start + 1) == (number, number)
