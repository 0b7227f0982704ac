"""The one edit model: the raw transcript never changes, and undoing is dropping the last event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.edit import (
    Edit,
    FindingRejected,
    IdentifierMarked,
    SpeakerRenamed,
    WordCorrected,
    WordsReassigned,
    WordsRestored,
    decided,
    version,
)
from transcriber.domain.errors import EditError
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Segment,
    Speaker,
    Transcript,
    Word,
)

TEXTS = ("we", "met", "sara", "in", "leads")
TRANSCRIPT = Transcript(
    language="en",
    quality=Quality.FULL,
    duration_ms=5_000,
    speakers=(Speaker("S1", "S1"), Speaker("S2", "S2")),
    words=tuple(
        Word(f"w{n}", text, n * 1_000, n * 1_000 + 500, "S1") for n, text in enumerate(TEXTS)
    ),
    segments=(Segment("S1", 0, 4),),
    coverage=Coverage(5_000),
)
FOUND = Finding(7, 11, EntityType.PERSON, "sara", 0.9, "roster", "sara", Place(2, 2, 2_000, 2_500))

ids = st.sampled_from([word.id for word in TRANSCRIPT.words])
spans = st.tuples(ids, ids).map(lambda pair: (min(pair), max(pair)))
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(WordCorrected, ids, st.text(max_size=8)),
    spans.map(lambda span: WordsReassigned(span[0], span[1], "S2")),
    st.builds(SpeakerRenamed, st.sampled_from(["S1", "S2"]), st.just("P01")),
    spans.map(lambda span: IdentifierMarked(span[0], span[1], EntityType.LOCATION)),
    spans.map(lambda span: FindingRejected(span[0], span[1])),
    spans.map(lambda span: WordsRestored(span[0], span[1])),
)


@given(st.lists(edits, max_size=8))
def test_words_and_times_stay_and_dropping_all_edits_gives_the_raw_transcript(
    history: list[Edit],
) -> None:
    edited = version(TRANSCRIPT, history)
    assert [(w.id, w.start_ms, w.end_ms) for w in edited.words] == [
        (w.id, w.start_ms, w.end_ms) for w in TRANSCRIPT.words
    ]
    assert version(TRANSCRIPT, []) == TRANSCRIPT


@given(st.lists(edits, min_size=1, max_size=8))
def test_a_version_is_the_one_before_it_and_one_more_event(history: list[Edit]) -> None:
    assert version(TRANSCRIPT, history) == version(version(TRANSCRIPT, history[:-1]), history[-1:])


def test_a_corrected_word_moves_the_text_and_keeps_its_time() -> None:
    edited = version(TRANSCRIPT, [WordCorrected("w4", "Leeds")])
    assert edited.text == "we met sara in Leeds"
    assert edited.words[4].start_ms == 4_000


def test_a_new_speaker_may_appear() -> None:
    edited = version(TRANSCRIPT, [WordsReassigned("w0", "w1", "S3"), SpeakerRenamed("S3", "MOD")])
    assert [edited.label(word.speaker) for word in edited.words] == ["MOD", "MOD", "S1", "S1", "S1"]


def test_a_rejected_finding_is_gone_and_a_marked_one_is_there() -> None:
    history: list[Edit] = [
        FindingRejected("w2", "w2"),
        IdentifierMarked("w4", "w4", EntityType.LOCATION),
    ]
    (finding,) = decided([FOUND], TRANSCRIPT, history)
    assert (finding.text, finding.source, finding.entity_type) == (
        "leads",
        "person",
        EntityType.LOCATION,
    )
    assert TRANSCRIPT.text[finding.start : finding.end] == finding.text


def test_the_later_decision_wins() -> None:
    history: list[Edit] = [
        FindingRejected("w2", "w2"),
        IdentifierMarked("w2", "w2", EntityType.PERSON),
    ]
    (finding,) = decided([FOUND], TRANSCRIPT, history)
    assert finding.source == "person"


def test_a_stretch_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(EditError) as caught:
        decided([FOUND], TRANSCRIPT, [IdentifierMarked("w4", "w2", EntityType.PERSON)])
    assert caught.value.code == "backwards"


def test_an_edit_of_a_word_that_never_was_is_refused() -> None:
    with pytest.raises(EditError) as caught:
        version(TRANSCRIPT, [WordCorrected("w99", "Sarah")])
    assert "Sarah" not in caught.value.sentence


def test_a_label_that_no_coding_tool_reads_is_refused() -> None:
    with pytest.raises(EditError) as caught:
        version(TRANSCRIPT, [SpeakerRenamed("S1", "Sarah W: ")])
    assert "Sarah" not in caught.value.sentence
