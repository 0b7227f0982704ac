"""Speaker operations: undone is as if never done, words stay, and order matters only where it must.

The edit model itself is tested in `test_edit`.
"""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.edit import (
    Edit,
    SpeakerRenamed,
    SpeakersMerged,
    TurnSplit,
    Undone,
    WordsReassigned,
    effective,
    version,
)
from transcriber.domain.errors import EditError
from transcriber.domain.segmentation import PARAGRAPH_PAUSE_MS, segments
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Word

# A busy machine is slow at times; that is no failure.
NEW = "S9"
SPEAKERS = ("S1", "S2", "S3")
ANYBODY = (*SPEAKERS, NEW, "UNK", "SEVERAL")


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Some words of up to three speakers, with short and long pauses."""
    owners = draw(st.lists(st.sampled_from([*SPEAKERS, None]), min_size=1, max_size=12))
    words, now_ms = [], 0
    for number, owner in enumerate(owners):
        now_ms += draw(st.sampled_from([0, 300, PARAGRAPH_PAUSE_MS]))
        words.append(Word(f"w{number}", f"word{number}", now_ms, now_ms + 200, owner))
        now_ms += 200
    return Transcript(
        "en",
        Quality.FULL,
        now_ms,
        tuple(Speaker(speaker, speaker) for speaker in SPEAKERS),
        tuple(words),
        tuple(segments(words)),
        Coverage(now_ms),
    )


def spans(transcript: Transcript) -> st.SearchStrategy[tuple[str, str]]:
    numbers = st.integers(0, len(transcript.words) - 1)
    return st.tuples(numbers, numbers).map(lambda pair: (f"w{min(pair)}", f"w{max(pair)}"))


def reassigned(span: tuple[str, str], speaker: str) -> Edit:
    return WordsReassigned(span[0], span[1], speaker)


def operations(transcript: Transcript) -> st.SearchStrategy[Edit]:
    ids = st.sampled_from([word.id for word in transcript.words])
    anybody = st.sampled_from(ANYBODY)
    return st.one_of(
        st.builds(reassigned, spans(transcript), anybody),
        st.builds(TurnSplit, ids, anybody),
        st.builds(SpeakersMerged, st.sampled_from((*SPEAKERS, NEW)), anybody),
        st.builds(
            SpeakerRenamed, st.sampled_from((*SPEAKERS, NEW)), st.sampled_from(["P01", "MOD"])
        ),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[Transcript, list[Edit]]:
    """A transcript and edits that it takes, undoing some on the way."""
    transcript = draw(transcripts())
    history: list[Edit] = []
    for _ in range(draw(st.integers(0, 6))):
        undo = st.integers(0, max(len(history) - 1, 0)).map(Undone)
        tried = [*history, draw(st.one_of(operations(transcript), undo))]
        if is_taken(transcript, tried):
            history = tried
    return transcript, history


def is_taken(transcript: Transcript, history: Sequence[Edit]) -> bool:
    try:
        version(transcript, history)
    except EditError:
        return False
    return True


def same(transcript: Transcript, one: Sequence[Edit], other: Sequence[Edit]) -> bool:
    """Whether both give one transcript; in which order new speakers are listed tells nothing."""
    a, b = version(transcript, one), version(transcript, other)
    return (a.words, a.segments, set(a.speakers)) == (b.words, b.segments, set(b.speakers))


@given(histories(), st.data())
def test_applied_then_undone_is_as_if_never_done(
    made: tuple[Transcript, list[Edit]], data: st.DataObject
) -> None:
    transcript, history = made
    edit = data.draw(operations(transcript))
    undone = [*history, edit, Undone(len(history))]
    assert version(transcript, undone) == version(transcript, history)
    again = [*undone, Undone(len(history) + 1)]
    assert effective(again) == effective([*history, edit])


@given(histories())
def test_undoing_everything_gives_the_machines_transcript(
    made: tuple[Transcript, list[Edit]],
) -> None:
    transcript, history = made
    kept = effective(history)
    last_first = [Undone(number) for number in reversed(range(len(kept)))]
    assert version(transcript, [*kept, *last_first]) == transcript


@given(histories())
def test_words_times_and_ids_stay_whatever_is_done(made: tuple[Transcript, list[Edit]]) -> None:
    transcript, history = made
    edited = version(transcript, history)
    assert [(w.id, w.text, w.start_ms, w.end_ms) for w in edited.words] == [
        (w.id, w.text, w.start_ms, w.end_ms) for w in transcript.words
    ]
    assert edited.text.split() == transcript.text.split()


@given(histories())
def test_every_word_lies_in_one_segment_of_its_own_speaker(
    made: tuple[Transcript, list[Edit]],
) -> None:
    edited = version(*made)
    covered = [
        (number, segment.speaker)
        for segment in edited.segments
        for number in range(segment.first_word, segment.last_word + 1)
    ]
    assert covered == [(number, word.speaker) for number, word in enumerate(edited.words)]


@given(histories())
def test_whoever_speaks_is_listed_once(made: tuple[Transcript, list[Edit]]) -> None:
    edited = version(*made)
    listed = [speaker.id for speaker in edited.speakers]
    assert len(set(listed)) == len(listed)
    assert {word.speaker for word in edited.words} - {None} <= set(listed)


@given(transcripts(), st.data())
def test_ranges_that_share_no_word_may_be_given_in_any_order(
    transcript: Transcript, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(transcript.words) - 1))
    first = WordsReassigned("w0", f"w{cut}", data.draw(st.sampled_from(ANYBODY)))
    if cut + 1 < len(transcript.words):
        last = transcript.words[-1].id
        second = WordsReassigned(f"w{cut + 1}", last, data.draw(st.sampled_from(ANYBODY)))
        assert same(transcript, [first, second], [second, first])


@given(transcripts(), st.data())
def test_merging_and_reassigning_commute_unless_to_the_one_who_is_merged(
    transcript: Transcript, data: st.DataObject
) -> None:
    merge = SpeakersMerged("S1", data.draw(st.sampled_from(["S2", NEW, "UNK", "SEVERAL"])))
    to = data.draw(st.sampled_from(["S2", "S3", NEW, "UNK", "SEVERAL"]))
    reassign = reassigned(data.draw(spans(transcript)), to)
    assert same(transcript, [merge, reassign], [reassign, merge])


@given(transcripts())
def test_merges_of_different_speakers_into_one_commute(transcript: Transcript) -> None:
    one, other = SpeakersMerged("S1", "S3"), SpeakersMerged("S2", "S3")
    assert same(transcript, [one, other], [other, one])


@given(transcripts(), st.data())
def test_a_name_does_not_depend_on_when_it_is_given(
    transcript: Transcript, data: st.DataObject
) -> None:
    named = SpeakerRenamed("S2", "MOD")
    edit = data.draw(
        st.one_of(
            st.builds(TurnSplit, st.just("w0"), st.sampled_from(ANYBODY)),
            st.builds(reassigned, spans(transcript), st.just("S3")),
            st.just(SpeakersMerged("S1", "S2")),
        )
    )
    assert same(transcript, [named, edit], [edit, named])


@given(transcripts(), st.data())
def test_a_split_is_the_reassignment_of_the_rest_of_a_turn(
    transcript: Transcript, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(transcript.words) - 1))
    owner = transcript.words[number].speaker
    last = number
    while last + 1 < len(transcript.words) and transcript.words[last + 1].speaker == owner:
        last += 1
    split = version(transcript, [TurnSplit(f"w{number}", NEW)])
    assert split == version(transcript, [WordsReassigned(f"w{number}", f"w{last}", NEW)])


def test_after_a_merge_turns_of_one_person_become_one_segment() -> None:
    words = [Word(f"w{n}", "so", n * 300, n * 300 + 200, f"S{n % 2 + 1}") for n in range(4)]
    speakers = (Speaker("S1", "P01"), Speaker("S2", "P02"))
    transcript = Transcript(
        "en", Quality.FULL, 2_000, speakers, tuple(words), tuple(segments(words)), Coverage(0)
    )
    assert transcript.text == "so\nso\nso\nso"
    merged = version(transcript, [SpeakersMerged("S2", "S1")])
    assert merged.text == "so so so so"
    assert merged.speakers == (Speaker("S1", "P01"),)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (SpeakerRenamed("S7", "P01"), "unknown_speaker"),
        (SpeakersMerged("S7", "S1"), "unknown_speaker"),
        (SpeakersMerged("S1", "S1"), "same_speaker"),
        (SpeakerRenamed("S1", "UNK"), "reserved_label"),
        (SpeakerRenamed("S1", "SEVERAL"), "reserved_label"),
        (WordsReassigned("w0", "w0", "Sarah W"), "bad_label"),
        (TurnSplit("w0", "sarah"), "bad_label"),
        (TurnSplit("w7", "S1"), "unknown_word"),
        (Undone(0), "unknown_event"),
        (Undone(-1), "unknown_event"),
    ],
)
def test_what_cannot_be_done_is_refused_without_quoting_it(edit: Edit, code: str) -> None:
    words = (Word("w0", "so", 0, 200, "S1"),)
    transcript = Transcript(
        "en",
        Quality.FULL,
        1_000,
        (Speaker("S1", "S1"),),
        words,
        tuple(segments(words)),
        Coverage(0),
    )
    with pytest.raises(EditError) as caught:
        version(transcript, [edit])
    assert caught.value.code == code
    assert "arah" not in caught.value.sentence
