"""Presets: what each marks and leaves out, and that nothing else changes."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.convention import CLEAN, CONVENTIONS, FULL, INTELLIGENT, Convention
from transcriber.domain.interval import Interval
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.txt import write_txt
from transcriber.stages.convention import apply_convention

WORD_MS = 300
MARK = re.compile(r"\(\d+ s\)|\[overtalking\]|\[inaudible \d\d:\d\d:\d\d\]")
PRESETS = list(CONVENTIONS.values())
# A busy machine is slow at times; that is no failure.


def spoken(label: str, start_ms: int, text: str) -> RedactedTurn:
    """A turn with a word every 300 ms; `_` is a second of silence, `[X]` was redacted."""
    tokens = []
    for word in text.split():
        if word == "_":
            start_ms += 1_000
            continue
        tokens.append(Token(word, start_ms, start_ms + WORD_MS, redacted="[" in word))
        start_ms += WORD_MS
    return RedactedTurn(label, tuple(tokens))


def heard(
    *turns: RedactedTurn, untranscribed: tuple[Interval, ...] = (), language: str = "en"
) -> RedactedTranscript:
    coverage = Coverage(60_000, untranscribed)
    return RedactedTranscript(
        "FG1", "S", language, Quality.FULL, Checked.NO, 60_000, coverage, turns
    )


def written(transcript: RedactedTranscript, convention: Convention) -> list[str]:
    return [f"{turn.label}: {turn.text}" for turn in apply_convention(transcript, convention).turns]


def intelligent(text: str, language: str = "en") -> str:
    (turn,) = apply_convention(heard(spoken("P01", 0, text), language=language), INTELLIGENT).turns
    return turn.text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("So um I went", "So I went"),
        ("So, um, I, er, went, erm", "So, I, went,"),
        ("I I I went", "I went"),
        ("I, um, I went", "I went"),
        ("the, the clinic", "the clinic"),
        ("The the clinic", "the clinic"),
        ("we- we went", "we went"),
        ("be- because th- that hurt", "because that hurt"),
        ("It’s it's fine", "it's fine"),  # noqa: RUF001
        ("It hurt. Um. Then it stopped.", "It hurt. Then it stopped."),
    ],
)
def test_hesitations_go(said: str, left: str) -> None:
    assert intelligent(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "no no no it was very very sore",
        "I was like you know tired",
        "oh ah well I had had enough",
        "so did we we told them",
        "taken to the ER by car",
        "vitamin A a day",
        "no- nobody came",
        "I was going to- we went home",
        "Sa- Tom went",
        "I went. I stayed.",
        "and so did the the",
        "it hurt, um. Then it stopped.",
        "why, um?",
        "Um, er.",
        '"Um, no"',
        "[UM] [I] [I] went",
        "I [P01] I [P01] went",
    ],
)
def test_what_may_carry_meaning_stays(said: str) -> None:
    assert intelligent(said) == said


def test_a_word_said_again_after_a_break_is_a_new_start() -> None:
    assert intelligent("I _ I went") == "I went"
    assert intelligent("I _ _ I went") == "I I went"


def test_other_languages_keep_every_word() -> None:
    assert intelligent("äh um the the Frau", "de") == "äh um the the Frau"
    assert intelligent("um the the clinic", "en-GB") == "the clinic"


def test_pauses_are_marked_where_they_end() -> None:
    said = heard(
        spoken("MOD", 0, "How was it"), spoken("P01", 3_200, "Hard _ _ _ _ very _ hard indeed")
    )

    assert written(said, FULL) == [
        "MOD: How was it",
        "P01: (2 s) Hard (4 s) very hard indeed",
    ]
    assert written(said, INTELLIGENT) == ["MOD: How was it", "P01: Hard (4 s) very hard indeed"]
    assert written(said, CLEAN) == ["MOD: How was it", "P01: Hard very hard indeed"]
    assert apply_convention(said, FULL).turns[1].start_ms == 3_200


@pytest.mark.parametrize("convention", PRESETS)
def test_what_several_say_is_marked_in_every_convention(convention: Convention) -> None:
    once = apply_convention(heard(spoken("SEVERAL", 0, "yes we did")), convention)
    assert [f"{turn.label}: {turn.text}" for turn in once.turns] == [
        "SEVERAL: [several voices] yes we did"
    ]
    assert apply_convention(once, convention) == once


def test_a_hesitation_is_no_silence() -> None:
    um = Token("um", 300, 3_000)
    turn = RedactedTurn("P01", (Token("I", 0, 300), um, Token("went", 3_000, 3_300)))

    assert written(heard(turn), INTELLIGENT) == ["P01: I went"]


def test_nobody_is_silent_while_another_speaks() -> None:
    story = spoken("P01", 0, "So _ _ _ then")
    said = heard(story, spoken("P02", 400, "and we went to the shop and back again"))

    assert "P01: So then" in written(said, FULL)


def test_talk_at_the_same_time_is_marked_where_it_begins() -> None:
    said = heard(
        spoken("P01", 0, "we went to the clinic on a bus"),
        spoken("P02", 1_250, "yes we did and later we walked"),
    )

    assert written(said, FULL)[0] == "P01: we went to the clinic on a bus"
    assert written(said, FULL)[1] == "P02: [overtalking] yes we did and later we walked"
    assert written(said, CLEAN)[1] == "P02: yes we did and later we walked"


def test_loose_word_borders_are_no_overlap_and_nobody_talks_over_himself() -> None:
    said = heard(
        spoken("P01", 0, "we went"),
        spoken("P02", 400, "yes"),
        spoken("UNK", 100, "yes"),
        spoken("P01", 100, "yes"),
    )

    assert not any("overtalking" in line for line in written(said, FULL))


@pytest.mark.parametrize("convention", PRESETS, ids=lambda convention: convention.name)
def test_speech_without_words_is_marked_where_it_was(convention: Convention) -> None:
    said = heard(
        spoken("MOD", 0, "Tell me _ _ _ _ _ please"),
        spoken("P01", 20_000, "Well it hurt."),
        untranscribed=(
            Interval(1_999, 4_000),  # within a turn
            Interval(8_000, 9_000),  # between two turns: nobody knows whose
            Interval(3_723_000, 3_724_000),
        ),
    )

    lines = [re.sub(r"\(\d+ s\) ", "", line) for line in written(said, convention)]

    assert lines == [
        "MOD: Tell me [inaudible 00:00:01] please",
        "UNK: [inaudible 00:00:08]",
        "P01: Well it hurt.",
        "UNK: [inaudible 01:02:03]",
    ]


@pytest.mark.parametrize("convention", PRESETS, ids=lambda convention: convention.name)
def test_a_recording_without_a_word_still_says_where_speech_was(convention: Convention) -> None:
    silent = heard(untranscribed=(Interval(1_000, 2_000), Interval(61_000, 62_000)))

    text = write_txt(apply_convention(silent, convention)).decode()

    assert "UNK: [inaudible 00:00:01]" in text
    assert "[inaudible 00:01:01]" in text


def test_a_listening_sound_goes_only_from_within_anothers_sentence() -> None:
    said = heard(
        spoken("P01", 0, "We went to the"),
        spoken("MOD", 1_200, "Mm-hm."),
        spoken("P01", 1_500, "clinic on Monday."),
        spoken("MOD", 3_000, "Did it help?"),
        spoken("P01", 4_000, "Mm-hm."),
        spoken("MOD", 5_000, "So it"),
        spoken("P01", 6_000, "Yeah."),
        spoken("MOD", 7_000, "did help."),
    )

    assert written(said, CLEAN) == [
        "P01: We went to the clinic on Monday.",
        "MOD: Did it help?",
        "P01: Mm-hm.",
        "MOD: So it",
        "P01: Yeah.",
        "MOD: did help.",
    ]
    assert len(apply_convention(said, INTELLIGENT).turns) == len(said.turns)


def test_without_punctuation_a_listening_sound_may_be_an_answer() -> None:
    said = heard(
        spoken("MOD", 0, "did it help"), spoken("P01", 1_000, "mhm"), spoken("MOD", 2_000, "good")
    )

    assert len(apply_convention(said, CLEAN).turns) == len(said.turns)


TEXTS = st.sampled_from(
    ["I", "I,", "um", "um,", "Um.", "the", "we-", "went.", "no", "mm", "[P01]", "[P01]'s", "A", "a"]
)


@st.composite
def transcripts(draw: st.DrawFn) -> RedactedTranscript:
    turns = []
    for _ in range(draw(st.integers(0, 4))):
        now_ms = draw(st.integers(0, 20_000))
        tokens = []
        for text in draw(st.lists(TEXTS, min_size=1, max_size=6)):
            now_ms += draw(st.sampled_from([0, 500, 4_000]))
            tokens.append(Token(text, now_ms, now_ms + WORD_MS, redacted="[" in text))
            now_ms += WORD_MS
        turns.append(RedactedTurn(draw(st.sampled_from(["P01", "MOD", "UNK"])), tuple(tokens)))
    starts = draw(st.lists(st.integers(0, 30_000), max_size=3, unique=True))
    lost = tuple(Interval(start, start + 1_500) for start in sorted(starts))
    return heard(*turns, untranscribed=lost)


@given(transcripts(), st.sampled_from(PRESETS))
def test_nothing_is_invented_or_lost(
    transcript: RedactedTranscript, convention: Convention
) -> None:
    after = apply_convention(transcript, convention)
    before = [token for turn in transcript.turns for token in turn.tokens]
    tokens = [token for turn in after.turns for token in turn.tokens]
    words = [token for token in tokens if not token.mark]

    remaining = iter(before)
    assert all(word in remaining for word in words)
    assert [w for w in words if w.redacted] == [w for w in before if w.redacted]
    assert all(MARK.fullmatch(token.text) for token in tokens if token.mark)
    inaudible = [token for token in tokens if token.text.startswith("[inaudible")]
    assert len(inaudible) == len(transcript.coverage.untranscribed)
    if convention is FULL:
        assert words == before
        assert apply_convention(after, FULL) == after


@given(transcripts(), st.sampled_from(PRESETS))
def test_a_mark_never_reads_as_a_speaker(
    transcript: RedactedTranscript, convention: Convention
) -> None:
    """MAXQDA takes what stands before the first colon of a paragraph for the speaker."""
    _, _, *lines = write_txt(apply_convention(transcript, convention)).decode().splitlines()

    assert {line.partition(":")[0] for line in lines} <= {"P01", "MOD", "UNK"}


def test_programs_can_tell_marks_from_words() -> None:
    said = heard(spoken("P01", 0, "so um yes"), untranscribed=(Interval(5_000, 6_000),))

    record = json.loads(write_redacted_json(apply_convention(said, FULL)))

    tokens = [token for turn in record["turns"] for token in turn["tokens"]]
    assert [(token["text"], token["mark"]) for token in tokens] == [
        ("so", False),
        ("um", False),
        ("yes", False),
        ("(4 s)", True),
        ("[inaudible 00:00:05]", True),
    ]
