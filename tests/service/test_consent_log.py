"""Consent logs as people paste them: lines, CSV, cells of a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Participant, Roster
from transcriber.services.consent_log import MOST_CHARACTERS, read_consent_log
from transcriber.services.study_form import StudyForm, roster_from

SARAH = Participant("Sarah Whitfield", "P01")
TOM = Participant("Tom O'Neill", "P02")


@pytest.mark.parametrize(
    "log",
    [
        "P01 Sarah Whitfield\nP02 Tom O'Neill",
        "P01: Sarah Whitfield\nP02: Tom O'Neill\n\n",
        "Sarah Whitfield, P01, 12/03/2024, yes\nTom O'Neill, P02, 13/03/2024, yes",
        "P01\tSarah Whitfield\t12 March 2024\tsigned\nP02\tTom O'Neill\t14th March 2024\tx",
        "Participant ID,Name,Date of consent\nP01,Sarah Whitfield,2024-03-12\nP02,Tom O'Neill,",
        "First name\tSurname\tID\tNotes\nSarah\tWhitfield\tP01\tmorning\nTom\tO'Neill\tP02\t",
        '"Name";"Code";"E-mail"\n"Sarah Whitfield";P01;"s@example.org"\n"Tom O\'Neill";P02;""',
        "Whitfield, Sarah, P01\nO'Neill, Tom, P02",
        "Sarah Whitfield\tP01\tsarah@example.org\t01632 960983\nTom O'Neill\tP02\t\t",
    ],
)
def test_a_log_is_read_in_whatever_form_it_comes(log: str) -> None:
    read = read_consent_log(log)
    assert read.participants == (SARAH, TOM)
    assert (read.withdrawn, read.not_understood) == ((), ())


def test_lines_may_be_names_alone_in_a_list() -> None:
    read = read_consent_log("1. Sarah Whitfield (Saz)\n2. Tom O'Neill\n- Élodie Brun\n")
    assert read.participants == (
        Participant("Sarah Whitfield", aliases=("Saz",)),
        Participant("Tom O'Neill"),
        Participant("Élodie Brun"),
    )


def test_other_names_and_pronouns_are_kept() -> None:
    read = read_consent_log("Name,Known as,Pronouns\nSarah Whitfield,Saz / Sally,she/her\n")
    assert read.participants == (
        Participant("Sarah Whitfield", aliases=("Saz", "Sally"), pronoun="she/her"),
    )


def test_who_withdrew_takes_no_part_and_may_still_be_named() -> None:
    log = "Name\tConsent\nSarah Whitfield\tyes\nTom O'Neill\twithdrawn"
    read = read_consent_log(log)
    assert [person.name for person in read.participants] == ["Sarah Whitfield"]
    assert read.withdrawn == ("Tom O'Neill",)


def test_what_is_not_understood_is_told_by_its_line() -> None:
    log = "Name,ID\nSarah Whitfield,P01\n,P02\nSarah Whitfield,P03\nTom,P01\nx=1,P04\nA,#?"
    read = read_consent_log(log)
    assert [told.line for told in read.not_understood] == [3, 4, 5, 6, 7]
    assert len(read.participants) == 1
    for told in read.not_understood:
        assert "Sarah" not in told.reason


def test_two_names_in_a_line_are_not_guessed_at() -> None:
    read = read_consent_log("Sarah Whitfield, Helen Marsh, P01")
    assert read.participants == ()
    assert "header row" in read.not_understood[0].reason


def test_a_log_that_is_too_long_is_refused() -> None:
    with pytest.raises(UsageError):
        read_consent_log("a" * (MOST_CHARACTERS + 1))


@given(st.text(alphabet=st.sampled_from("Sarah P01,;\t\"'()\n.-ü1x/@"), max_size=200))
def test_whatever_is_read_makes_a_roster(log: str) -> None:
    read = read_consent_log(log)
    roster = roster_from(StudyForm(participants=read.participants, people=read.withdrawn))
    assert isinstance(roster, Roster)
    assert len(roster.participants) == len(read.participants)
