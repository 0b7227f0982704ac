"""Once found, found everywhere: parts, misheard mentions, initials and false starts."""

import pytest

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.known_name import KnownName
from transcriber.stages.propagate import mentions_of_known, propagated

TALK = "Yes, and it was fine by me, you know, in the end we all went home. "


def found(text: str, *names: tuple[str, EntityType], source: str = "names") -> list[Finding]:
    """A finding for the first mention of each name."""
    findings = []
    for name, kind in names:
        start = text.index(name)
        findings.append(Finding(start, start + len(name), kind, name, 0.85, source, name.lower()))
    return sorted(findings, key=lambda finding: finding.start)


PERSON, PLACE = EntityType.PERSON, EntityType.LOCATION

AGAIN = [
    ("Sarah Whitfield came. So did Sarah.", "Sarah Whitfield", PERSON, ["Sarah"]),
    ("Sarah Whitfield came. Mrs Whitfield left.", "Sarah Whitfield", PERSON, ["Whitfield"]),
    ("He lives in Poulton. You know Poulton.", "Poulton", PLACE, ["Poulton"]),
    ("Sarah came. Then Sa- Sarah left.", "Sarah", PERSON, ["Sarah", "Sa"]),
    ("Sarah came. Then S- Sarah left.", "Sarah", PERSON, ["Sarah", "S"]),
    ("She works at Tesco. I saw her at Tes- at the shop.", "Tesco", PLACE, ["Tes"]),
    ("Sarah Whitfield came. I told S.W. so.", "Sarah Whitfield", PERSON, ["S.W"]),
    ("Sarah Whitfield came. I told SW so.", "Sarah Whitfield", PERSON, ["SW"]),
    ("Jonathan came. Later J said no.", "Jonathan", PERSON, ["J"]),
    ("Agnieszka came. Then agni esca left.", "Agnieszka", PERSON, ["agni esca"]),
    (
        "We met Tom Greenwood. Then tom grin would left.",
        "Tom Greenwood",
        PERSON,
        ["tom grin would"],
    ),
]


@pytest.mark.parametrize(("text", "name", "kind", "others"), AGAIN, ids=[r[0] for r in AGAIN])
def test_is_found_again(text: str, name: str, kind: EntityType, others: list[str]) -> None:
    text = f"{text} {TALK}"
    again = propagated(text, found(text, (name, kind)))
    assert sorted(finding.text for finding in again) == sorted(others)
    assert {finding.entity for finding in again} == {name.lower()}
    assert all(text[f.start : f.end] == f.text for f in again)


LEFT = [
    ("Sarah came. It was so- so hard.", "Sarah"),
    ("Theresa came. The- the thing is that we left.", "Theresa"),
    ("Diane came. She takes vitamin D now.", "Diane"),
    ("Ann came. I said no. A week later I went.", "Ann"),
    ("Ian came. I- I said no.", "Ian"),
    ("Mark came. I mark it and they mark it.", "Mark"),
    ("Grace Moore came. She has more grace.", "Grace Moore"),
    ("Katherine came. It is spelt with a K.", "Katherine"),
    ("Quentin came.\nQ: And who else?", "Quentin"),
    ("Paul Sanders came. Then we had sandals on.", "Paul Sanders"),
]


@pytest.mark.parametrize(("text", "name"), LEFT, ids=[row[0] for row in LEFT])
def test_is_left(text: str, name: str) -> None:
    text = f"{text} {TALK}"
    assert propagated(text, found(text, (name, PERSON))) == []


def test_two_people_with_one_initial_are_neither() -> None:
    text = "Jonathan came with Jessica. J said no. " + TALK
    assert propagated(text, found(text, ("Jonathan", PERSON), ("Jessica", PERSON))) == []


def test_a_surname_that_two_people_share_is_found_and_means_neither() -> None:
    text = "Ada Mossop met Rolf Mossop. Then Mossop left. " + TALK
    (again,) = propagated(text, found(text, ("Ada Mossop", PERSON), ("Rolf Mossop", PERSON)))
    assert (again.text, again.start, again.entity) == ("Mossop", text.rindex("Mossop"), "mossop")


def test_a_name_of_an_earlier_recording_is_found() -> None:
    known = [KnownName("Agnieszka Nowak", PERSON, "p7")]
    (finding,) = mentions_of_known(f"Then Agnieszka left. {TALK}", [], known)
    assert (finding.text, finding.entity, finding.source) == ("Agnieszka", "p7", "propagated")


def test_a_name_that_a_person_marked_is_as_certain_by_sound_as_the_rosters() -> None:
    text = f"yes andy came and then on d left again {TALK}".lower()
    found_before = found(text, ("andy", PERSON), source="person")
    for by_person, heard in ((False, []), (True, ["on d"])):
        known = [KnownName("andy", PERSON, "andy", by_person=by_person)]
        by_sound = mentions_of_known(text, found_before, known)
        assert [(f.text, f.source) for f in by_sound] == [(t, "propagated-sound") for t in heard]


def test_whom_a_person_marked_is_sought_by_what_they_are_called_for_short() -> None:
    text = f"i am andrew mackenzie and they call me on d here {TALK}".lower()
    known = [KnownName("andrew mackenzie", PERSON, "p2", by_person=True)]
    marked = found(text, ("andrew mackenzie", PERSON), source="person")
    (again,) = mentions_of_known(text, marked, known)
    assert (again.text, again.entity) == ("on d", "p2")


def test_a_place_that_a_person_marked_is_sought_by_sound() -> None:
    text = f"i come from stonebridge and stone bridge is small {TALK}".lower()
    known = [KnownName("stonebridge", PLACE, "stonebridge", by_person=True)]
    marked = found(text, ("stonebridge", PLACE), source="person")
    assert [f.text for f in mentions_of_known(text, marked, known)] == ["stone bridge"]


def test_a_doubtful_name_is_not_sought_by_sound() -> None:
    text = f"Agnieszka came. Then agni esca left. {TALK}"
    (finding,) = found(text, ("Agnieszka", PERSON))
    doubtful = Finding(finding.start, finding.end, PERSON, finding.text, 0.4, "names")
    assert propagated(text, [doubtful]) == []


def test_the_rosters_names_are_left_to_the_roster() -> None:
    text = f"Agnieszka came. Then agni esca left. {TALK}"
    assert propagated(text, found(text, ("Agnieszka", PERSON), source="roster")) == []


def test_a_place_is_not_sought_by_sound() -> None:
    text = f"We left America. The Americans stayed. {TALK}"
    assert propagated(text, found(text, ("America", PLACE))) == []


def test_a_single_word_that_is_hardly_a_name_is_not_sought_again() -> None:
    text = f"We saw Stardust. It was Stardust again. {TALK}"
    (finding,) = found(text, ("Stardust", PERSON))
    doubtful = Finding(finding.start, finding.end, PERSON, finding.text, 0.37, "names")
    assert propagated(text, [doubtful]) == []


def test_a_title_is_not_sought_by_itself() -> None:
    text = f"Mrs Thistlewood came with Mrs Jones, and then Thistlewood left. {TALK}"
    (again,) = propagated(text, found(text, ("Mrs Thistlewood", PERSON)))
    assert again.text == "Thistlewood"
    assert propagated(text, found(text, ("Mrs", PERSON))) == []


def test_what_only_sounds_like_a_name_is_not_sought_as_written() -> None:
    text = f"She is a manager. The manager knew. {TALK}".lower()
    assert propagated(text, found(text, ("manager", PERSON), source="roster-sound")) == []
