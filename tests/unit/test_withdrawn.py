"""Words that somebody took back: what stands for them, and what leaves."""

import pytest

from tests.talk import talk
from transcriber.domain.edit import FoundAgain, FoundHere, IdentifierMarked, WordCorrected
from transcriber.domain.errors import EditError
from transcriber.domain.finding import EntityType
from transcriber.domain.fold import Fold
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.review import Event
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN
from transcriber.engines.plain_anonymiser import PlainAnonymiser
from transcriber.stages.name_spellings import spelt
from transcriber.stages.redact import redact
from transcriber.stages.withdrawn import without_them

TALK = talk(
    ("MOD", "shall we begin"),
    ("P03", "my sister told me"),
    ("P03", "and then she left"),
    ("P04", "as Sarah Whitfield said to me"),
    ("MOD", "thank you"),
    pause_ms=2_500,
)
LEFT = without_them(TALK, {"P03"}, [range(12, 14)])


def test_a_run_of_words_is_one_word_over_pauses_and_others_stay() -> None:
    texts = [word.text for word in LEFT.transcript.words]
    assert texts == [
        *("shall", "we", "begin", CONTRIBUTION_WITHDRAWN, "as", NAME_WITHDRAWN),
        *("said", "to", "me", "thank", "you"),
    ]
    gone = LEFT.transcript.words[3]
    assert (gone.id, gone.start_ms, gone.end_ms) == (
        "w3",
        TALK.words[3].start_ms,
        TALK.words[10].end_ms,
    )
    assert (LEFT.words, len(LEFT.spoken), len(LEFT.mentioned)) == (8, 1, 1)
    assert [LEFT.transcript.words[place].id for place in LEFT.places] == [
        *("w0", "w1", "w2"),
        *(["w3"] * 8),
        *("w11", "w12", "w12", "w14", "w15", "w16", "w17", "w18"),
    ]
    assert [(each.first_word, each.last_word) for each in LEFT.transcript.segments] == [
        *((0, 2), (3, 3), (4, 8), (9, 10)),
    ]


def test_done_again_nothing_is_another() -> None:
    again = without_them(LEFT.transcript, {"P03"}, ())
    assert again.is_same
    assert again.transcript == LEFT.transcript


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (["as", "Sarah", "said"], {range(1, 2)}),
        (["SARAH,", "said"], {range(1)}),
        (["Sarah's", "friend"], {range(1)}),
        (["Sarahs", "friend"], set()),
        (["Sarah", "Whitfield\u2019s", "house"], {range(1), range(2)}),
    ],
)
def test_a_name_is_found_however_it_is_written(said: list[str], where: set[range]) -> None:
    assert spelt(said, ("Sarah", "Sarah Whitfield", "")) == where


def test_what_leaves_has_a_mark_for_a_turn_and_a_replacement_for_a_name() -> None:
    recording = Recording("FG01", "Feeding", Kind.GROUP, ("0" * 64,))
    text = redact(recording, LEFT.transcript, (), (), PlainAnonymiser()).transcript
    assert [turn.text for turn in text.turns] == [
        "shall we begin",
        CONTRIBUTION_WITHDRAWN,
        f"as {NAME_WITHDRAWN} said to me",
        "thank you",
    ]
    (mark,) = text.turns[1].tokens
    assert (mark.redacted, mark.mark) == (True, True)
    assert text.words == 10


@pytest.mark.parametrize(
    "edit", [WordCorrected("w3", "Zoe"), IdentifierMarked("w2", "w3", EntityType.PERSON)]
)
def test_nobody_changes_or_marks_what_was_withdrawn(
    edit: WordCorrected | IdentifierMarked,
) -> None:
    with pytest.raises(EditError) as refused:
        Fold(LEFT.transcript, ()).extended([Event(0, edit, "b")])
    assert refused.value.code == "withdrawn"


def test_the_machine_finds_nothing_where_nobody_speaks_any_more() -> None:
    found = FoundHere("w2", "w11", EntityType.PERSON, "begin", 0.9, "model")
    event = Event(0, FoundAgain("w0", "w18", (found,)), "b")
    marks = list(Fold(LEFT.transcript, ()).extended([event]).marks)
    assert [(mark.first, mark.last) for mark in marks] == [(2, 2), (4, 4)]


def test_speakers_keep_their_labels_so_that_readers_see_whose_it_was() -> None:
    assert LEFT.transcript.speakers == TALK.speakers
    assert LEFT.transcript.words[3].speaker == "P03"
