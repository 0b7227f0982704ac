"""Who leads the talk is a guess or nothing, and no label claims to know who somebody is."""

from collections.abc import Sequence

import pytest

from tests.memory_register import MemoryRegister
from tests.talk import talk
from transcriber.domain.labels import Labels
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Role, Transcript
from transcriber.stages.interview.labels import label_speakers, next_labels, roster_labels
from transcriber.stages.interview.questions import questions
from transcriber.stages.interview.roles import guess_role

INTERVIEW = talk(
    ("S1", "thank you for coming. how did you come to this work?"),
    ("S2", "well a friend told me about it and I thought that I could try it for a while"),
    ("S1", "and what was the first visit like?"),
    ("S2", "she was tired and so was I but we had tea and then it went better you know"),
    ("S1", "would you do it again?"),
    ("S2", "yes I would do it again because it has given me more than I can say in an hour"),
)


@pytest.mark.parametrize(
    ("said", "is_question"),
    [
        ("how did you feel about that", True),
        ("so what would make it easier", True),
        ("okay can you tell us about the first one", True),
        ("tell me about the clinic", True),
        ("did you go back there?", True),
        ("what I mean is that nobody came", False),
        ("do not do that in the house", False),
        ("you know what she said", False),
        ("really?", False),
        ("when I was young we had nothing", False),
        ("have a cup of tea first", False),
    ],
)
def test_questions_are_told_with_and_without_punctuation(said: str, is_question: bool) -> None:
    assert questions(talk(("S1", said)))["S1"] == is_question


def test_in_other_languages_only_question_marks_tell() -> None:
    said = talk(("S1", "was war das denn? do you know that"), language="de")
    assert questions(said)["S1"] == 1


def test_the_one_who_asks_is_guessed_with_the_reasons() -> None:
    found = guess_role(INTERVIEW, Kind.INDIVIDUAL)
    assert found is not None
    speaker, guess = found
    assert (speaker, guess.role) == ("S1", Role.INTERVIEWER)
    assert (guess.questions, guess.all_questions, guess.opens) == (3, 3, True)
    assert 0.2 < guess.talk_share < 0.4
    group = guess_role(INTERVIEW, Kind.GROUP)
    assert group is not None
    assert group[1].role is Role.MODERATOR


@pytest.mark.parametrize(
    "unsure",
    [
        talk(("S1", "how did you come to this work?"), ("S2", "a friend told me about it")),
        talk(
            *[("S1", "how are you today?"), ("S2", "and how are you doing?")] * 4,
        ),
        talk(*[("S1", "how did you do that? " + "and so on " * 20), ("S2", "well I did")] * 4),
        talk(("S1", "how did you come to this work? what was it like? who came?")),
        talk((None, "how did you come to this work? what was it like? who came?")),
    ],
    ids=["one question", "both ask", "talks most", "nobody else", "nobody known"],
)
def test_when_unsure_nobody_is_taken_for_the_leader(unsure: Transcript) -> None:
    assert guess_role(unsure, Kind.INDIVIDUAL) is None


def labels_of(
    transcript: Transcript,
    code: str,
    labels: Labels,
    register: MemoryRegister,
    reserved: frozenset[str] = frozenset(),
) -> list[str]:
    kind = Kind.GROUP if code.startswith("FG") else Kind.INDIVIDUAL
    recording = Recording(code, "", kind, ("0" * 64,))

    def allot(speakers: Sequence[str]) -> Sequence[str]:
        return register.labels(code, speakers, reserved)

    labelled = label_speakers(transcript, recording, labels, allot)
    assert [speaker.id for speaker in labelled.speakers] == [s.id for s in transcript.speakers]
    assert [s.guess is not None for s in labelled.speakers] == [
        s.label in {"INT", "MOD"} for s in labelled.speakers
    ]
    return [speaker.label for speaker in labelled.speakers]


GROUP = talk(*[(f"S{n}", "I think so and so did all the others") for n in (1, 2, 3)])


def test_participants_are_numbered_through_the_study_and_keep_their_numbers() -> None:
    register = MemoryRegister()
    for _ in range(2):
        assert labels_of(INTERVIEW, "INT01", Labels.UNLINKED, register) == ["INT", "P01"]
        assert labels_of(INTERVIEW, "INT02", Labels.UNLINKED, register) == ["INT", "P02"]


def test_groups_of_an_unlinked_study_have_labels_of_their_own() -> None:
    register = MemoryRegister()
    own = ["FG1_P1", "FG1_P2", "FG1_P3"]
    assert labels_of(GROUP, "FG01", Labels.UNLINKED, register) == own
    assert labels_of(GROUP, "FG12", Labels.UNLINKED, register)[0] == "FG12_P1"
    assert labels_of(INTERVIEW, "INT01", Labels.UNLINKED, register) == ["INT", "P01"]


def test_a_linked_study_numbers_groups_too() -> None:
    register = MemoryRegister()
    assert labels_of(INTERVIEW, "INT01", Labels.LINKED, register) == ["INT", "P01"]
    assert labels_of(GROUP, "FG01", Labels.LINKED, register) == ["P02", "P03", "P04"]


def test_a_label_of_the_roster_is_nobodys_until_a_person_says_so() -> None:
    register = MemoryRegister()
    assert labels_of(INTERVIEW, "INT01", Labels.LINKED, register) == ["INT", "P01"]
    roster = Roster((Participant("Sarah Whitfield", "p01"), Participant("Tom Hale", "P03")))
    reserved = roster_labels(roster)
    assert labels_of(INTERVIEW, "INT01", Labels.LINKED, register, reserved) == ["INT", "P02"]
    assert labels_of(INTERVIEW, "INT02", Labels.LINKED, register, reserved) == ["INT", "P04"]


def test_a_file_name_does_not_become_a_label() -> None:
    recording = Recording("Sarah Whitfield", "", Kind.GROUP, ("0" * 64,))
    labelled = label_speakers(GROUP, recording, Labels.UNLINKED, lambda speakers: speakers)
    assert [speaker.label for speaker in labelled.speakers] == ["FG_P1", "FG_P2", "FG_P3"]


def test_no_two_speakers_of_a_study_have_one_label() -> None:
    taken = {("INT01", "S1"): "P01", ("INT02", "S1"): "P02"}
    given = next_labels(taken, "INT03", ["S1", "S2"], {"P03"})
    assert list(given.values()) == ["P04", "P05"]
