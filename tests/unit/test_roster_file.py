"""Roster files: three forms of one thing, and sentences that never quote a name."""

from pathlib import Path

import pytest

from transcriber.domain.errors import RosterError
from transcriber.domain.roster import Participant, Roster
from transcriber.sample import sample_roster
from transcriber.services.roster_file import load_roster

EXPECTED = Roster(
    participants=(Participant("Sarah Whitfield", "P01", ("Saz", "Sally"), "she"),),
    people=("Zoë",),
    places=("Poulton",),
    organisations=("Willow Trust",),
    keep=("London",),
)

YAML = """
participants:
  - {name: Sarah Whitfield, label: P01, aliases: [Saz, Sally], pronoun: she}
people: [Zoë]
places: [Poulton]
organisations: [Willow Trust]
keep: [London]
"""
JSON = """{"participants": [{"name": "Sarah Whitfield", "label": "P01",
"aliases": ["Saz", "Sally"], "pronoun": "she"}], "people": ["Zoë"], "places": ["Poulton"],
"organisations": ["Willow Trust"], "keep": ["London"]}"""
CSV = """\ufeffName,Label,Aliases,Pronoun,Kind
Sarah Whitfield,P01,Saz; Sally,she,
Zoë,,,,person
Poulton,,,,place
Willow Trust,,,,organisation
London,,,,keep
"""


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("r.yaml", YAML), ("r.json", JSON), ("r.csv", CSV)])
def test_three_forms_give_one_roster(tmp_path: Path, name: str, text: str) -> None:
    assert load_roster(written(tmp_path, name, text)) == EXPECTED


def test_the_sample_roster_is_valid() -> None:
    assert len(load_roster(sample_roster()).participants) == 4


def test_an_empty_file_is_an_empty_roster(tmp_path: Path) -> None:
    assert load_roster(written(tmp_path, "r.yaml", "# nobody yet\n")) == Roster()


BAD = [
    ("r.yaml", "particpants: [Zara]", "did you mean 'participants'?"),
    ("r.yaml", "participants: [{nmae: Zara}]", "participant 1"),
    ("r.yaml", "participants: [{name: Zara, alias: [Zed]}]", "'aliases'"),
    ("r.yaml", "participants: [{label: P01}]", "'name' is missing"),
    ("r.yaml", "participants: [{name: ''}]", "empty"),
    ("r.yaml", "people: ['Zara', ' - ']", "entry 2 of 'people'"),
    ("r.yaml", "people: [2019]", "quotation marks"),
    ("r.yaml", "people: Zara", "must be a list"),
    ("r.yaml", "- Zara", "fields"),
    ("r.yaml", "people: [Zara", "not valid YAML at line"),
    ("r.yaml", "Zara: 1", "a field is not known"),
    ("r.json", '{"people": ["Zara",]}', "not valid JSON at line 1"),
    ("r.yaml", "participants: [{name: Zara, label: P01}, {name: Yan, label: p01}]", "same label"),
    ("r.yaml", "participants: [{name: Zara}, {name: ZARA}]", "same name"),
    ("r.yaml", "participants: [{name: Zara, label: '[Zara]'}]", "'label' may hold"),
    ("r.yaml", "participants: [{name: Zara, label: 7}]", "quotation marks"),
    ("r.yaml", "participants: [{name: Zara, pseudonym: '[Zara]'}]", "'pseudonym' may hold"),
    ("r.yaml", "participants: [{name: Zara, pseudonym: Zára}]", "a real name on the roster"),
    (
        "r.yaml",
        "participants: [{name: Zara, pseudonym: Ida Hill}, {name: Yan, pseudonym: Jo Hill}]",
        "participants 1 and 2 of the roster have a word in common",
    ),
    ("r.yaml", "participants: [{name: Zara, aliases: {a: b}}]", "must be a list"),
    ("r.csv", "nam,label\nZara,P01\n", "did you mean 'name'?"),
    ("r.csv", "label\nP01\n", "no column 'name'"),
    ("r.csv", "name,label\nZara,P01,x\n", "Row 1"),
    ("r.csv", "name,kind\nZara,persn\n", "'kind' must be one of"),
    ("r.csv", 'name\n"Zara\n', "not valid CSV"),
]


@pytest.mark.parametrize(("name", "text", "part"), BAD, ids=[row[2] for row in BAD])
def test_what_is_wrong_is_said_without_a_name(
    tmp_path: Path, name: str, text: str, part: str
) -> None:
    with pytest.raises(RosterError) as refused:
        load_roster(written(tmp_path, name, text))
    assert part in refused.value.sentence
    assert "zara" not in refused.value.sentence.casefold()
    assert refused.value.exit_status == 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("people: [Zoë]".encode("latin-1"))
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "latin.yaml"):
        with pytest.raises(RosterError) as refused:
            load_roster(path)
        assert str(tmp_path) not in refused.value.sentence


def test_a_participant_may_choose_a_pseudonym(tmp_path: Path) -> None:
    rows = "name,pseudonym\nZara Vane, Ida  O'Hill-Gray \nYan,\n"
    roster = load_roster(written(tmp_path, "r.csv", rows))
    assert [person.pseudonym for person in roster.participants] == ["Ida O'Hill-Gray", None]
