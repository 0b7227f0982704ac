"""Doubt: a few turns together, names before words, nothing twice and nothing left out."""

from dataclasses import replace
from itertools import pairwise

from tests.talk import talk
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Coverage, Transcript
from transcriber.services.review.doubt import LONGEST_MS, Reason, doubtful
from transcriber.services.review.workload import risky_part, time_left
from transcriber.stages.second_look.sound import Ear

LINES = [("A", "and then we went to the shop and came home again"), ("B", "yes we did")] * 20


def with_word(transcript: Transcript, number: int, **changes: object) -> Transcript:
    words = list(transcript.words)
    words[number] = replace(words[number], **changes)  # type: ignore[arg-type]
    return replace(transcript, words=tuple(words))


def test_stretches_hold_every_word_once_and_are_a_few_turns() -> None:
    transcript = talk(*LINES, ("A", "on and on " * 100))
    found = sorted(doubtful(transcript, ()), key=lambda one: one.first_word)
    assert found[0].first_word == 0
    assert found[-1].last_word == len(transcript.words) - 1
    for one, following in pairwise(found):
        assert following.first_word == one.last_word + 1
    assert all(one.duration_ms <= LONGEST_MS for one in found)


def test_a_name_by_sound_comes_before_words_heard_badly() -> None:
    transcript = talk(*LINES, ("A", "then wit field came by"), *LINES)
    for number in range(4):
        transcript = with_word(transcript, number, confidence=0.2)
    first, second, *rest = doubtful(transcript, (), Ear([("whitfield",)]))
    assert first.reasons[0] is Reason.BY_SOUND
    assert second.reasons == (Reason.WORD,)
    assert all(not one.reasons for one in rest)


def test_a_capital_counts_unless_a_finding_covers_it() -> None:
    lines = [*LINES, ("A", "then we met Oonagh at the door")]
    transcript = talk(*lines)
    number = next(n for n, word in enumerate(transcript.words) if word.text == "Oonagh")
    assert Reason.ODD_WORD in doubtful(transcript, ())[0].reasons
    start, end = transcript.layout.offsets(number, number)
    found = Finding(
        start, end, EntityType.PERSON, "Oonagh", 0.99, "model", place=Place(number, number, 0, 1)
    )
    assert all(Reason.ODD_WORD not in one.reasons for one in doubtful(transcript, [found]))
    unsure = replace(found, score=0.4)
    assert Reason.NAME in doubtful(transcript, [unsure])[0].reasons


def test_speech_without_words_overlap_and_uncertain_speakers_are_doubts() -> None:
    transcript = talk(*LINES)
    end_ms = transcript.words[3].end_ms
    silent = Coverage(transcript.duration_ms, (Interval(end_ms - 300, end_ms + 200),))
    transcript = replace(transcript, coverage=silent)
    transcript = with_word(transcript, 12, speaker_uncertain=True)
    late = transcript.words[40]
    transcript = with_word(transcript, 39, end_ms=late.end_ms)
    reasons = {reason for one in doubtful(transcript, ()) for reason in one.reasons}
    assert {Reason.UNTRANSCRIBED, Reason.SPEAKER} <= reasons


def test_risky_parts_stop_at_their_share_and_where_nothing_is_doubtful() -> None:
    transcript = talk(*LINES)
    assert risky_part(doubtful(transcript, ())) == ()
    for number in range(len(transcript.words)):
        transcript = with_word(transcript, number, confidence=0.1)
    stretches = doubtful(transcript, ())
    chosen = risky_part(stretches)
    heard_ms = sum(one.duration_ms for one in chosen[:-1])
    assert 0 < heard_ms < 0.15 * sum(one.duration_ms for one in stretches)


def test_time_left_is_that_of_the_stated_speeds() -> None:
    left = time_left(
        unheard_ms=90 * 60_000, risky_unheard_ms=15 * 60_000, undecided=40, unread_words=2_300
    )
    assert left.everything_min == 60 + 2 + 10
    assert left.risky_min == (15 + 7.5) / 1.5 + 2 + 10
    assert (left + left).everything_min == 144
