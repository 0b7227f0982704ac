"""Pleas that something stay out of the recording, and the passages that are meant."""

from dataclasses import replace

import pytest

from tests.talk import talk
from transcriber.stages.off_record import off_record

PLEAS = (
    "This is off the record but she left",
    "don't put that in",
    "Please don't write that down anywhere",
    "Could you turn that off",
    "can you switch it off for a minute",
    "this is confidential you know",
    "That's strictly confidential",
    "between you and me he drinks",
    "Don't quote me on that",
    "Leave that out of it, will you",
    "could you cut that bit out",
    "I'd rather you didn't use my name",
    "I shouldn't really be telling you this",
    "Just keep it to yourself",
    "stop the recording please",
    "that's not for the tape",
)
ORDINARY = (
    "she kept a record of that",
    "they had to take that out at the hospital",
    "I put that in the cupboard",
    "he turned the telly off",
    "between us there were four children",
    "the midwife has a confidence about her",
    "I didn't tell anyone for a year",
    "don't put that much weight on it yourself",
    "we never mention politics at home",
    "stop the baby crying",
)


@pytest.mark.parametrize("line", PLEAS)
def test_a_plea_is_found(line: str) -> None:
    assert len(off_record(talk(("P01", line)))) == 1


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_talk_is_none(line: str) -> None:
    assert off_record(talk(("P01", line))) == ()


def test_what_comes_is_meant_until_it_goes_on_or_the_turn_ends() -> None:
    transcript = talk(
        ("P01", "she is nice off the record she drinks quite a lot these days you know dear"),
        ("INT", "does she"),
        ("P01", "every day"),
        ("INT", "can we be back on the record"),
        ("P01", "of course"),
    )
    (plea,) = off_record(transcript)
    assert transcript.words[plea.said.first_word].text == "off"
    assert (plea.said.first_word, plea.said.last_word) == (3, 5)
    assert plea.passage.first_word == 3
    assert transcript.words[plea.passage.last_word].text == "record"
    alone = talk(("P01", "she is nice off the record she drinks quite a lot these days you know"))
    assert off_record(alone)[0].passage.last_word == len(alone.words) - 1


def test_what_was_said_is_meant_back_to_the_turn_before_where_little_was_said_since() -> None:
    transcript = talk(
        ("P01", "my husband lost his licence"), ("INT", "oh"), ("P01", "don't put that in")
    )
    (plea,) = off_record(transcript)
    assert (plea.passage.first_word, plea.passage.last_word) == (0, 9)


def test_a_plea_does_not_run_over_turns_and_other_languages_have_none() -> None:
    assert off_record(talk(("P01", "it fell off the"), ("P02", "record player"))) == ()
    assert off_record(replace(talk(("P01", "off the record")), language="de")) == ()
