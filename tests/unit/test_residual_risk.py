"""What is left of each participant, whom it is laid to, and how the page says it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest

from tests.interviews import Interview, interviews
from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.residual_risk import About, Clue, ParticipantRisk, ResidualRisk, Strength
from transcriber.domain.roster import Participant, Roster
from transcriber.exports.risk_html import write_risk
from transcriber.stages.residual_risk.combine import residual_risk, talk_of_lines

POLICY = Policy(
    "test",
    Style.ROLE,
    {kind: Action.FLAG if kind in INDIRECT else Action.REPLACE for kind in EntityType},
)
ROSTER = Roster(
    participants=(
        Participant("Anna Bell", label="P1", aliases=("Anna",)),
        Participant("Bea Cole", label="P2", aliases=("Bea",)),
        Participant("Cat Dunn", label="P3", aliases=("Cat",)),
    )
)
TALK = """INT: Anna, what did you do before?
P1: I was a piano tuner. And then the fire in the mill, we all got out.
P2: Bea here. I'm a teacher. My husband was a piano tuner, and Anna was in the papers with him.
P1: I've been in Ashford since I was forty one.
INT: And do you go to the mosque, Bea?
P2: I do. On the ward we had Sister Malone."""

REPLACED = {
    "Anna": "[P1]",
    "Bea": "[P2]",
    "Malone": "[PERSON_4]",
}


def finding(
    text: str, words: str, kind: EntityType, replacement: str | None = None, nth: int = 0
) -> Finding:
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth]
    action = POLICY.actions[kind]
    if replacement and replacement.startswith("[aged"):
        action = Action.GENERALISE
    return Finding(
        start, start + len(words), kind, words, 0.8, "test", words, None, None, action, replacement
    )


def people(text: str) -> list[Finding]:
    return [
        finding(text, name, EntityType.PERSON, shown, nth)
        for name, shown in REPLACED.items()
        for nth in range(text.count(name))
    ]


def sample() -> list[Finding]:
    return [
        *people(TALK),
        finding(TALK, "piano tuner", EntityType.OCCUPATION),
        finding(TALK, "piano tuner", EntityType.OCCUPATION, nth=1),
        finding(TALK, "fire", EntityType.EVENT),
        finding(TALK, "teacher", EntityType.OCCUPATION),
        finding(TALK, "in the papers", EntityType.EVENT),
        finding(TALK, "Ashford", EntityType.LOCATION, "[PLACE_1]"),
        finding(TALK, "forty one", EntityType.AGE, "[aged 40-49]"),
        finding(TALK, "mosque", EntityType.RELIGION),
    ]


def risk_of(findings: Iterable[Finding], text: str = TALK, roster: Roster = ROSTER) -> ResidualRisk:
    return residual_risk(talk_of_lines(text), list(findings), POLICY, roster)


def by_label(risk: ResidualRisk) -> dict[str, ParticipantRisk]:
    return {person.label: person for person in risk.participants}


def facts(person: ParticipantRisk) -> set[tuple[str, About]]:
    return {(trace.text, trace.about) for trace in person.traces}


def test_each_fact_is_laid_to_the_one_it_is_about() -> None:
    people = by_label(risk_of(sample()))
    assert facts(people["P1"]) == {
        ("piano tuner", About.SELF),
        ("fire", About.SELF),
        ("in the papers", About.TOLD),
        ("[aged 40-49]", About.SELF),
    }
    assert facts(people["P2"]) == {
        ("teacher", About.SELF),
        ("piano tuner", About.CLOSE),
        ("mosque", About.TOLD),
    }
    assert "P3" not in people


def test_what_was_replaced_is_no_trace_and_on_no_page() -> None:
    risk = risk_of(sample())
    page = write_risk("Study", "FG01", risk).decode()
    for gone in ("Ashford", "Anna", "Bea", "Malone", "forty one"):
        assert gone not in page
    assert "[PLACE_1]" not in {
        trace.text for person in risk.participants for trace in person.traces
    }


def test_rare_kinds_together_come_first_and_a_fact_that_others_share_weighs_less() -> None:
    risk = risk_of(sample())
    assert [person.label for person in risk.participants] == ["P1", "P2"]
    first = risk.participants[0].combinations[0]
    assert {trace.entity_type.value for trace in first.traces} == {"EVENT", "OCCUPATION", "AGE"}
    weights = {t.text: t for t in by_label(risk)["P1"].traces}
    assert weights["piano tuner"].shared == 1
    alone = by_label(risk_of(f for f in sample() if f.start != TALK.rindex("piano tuner")))
    lone = next(t for t in alone["P1"].traces if t.text == "piano tuner")
    assert lone.weight > weights["piano tuner"].weight


def test_common_and_coarser_facts_weigh_less() -> None:
    text = "P1: I was a teacher.\nP2: I was a sheep farmer.\nP3: I am twelve, I was a sheep dipper."
    risk = risk_of(
        [
            finding(text, "teacher", EntityType.OCCUPATION),
            finding(text, "sheep farmer", EntityType.OCCUPATION),
            finding(text, "twelve", EntityType.AGE, "[aged 10-19]"),
        ],
        text,
    )
    people = by_label(risk)
    weight = {label: person.traces[0].weight for label, person in people.items()}
    assert weight["P2"] > weight["P1"] > weight["P3"] > 0


@pytest.mark.parametrize(
    ("kinds", "strength"),
    [
        (("EVENT", "OCCUPATION", "LOCATION"), Strength.POINTS),
        (("OCCUPATION", "NATIONALITY"), Strength.NARROWS),
        (("RELIGION",), Strength.LITTLE),
        (("PHONE",), Strength.POINTS),
    ],
)
def test_the_strength_follows_rarity_and_number_of_kinds(
    kinds: tuple[str, ...], strength: Strength
) -> None:
    text = "\n".join(f"P1: I say word{n} now." for n in range(len(kinds)))
    found = [
        Finding(s := text.index(f"word{n}"), s + 5, EntityType(kind), f"word{n}", 1, "test",
                action=Action.FLAG)
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    assert risk_of(found, text).participants[0].strength is strength


def test_an_insider_is_shown_what_others_tell_and_what_is_said_of_the_service() -> None:
    people = by_label(risk_of(sample()))
    told = [clue for clue in people["P1"].clues if clue.clue is Clue.TOLD]
    assert [clue.told_by for clue in told] == ["P2"]
    assert told[0].sentence == "My husband was a piano tuner, and [P1] was in the papers with him."
    assert people["P1"].clues[0].clue is Clue.TOLD
    staff = [clue.sentence for clue in people["P2"].clues if clue.clue is Clue.STAFF]
    assert staff == ["On the ward we had Sister [PERSON_4]."]


def test_somebody_who_is_only_talked_about_has_an_entry() -> None:
    text = "P1: They said Cat was adopted."
    risk = risk_of(
        [
            finding(text, "Cat", EntityType.PERSON, "[P3]"),
            finding(text, "adopted", EntityType.FAMILY),
        ],
        text,
    )
    third = by_label(risk)["P3"]
    assert not third.speaks
    assert facts(third) == {("adopted", About.TOLD)}


def test_a_name_that_stands_as_a_label_is_shown_as_it_was_replaced() -> None:
    text = "Anna: I was a piano tuner."
    risk = risk_of([*people(text), finding(text, "piano tuner", EntityType.OCCUPATION)], text)
    assert [person.label for person in risk.participants] == ["P1"]


@pytest.mark.parametrize(
    "line", ["P1: I go on.", "[00:12:04] P1: I go on.", "P1 (00:12:04): I go on.", "P1 : I go on."]
)
def test_turns_are_read_with_and_without_times(line: str) -> None:
    talk = talk_of_lines(f"INT: Yes.\n{line}\nAnd on.")
    said = [(turn.label, talk.text[turn.start : turn.end].strip()) for turn in talk.turns]
    assert said == [("INT", "Yes."), ("P1", "I go on."), ("P1", "And on.")]


def test_types_that_nobody_looked_for_are_named() -> None:
    policy = Policy("narrow", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
    risk = residual_risk(talk_of_lines("P1: Hello."), [], policy, Roster())
    assert EntityType.HEALTH in risk.not_sought
    assert EntityType.PERSON not in risk.not_sought
    assert "does not look for" in write_risk("S", "C", risk).decode()


@pytest.mark.parametrize("interview", interviews(), ids=lambda interview: interview.name)
def test_whole_interviews_give_the_same_answer_twice_and_leak_nothing(interview: Interview) -> None:
    found = [
        Finding(
            mark.start, mark.end, EntityType(mark.type), mark.text, 1, "gold", mark.text,
            None, None,
            Action.FLAG if EntityType(mark.type) in INDIRECT else Action.REPLACE,
            None if EntityType(mark.type) in INDIRECT else f"[{mark.type}_1]",
        )
        for mark in interview.gold
        if mark.group != "neutral"
    ]  # fmt: skip
    roster = interview.roster or Roster()
    risk = risk_of(found, interview.text, roster)
    assert risk == risk_of(reversed(found), interview.text, roster)
    for person in risk.participants:
        weights = [combination.weight for combination in person.combinations]
        assert weights == sorted(weights, reverse=True)
    page = write_risk("S", "C", risk).decode()
    shown = Text(page).text
    for mark in interview.gold:
        if mark.type in ("PERSON", "PHONE", "EMAIL", "POSTCODE") and len(mark.text) > 4:
            assert mark.text not in shown


class Text(HTMLParser):
    """Reads a page as people see it, and notes whatever it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self._style = "", False
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.fetched += [v for k, v in attrs if k in ("src", "href") and v and v[0] != "#"]

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._style else data


def test_the_page_stands_alone_and_speaks_plainly() -> None:
    page = Text(write_risk("A <b>study</b>", "FG01", risk_of(sample())).decode())
    assert page.fetched == []
    assert "A <b>study</b> FG01: what is left" in page.text
    for words in (
        "P1: what is left narrows it down",
        "What a colleague in the same service would recognise",
        "that needs a list of everybody who might be meant",
        "said of nobody else here",
    ):
        assert words in page.text
    assert "!" not in page.text


def test_nothing_found_is_not_called_safe() -> None:
    page = write_risk("S", "C", risk_of([], "P1: Hello.")).decode()
    assert "That proves little" in page
