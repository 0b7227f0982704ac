"""Passages that are withheld: of their words nothing is left in anything that leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.formats.originals import all_bytes
from tests.talk import talk
from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.redacted import Checked, RedactedTranscript
from transcriber.domain.transcript import Struck, Transcript
from transcriber.domain.withheld import Withheld, passages
from transcriber.engines.plain_anonymiser import PlainAnonymiser
from transcriber.exports.formats import FORMATS
from transcriber.exports.release_json import read_release, write_release
from transcriber.stages.redact import Redaction, TurnSpan, redact

RECORDING = Recording("FG01", "Feeding", Kind.GROUP, ("0" * 64,))
TALK = talk(
    ("MOD", "shall we begin"),  # 0-2
    ("P01", "my sister Quenilla Zebrowski told me"),  # 3-8
    ("P02", "that xylophonist again"),  # 9-11
    ("P01", "and then she left"),  # 12-15
    ("MOD", "thank you goodbye"),  # 16-18
)


def found(transcript: Transcript, first: int, last: int, written: str) -> Finding:
    start, end = transcript.layout.offsets(first, last)
    text = transcript.text[start:end]
    return Finding(
        start, end, EntityType.PERSON, text, 1, "x", action=Action.REPLACE, replacement=written
    )


NAME = found(TALK, 5, 6, "[P09]")


def made(*withheld: Withheld, transcript: Transcript = TALK, name: Finding = NAME) -> Redaction:
    return redact(RECORDING, transcript, [name], withheld, PlainAnonymiser())


def lines(redaction: Redaction) -> list[str]:
    return [f"{turn.label}: {turn.text}" for turn in redaction.transcript.turns]


def test_passages_that_overlap_or_touch_are_one() -> None:
    given = (Withheld(8, 9), Withheld(1, 3), Withheld(3, 4), Withheld(5, 5), Withheld(11, 12))
    assert passages(given) == (Withheld(1, 5), Withheld(8, 9), Withheld(11, 12))
    assert passages([Withheld(1, 9), Withheld(2, 3)]) == (Withheld(1, 9),)


def test_a_passage_over_turns_is_one_mark_where_it_starts() -> None:
    redaction = made(Withheld(7, 13))
    assert lines(redaction) == [
        "MOD: shall we begin",
        "P01: my sister [P09] [passage withheld, 0:04] she left",
        "MOD: thank you goodbye",
    ]
    (mark,) = [t for turn in redaction.transcript.turns for t in turn.tokens if t.mark]
    assert (mark.start_ms, mark.end_ms) == (TALK.words[7].start_ms, TALK.words[13].end_ms)
    assert redaction.spans == (TurnSpan(0, 2), TurnSpan(3, 15), TurnSpan(16, 18))


def test_what_a_passage_leaves_of_a_finding_stays_replaced_on_both_sides() -> None:
    assert lines(made(Withheld(6, 7)))[1] == "P01: my sister [P09] [passage withheld, 0:01] me"
    assert lines(made(Withheld(4, 5)))[1] == "P01: my [passage withheld, 0:01] [P09] told me"
    wide = found(TALK, 4, 7, "[P09]")
    inside = lines(made(Withheld(5, 6), name=wide))[1]
    assert inside == "P01: my [P09] [passage withheld, 0:01] [P09] me"


@pytest.mark.parametrize("last", [0, 2, 5, 11])
def test_chat_before_the_interview_is_gone_without_a_mark_and_times_stay(last: int) -> None:
    kept = made(Withheld(0, last)).transcript
    assert "withheld" not in "\n".join(turn.text for turn in kept.turns)
    assert kept.turns[0].start_ms == TALK.words[last + 1].start_ms
    assert kept.turns[-1].end_ms == TALK.words[-1].end_ms
    assert kept.duration_ms == TALK.duration_ms


def test_chat_after_it_too_and_words_that_nobody_said_do_not_hold_it() -> None:
    words = list(TALK.words)
    words[18] = replace(words[18], struck=Struck.LOOP)
    redaction = made(Withheld(13, 17), transcript=replace(TALK, words=tuple(words)))
    assert lines(redaction)[-1] == "P01: and"
    words[0] = replace(words[0], struck=Struck.SILENCE)
    redaction = made(Withheld(1, 4), transcript=replace(TALK, words=tuple(words)))
    assert lines(redaction)[0] == "P01: [P09] told me"


def test_a_struck_word_beside_a_passage_stays_out() -> None:
    words = list(TALK.words)
    words[12] = replace(words[12], struck=Struck.LOOP)
    redaction = made(Withheld(9, 11), transcript=replace(TALK, words=tuple(words)))
    assert lines(redaction)[1:3] == [
        "P01: my sister [P09] told me",
        "P02: [passage withheld, 0:01]",
    ]
    assert lines(redaction)[3] == "P01: then she left"


def test_where_everything_is_withheld_nothing_is_left() -> None:
    assert made(Withheld(0, 18)) == Redaction(replace(made().transcript, turns=()), ())


def test_an_anonymiser_that_writes_something_else_stops_it() -> None:
    class Other(PlainAnonymiser):
        def replace(self, text: str, findings: Sequence[Finding]) -> str:
            return f"{super().replace(text, findings)} "

    with pytest.raises(RedactionRefused) as refused:
        redact(RECORDING, TALK, [NAME], [Withheld(0, 3)], Other())
    assert refused.value.code == "mismatch"


def files(transcript: RedactedTranscript) -> Mapping[str, bytes]:
    """All that any file of it holds, unpacked."""
    return {
        "release": write_release(transcript, {"events": 3}),
        **{
            f"{key} {number}": piece
            for key, each in FORMATS.items()
            for number, piece in enumerate(all_bytes(each.write(transcript)))
        },
    }


def test_no_byte_of_any_file_holds_a_word_that_was_withheld() -> None:
    transcript = replace(made(Withheld(6, 10)).transcript, checked=Checked.YES)
    seen = files(transcript)
    assert b"checked by a person" in seen["txt 0"]
    for name, data in seen.items():
        text = data.decode()
        for word in ("Quenilla", "Zebrowski", "told", "xylophonist", "that "):
            assert word.casefold() not in text.casefold(), name


def test_a_release_is_read_as_it_was_written_and_the_same_twice() -> None:
    transcript = replace(made(Withheld(6, 10)).transcript, remarks=("a draft: let go",))
    data = write_release(transcript, {"events": 3})
    assert read_release(data) == (transcript, {"events": 3})
    assert data == write_release(replace(transcript), {"events": 3})
