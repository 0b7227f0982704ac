"""Gold formats: what is read, and that a wrong file is refused in one sentence."""

from collections.abc import Callable

import pytest

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.redacted import Checked
from transcriber.domain.transcript import Turn
from transcriber.evaluation.ctm import read_ctm
from transcriber.evaluation.gold_mentions import read_gold_mentions
from transcriber.evaluation.labelled_text import read_labelled_text
from transcriber.evaluation.redaction import Identifies, Mention
from transcriber.evaluation.rttm import read_rttm
from transcriber.evaluation.speech import Utterance
from transcriber.evaluation.stm import read_stm
from transcriber.evaluation.uem import read_uem


def test_stm_is_sorted_and_leaves_out_what_is_not_scored() -> None:
    text = """;; a comment
call 1 B 2.5 3.0 <o,f0,male> yes it was
call 1 A 0.0 1.0 was it
call 1 A 3.0 4.0 IGNORE_TIME_SEGMENT_IN_SCORING
call 1 A 5.0 6.0
"""
    assert read_stm(text) == (
        Utterance("A", "was it"),
        Utterance("B", "yes it was"),
        Utterance("A", ""),
    )


def test_ctm_channels_are_speakers_when_there_are_several() -> None:
    text = "call A 0.5 0.1 it\ncall B 0.2 0.1 was 0.9\n"
    assert read_ctm(text) == (Utterance("B", "was"), Utterance("A", "it"))
    assert read_ctm("call 1 0.5 0.1 it\n") == (Utterance(None, "it"),)


def test_rttm_gives_turns_with_a_length() -> None:
    text = (
        "SPKR-INFO call 1 <NA> <NA> <NA> unknown ann <NA> <NA>\n"
        "SPEAKER call 1 0.340 0.500 <NA> <NA> ann <NA> <NA>\n"
        "SPEAKER call 1 2.000 0.000 <NA> <NA> ben <NA> <NA>\n"
    )
    assert read_rttm(text) == (Turn("ann", Interval(340, 840)),)


def test_uem_may_have_several_stretches() -> None:
    assert read_uem("call 1 0.0 10.5\ncall 1 12 13\n") == (
        Interval(0, 10_500),
        Interval(12_000, 13_000),
    )


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (read_stm, "call 1 A zero 1.0 yes", "bad_stm"),
        (read_stm, "call 1 A", "bad_stm"),
        (read_stm, "one 1 A 0 1 yes\ntwo 1 A 0 1 yes", "several_recordings"),
        (read_ctm, "call 1 0.1 0.2", "bad_ctm"),
        (read_ctm, "call 1 nan 0.2 yes", "bad_ctm"),
        (read_rttm, "SPEAKER call 1 -1 2 <NA> <NA> ann", "bad_rttm"),
        (read_rttm, "SPEAKER call 1 1 inf <NA> <NA> ann", "bad_rttm"),
        (read_uem, "call 1 3 2", "bad_uem"),
    ],
)
def test_a_wrong_line_is_refused_without_being_quoted(
    read: Callable[[str], object], text: str, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.code == code
    assert text not in caught.value.sentence


def test_labels_and_the_mark_are_no_words() -> None:
    text = f"{Checked.NO.value}\n\nMOD: And then?\nP01: I left.\nIt was late.\nMOD:\n"
    assert read_labelled_text(text) == (
        Utterance("MOD", "And then?"),
        Utterance("P01", "I left."),
        Utterance("P01", "It was late."),
        Utterance("MOD", ""),
    )


def test_text_that_does_not_begin_with_a_label_has_none() -> None:
    text = "Two of us went.\nGP: closed.\n"
    assert read_labelled_text(text) == (
        Utterance(None, "Two of us went."),
        Utterance(None, "GP: closed."),
    )


TEXT = "Ann, of Leeds!"


def test_gold_mentions_need_not_repeat_their_text() -> None:
    value = [{"start": 8, "end": 13, "type": "LOCATION", "class": "quasi"}]
    assert read_gold_mentions(value, TEXT) == (Mention(8, 13, "LOCATION", Identifies.QUASI),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": 99},
        {"start": 3},
        {"start": 13, "end": 14},
        {"text": "Bob"},
        {"class": "secret"},
        {"type": None},
        {"start": "0"},
    ],
)
def test_gold_that_does_not_fit_the_text_is_refused(wrong: dict[str, object]) -> None:
    entry = {"start": 0, "end": 3, "type": "PERSON", "class": "direct", "text": "Ann"} | wrong
    for value in ([entry], entry):
        with pytest.raises(InputError) as caught:
            read_gold_mentions(value, TEXT)
        assert caught.value.code == "bad_gold"
