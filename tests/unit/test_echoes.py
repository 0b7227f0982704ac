"""Where others repeat or answer what somebody said who takes it back."""

from dataclasses import replace

import pytest

from tests.echoes.labelled import figures
from tests.talk import talk
from transcriber.domain.echo import Ground
from transcriber.domain.transcript import Struck, Transcript
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN
from transcriber.stages.echoes import WHOLE_WORDS, find_echoes
from transcriber.stages.name_spellings import spelt

P3 = frozenset({"P3"})
LONG = (
    "I walk to work most mornings and I take the dog with me when it is dry outside. "
    "I did that with twins as well for a year. "
    "Then the weather turned and my knee gave way and the doctor put me on some tablets for it, "
    "so now I drive in and I park behind the library where nobody ever looks."
)


def said(transcript: Transcript, *who: str) -> list[str]:
    """The words of each echo."""
    number = {word.id: place for place, word in enumerate(transcript.words)}
    return [
        " ".join(word.text for word in transcript.words[number[echo.first] : number[echo.last] + 1])
        for echo in find_echoes(transcript, frozenset(who) or P3)
    ]


def test_a_reply_that_repeats_what_few_say_is_listed_and_small_talk_is_not() -> None:
    group = talk(
        ("MOD", "How did it begin?"),
        ("P3", "I had twins in the lighthouse."),
        ("MOD", "Twins, in a lighthouse?"),
        ("P1", "Oh my goodness, well done."),
        ("MOD", "And what did you do?"),
    )
    assert said(group) == ["Twins, in a lighthouse?"]
    (echo,) = find_echoes(group, P3)
    assert (echo.ground, echo.shared) == (Ground.REPEATS, 2)


def test_what_was_said_before_them_and_their_own_turns_are_no_echo() -> None:
    group = talk(
        ("MOD", "Is there a lighthouse near here?"),
        ("P3", "My lighthouse has twins in it."),
        ("P3", "Twins in the lighthouse."),
    )
    assert said(group) == []


def test_a_rare_word_is_found_long_after() -> None:
    others = [("P1", "I see what you mean there."), ("P2", "Well, that is how it goes.")] * 10
    group = talk(("P3", "He sailed from Valparaiso."), *others, ("P1", "Valparaiso is far."))
    assert said(group)[-1] == "Valparaiso is far."
    common = talk(("P3", "He sailed to the hospital."), *others, ("P1", "The hospital is far."))
    assert "The hospital is far." not in said(common)


def test_what_everybody_talks_of_tells_nothing() -> None:
    rounds = [("P1", "Our leeks were late."), ("P2", "Leeks, yes.")] * 8
    group = talk(*rounds, ("P3", "I have leeks."), ("P1", "You have leeks."), *rounds)
    assert said(group) == []


def test_one_who_refers_back_is_listed_without_a_common_word() -> None:
    group = talk(
        ("P3", "He drinks and then he throws plates."),
        ("P1", "Well, like she said, you cannot live so."),
        ("P2", "No, indeed."),
    )
    assert said(group) == ["Well, like she said, you cannot live so."]
    assert find_echoes(group, P3)[0].ground is Ground.REFERS


def test_the_next_turn_that_speaks_to_them_of_what_they_told_is_listed() -> None:
    group = talk(
        ("P3", "My mum messaged me out of nowhere."),
        ("MOD", "How did she find you?"),
        ("P1", "And what about you all?"),
        ("MOD", "Did she write to you?"),
    )
    assert said(group) == ["How did she find you?"]
    assert find_echoes(group, P3)[0].ground is Ground.ANSWERS


def test_of_a_long_turn_only_what_lies_about_the_evidence_is_listed() -> None:
    assert len(LONG.split()) > WHOLE_WORDS
    group = talk(("P3", "I had twins."), ("P1", LONG))
    assert said(group) == ["I did that with twins as well for a year."]


def test_a_mention_is_listed_and_no_echo_ends_at_a_word_of_it_that_goes() -> None:
    group = talk(("P1", "We all know Quenilla Brown"), ("P3", "Yes."), ("MOD", "Go on."))
    (echo,) = find_echoes(group, P3, [range(3, 5)])
    assert (echo.first, echo.last, echo.ground) == ("w0", "w3", Ground.NAMES)


def test_a_mention_alone_leaves_nothing_to_decide_and_two_that_overlap_are_told_apart() -> None:
    alone = talk(("P3", "Who is it?"), ("P1", "Quenilla Brown."))
    assert find_echoes(alone, P3, [range(3, 5)]) == ()
    both = talk(("P3", "Yes."), ("P1", "It was Quenilla Brown Whitfield"))
    (echo,) = find_echoes(both, P3, [range(3, 5), range(4, 6)])
    assert (echo.first, echo.last) == ("w1", "w5")


def test_a_name_is_found_however_it_is_written() -> None:
    words = [
        "That",
        "was",
        "SARAH'S",
        "dog,",
        "and",
        "Anne-Marie",
        "and",
        "Anne",
        "Marie,",
        "not",
        "Sarahlee",
        "or",
        "Marié",
    ]
    assert spelt(words, ["Sarah", "Anne-Marie", "Marie"]) == {
        range(2, 3),
        range(5, 6),
        range(7, 9),
        range(8, 9),
        range(12, 13),
    }
    assert spelt(words, ["", "Tom"]) == frozenset()


def test_struck_words_are_no_evidence_and_nothing_is_found_where_nobody_withdraws() -> None:
    group = talk(("P3", "I had twins."), ("P1", "Twins, did you say?"))
    assert said(group) == ["Twins, did you say?"]
    words = tuple(
        replace(word, struck=Struck.LOOP if number == 3 else None)
        for number, word in enumerate(group.words)
    )
    assert find_echoes(replace(group, words=words), P3) == ()
    assert find_echoes(group, frozenset()) == ()


def test_what_another_withdrew_before_is_no_echo() -> None:
    group = talk(("P3", "x"), ("P1", "x"), ("P2", "Well."))
    gone = tuple(replace(word, text=CONTRIBUTION_WITHDRAWN) for word in group.words[:2])
    assert find_echoes(replace(group, words=(*gone, *group.words[2:])), P3) == ()


def test_in_another_language_frequent_words_list_nothing() -> None:
    lines = [
        ("P1", "yo creo que es muy bueno que la gente venga"),
        ("P2", "la verdad es que no lo creo y que no me gusta"),
    ] * 5
    group = talk(
        *lines,
        ("P3", "es que yo no lo vi pero mi faro sí"),
        ("P1", "la gente que no lo vio"),
        ("P2", "en el faro"),
        *lines,
        language="es",
    )
    assert said(group) == ["en el faro"]


@pytest.mark.parametrize(
    ("which", "recall", "share"), [("chosen_on", 0.8, 0.2), ("held_out", 0.8, 0.2)]
)
def test_labelled_talk(which: str, recall: float, share: float) -> None:
    told = figures(which)
    assert told.recall >= recall
    assert told.share <= share
