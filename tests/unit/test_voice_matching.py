"""A voice heard before is proposed when it is alike; whoever leads the talk is expected again."""

from math import acos, cos, sin

from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.transcript import Voice
from transcriber.domain.voice_print import VoicePrint
from transcriber.stages.interview.voice_matching import SAME, SAME_LEADER, propose

# A busy machine is slow at times; that is no failure.


def unit(angle: float) -> tuple[float, float]:
    return cos(angle), sin(angle)


def known(recording: str, angle: float, label: str = "INT", **more: str) -> VoicePrint:
    return VoicePrint(recording, "S1", label, "model", unit(angle), **more)


def test_the_most_alike_is_proposed_with_the_similarity() -> None:
    (found,) = propose([Voice("S2", unit(0.1))], [known("INT01", 0.0), known("INT02", 1.2)])
    assert (found.speaker, found.known_recording, found.known_label) == ("S2", "INT01", "INT")
    assert found.similarity == round(cos(0.1), 3)


def test_what_is_not_alike_is_nobody_known() -> None:
    assert propose([Voice("S2", unit(1.2))], [known("INT01", 0.0)]) == ()
    assert propose([Voice("S2")], [known("INT01", 0.0)]) == ()
    assert propose([Voice("S2", unit(0))], []) == ()


def test_whoever_leads_is_expected_again_and_others_must_be_more_alike() -> None:
    between = Voice("S2", unit(acos((SAME + SAME_LEADER) / 2)))
    assert len(propose([between], [known("INT01", 0.0)])) == 1
    assert propose([between], [known("INT01", 0.0, label="P01")]) == ()
    assert len(propose([Voice("S2", unit(0.1))], [known("INT01", 0.0, label="P01")])) == 1


def test_voices_that_were_proposed_as_one_are_compared_as_one() -> None:
    prints = [known("INT01", 0.0), known("INT02", 0.2, resembles="INT01/S1")]
    (found,) = propose([Voice("S1", unit(0.1))], prints)
    assert (found.owner, found.similarity) == ("INT01/S1", 1.0)


def test_confirmed_voices_count_as_one_person() -> None:
    prints = [known("INT01", 0.0, person="A"), known("INT02", 0.2, person="A")]
    (found,) = propose([Voice("S1", unit(0.1))], prints)
    assert (found.owner, found.similarity) == ("A", 1.0)


@given(st.lists(st.floats(0, 3), max_size=5), st.lists(st.floats(0, 3), max_size=5))
def test_nobody_is_two_voices_and_no_voice_two_people(
    voices: list[float], people: list[float]
) -> None:
    heard = [Voice(f"S{n}", unit(angle)) for n, angle in enumerate(voices)]
    prints = [known(f"INT{n:02d}", angle) for n, angle in enumerate(people)]
    found = propose(heard, prints)
    assert len({proposal.speaker for proposal in found}) == len(found)
    assert len({proposal.owner for proposal in found}) == len(found)
    assert all(proposal.similarity >= SAME_LEADER - 0.001 for proposal in found)
