"""Talk-time, turns and silence add up, and follow what people corrected."""

from hypothesis import given
from hypothesis import strategies as st

from tests.talk import talk, turns_of
from transcriber.domain.edit import SpeakersMerged, TurnSplit, WordsReassigned, version
from transcriber.domain.interval import Interval, joined
from transcriber.domain.talk import TalkFigures
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Turn, Word
from transcriber.stages.interview.figures import TAKES_OVER_MS, talk_figures
from transcriber.stages.interview.speaking import speaking

# A busy machine is slow at times; that is no failure.
DURATION_MS = 60_000
SPEAKERS = ("S1", "S2", "S3")
EMPTY = Transcript(
    "en",
    Quality.FULL,
    DURATION_MS,
    tuple(Speaker(speaker, speaker) for speaker in SPEAKERS),
    (),
    (),
    Coverage(0),
)
spans = st.tuples(st.integers(0, 599), st.integers(1, 80)).map(
    lambda drawn: Interval(drawn[0] * 100, min((drawn[0] + drawn[1]) * 100, DURATION_MS))
)
talks = st.dictionaries(
    st.sampled_from(SPEAKERS), st.lists(spans, min_size=1, max_size=12), min_size=1
).map(lambda drawn: {who: tuple(joined(spoken)) for who, spoken in drawn.items()})


def figures(*spoken: tuple[str, int, int]) -> TalkFigures:
    talking: dict[str, list[Interval]] = {}
    for who, start_ms, end_ms in spoken:
        talking.setdefault(who, []).append(Interval(start_ms, end_ms))
    return talk_figures(talking, EMPTY)


@given(talks)
def test_silence_and_talk_are_told_apart_without_remainder(
    talking: dict[str, tuple[Interval, ...]],
) -> None:
    found = talk_figures(talking, EMPTY)
    everybody = joined(stretch for spoken in talking.values() for stretch in spoken)
    outside_ms = everybody[0].start_ms + DURATION_MS - everybody[-1].end_ms
    told_ms = sum(talk.pauses_ms + talk.gaps_ms for talk in found.speakers)
    assert found.silence_ms == told_ms + outside_ms
    assert found.silence_ms + sum(s.duration_ms for s in everybody) == DURATION_MS


@given(talks)
def test_shares_make_a_whole_and_overlap_is_what_is_counted_twice(
    talking: dict[str, tuple[Interval, ...]],
) -> None:
    found = talk_figures(talking, EMPTY)
    assert abs(sum(talk.share for talk in found.speakers) - 1) < 0.001
    for each in found.speakers:
        spoken = talking[each.speaker]
        assert each.talk_ms == sum(stretch.duration_ms for stretch in spoken)
        assert 0 <= each.overlapped_ms <= each.talk_ms
        assert each.turns + each.listening >= 1
        assert each.longest_turn_ms >= 0
    assert found.overlap_ms <= sum(talk.overlapped_ms for talk in found.speakers)
    given_and_taken = (
        sum(t.interrupts for t in found.speakers),
        sum(t.interrupted for t in found.speakers),
    )
    assert given_and_taken[0] == given_and_taken[1]


def test_a_listening_sound_is_no_turn_and_no_interruption() -> None:
    one, other = figures(("S1", 0, 10_000), ("S2", 4_000, 4_700)).speakers
    assert (one.turns, one.longest_turn_ms, one.interrupted) == (1, 10_000, 0)
    assert (other.turns, other.listening, other.interrupts) == (0, 1, 0)
    assert (one.overlapped_ms, other.overlapped_ms) == (700, 700)


def test_whoever_goes_on_when_the_other_stops_has_taken_over() -> None:
    one, other = figures(("S1", 0, 10_000), ("S2", 9_000, 15_000)).speakers
    assert (one.interrupted, other.interrupts, other.turns) == (1, 1, 1)
    foreseen = 10_000 - TAKES_OVER_MS + 1
    one, other = figures(("S1", 0, 10_000), ("S2", foreseen, 15_000)).speakers
    assert (one.interrupted, other.interrupts) == (0, 0)


def test_pauses_are_ones_own_and_gaps_are_ended_by_the_next() -> None:
    found = figures(("S1", 1_000, 2_000), ("S1", 3_500, 5_000), ("S2", 6_200, 8_000))
    one, other = found.speakers
    assert (one.pauses_ms, one.gaps_ms, one.turns) == (1_500, 0, 1)
    assert (other.pauses_ms, other.gaps_ms) == (0, 1_200)
    assert found.silence_ms == 1_000 + 1_500 + 1_200 + DURATION_MS - 8_000


SAID = talk(
    ("S1", "how did it go"), ("S2", "it went well I think"), ("S3", "yes and then she left")
)


def test_without_edits_everybody_talks_when_the_voices_do() -> None:
    talking = speaking(turns_of(SAID), SAID, SAID)
    assert talking == {turn.speaker: (turn.interval,) for turn in turns_of(SAID)}


def test_after_a_merge_all_of_a_voice_goes_over() -> None:
    turns = (*turns_of(SAID), Turn("S3", Interval(20_000, 20_400)))
    merged = version(SAID, [SpeakersMerged("S3", "S1")])
    talking = speaking(turns, SAID, merged)
    assert set(talking) == {"S1", "S2"}
    assert talking["S1"] == (turns[0].interval, turns[2].interval, turns[3].interval)


def test_a_turn_is_cut_where_its_words_change_hands() -> None:
    split = version(SAID, [TurnSplit("w6", "S9")])
    (whole,) = (turn.interval for turn in turns_of(SAID) if turn.speaker == "S2")
    talking = speaking(turns_of(SAID), SAID, split)
    border_ms = SAID.words[6].start_ms
    assert talking["S2"] == (Interval(whole.start_ms, border_ms),)
    assert talking["S9"] == (Interval(border_ms, whole.end_ms),)


def test_what_nobody_or_several_said_is_nobodys() -> None:
    for honest in ("UNK", "SEVERAL"):
        edited = version(SAID, [WordsReassigned("w4", "w8", honest)])
        talking = speaking(turns_of(SAID), SAID, edited)
        assert talking["S2"] == ()
        assert "SEVERAL" not in talking


def test_words_that_no_voice_had_count_for_whom_they_were_given_to() -> None:
    words = (Word("w0", "mm", 1_000, 1_400), Word("w1", "yes", 5_000, 5_300, "S1"))
    heard = Transcript("en", Quality.FULL, 9_000, (Speaker("S1", "S1"),), words, (), Coverage(0))
    given_away = version(heard, [WordsReassigned("w0", "w0", "S2")])
    talking = speaking((Turn("S1", Interval(4_900, 5_400)),), heard, given_away)
    assert talking == {"S1": (Interval(4_900, 5_400),), "S2": (Interval(1_000, 1_400),)}
