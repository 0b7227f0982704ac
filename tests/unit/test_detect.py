"""The stage around the detectors: whole words, no overlap, nothing lost, fail closed."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import FakeDetector
from tests.memory_register import MemoryRegister
from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Locale, Policy, Style
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.stages.detect import detect, locate
from transcriber.stages.overlaps import resolve
from transcriber.stages.pseudonymise.apply import apply_policy

POLICY = Policy("all", Style.LABEL, dict.fromkeys(list(EntityType)[:11], Action.REPLACE))
ROSTER = Roster(participants=(Participant("Sarah Whitfield", "P01"),), places=("Poulton",))
DETECTOR = PresidioDetector()


class Fixed:
    """A detector that finds given spans."""

    def __init__(self, *spans: tuple[int, int, EntityType, float, str]) -> None:
        self._spans = spans

    def serves(self) -> frozenset[EntityType]:
        return frozenset(EntityType)

    def detect(
        self, text: str, sought: frozenset[EntityType], roster: Roster, locale: Locale
    ) -> list[Finding]:
        return [
            Finding(start, end, kind, text[start:end], score, source)
            for start, end, kind, score, source in self._spans
        ]


def spans(text: str, *found: tuple[int, int, EntityType, float, str]) -> list[tuple[str, str]]:
    findings = detect(text, POLICY, Roster(), [Fixed(*found)])
    return [(f.entity_type.value, f.text) for f in findings]


P, L, O = EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION  # noqa: E741


def test_refuses_types_that_nobody_finds() -> None:
    class OnlyPeople(FakeDetector):
        def serves(self) -> frozenset[EntityType]:
            return frozenset({P})

    policy = Policy("p", Style.LABEL, {EntityType.HEALTH: Action.FLAG, P: Action.REPLACE})
    with pytest.raises(RedactionRefused) as refused:
        detect("Sarah", policy, Roster(), [OnlyPeople()])
    assert refused.value.code == "type_not_served"
    assert "HEALTH" in refused.value.sentence
    assert "PERSON" not in refused.value.sentence


def test_kept_types_need_no_detector() -> None:
    policy = Policy("p", Style.LABEL, {EntityType.HEALTH: Action.KEEP})
    assert detect("Sarah", policy, Roster(), []) == ()


def test_spans_grow_to_whole_words_and_leave_the_possessive() -> None:
    assert spans("see Sarah's son", (5, 7, P, 1.0, "x")) == [("PERSON", "Sarah")]
    assert spans("see O'Brien", (6, 8, P, 1.0, "x")) == [("PERSON", "O'Brien")]


def test_findings_end_at_line_feeds() -> None:
    assert spans("ab cd\nef gh", (3, 8, L, 1.0, "x")) == [("LOCATION", "cd"), ("LOCATION", "ef")]


def test_longer_wins_and_no_letter_is_lost() -> None:
    text = "New York City Hall"
    found = spans(text, (0, 13, L, 0.6, "x"), (9, 18, O, 0.9, "y"))
    assert found == [("LOCATION", "New York City"), ("ORGANISATION", "Hall")]


def test_the_roster_wins_and_grows_to_the_longer_finding() -> None:
    found = [
        Finding(0, 5, P, "Sarah", 1.0, "roster", "sarah whitfield"),
        Finding(0, 11, P, "Sarah Jones", 0.9, "x"),
    ]
    (finding,) = resolve("Sarah Jones", found)
    assert (finding.text, finding.source, finding.entity) == (
        "Sarah Jones",
        "roster",
        "sarah whitfield",
    )


def test_a_longer_finding_does_not_swallow_two_people_of_the_roster() -> None:
    found = [
        Finding(0, 5, P, "Sarah", 1.0, "roster", "sarah"),
        Finding(6, 9, P, "Tom", 1.0, "roster", "tom"),
        Finding(0, 9, P, "Sarah Tom", 0.9, "x"),
    ]
    assert [f.text for f in resolve("Sarah Tom", found)] == ["Sarah", "Tom"]


@pytest.mark.parametrize("source", ["roster-nickname", "x"])
def test_an_age_keeps_its_number(source: str) -> None:
    text = "lilian seven years old"
    found = [
        Finding(0, 6, P, "lilian", 1.0, source, "lily"),
        Finding(0, 12, P, "lilian seven", 0.9, "y"),
        Finding(7, 22, EntityType.AGE, "seven years old", 0.9, "age"),
    ]
    resolved = resolve(text, found)
    assert [finding.text for finding in resolved] == ["lilian", "seven years old"]


def test_a_spoken_age_behind_a_name_becomes_a_band() -> None:
    policy = Policy("p", Style.LABEL, {P: Action.REPLACE, EntityType.AGE: Action.GENERALISE})
    text = "my two children lilian seven years old and jack aged four"
    found = detect(text, policy, Roster(people=("Lily",)), [DETECTOR])
    applied = apply_policy(found, policy, Roster(), MemoryRegister(), {None: text})
    ages = [f.replacement for f in applied if f.entity_type is EntityType.AGE]
    assert ages == ["[aged 5-11]", "[aged 1-4]"]


def test_once_found_found_everywhere() -> None:
    text = "Ask Mrs Thistlewood. Thistlewood knows, and so does thistlewoods dog, Thistlewood's."
    found = [f for f in detect(text, POLICY, Roster(), [DETECTOR]) if f.entity_type is P]
    assert [f.text.casefold() for f in found] == [
        "mrs thistlewood",
        "thistlewood",
        "thistlewoods",
        "thistlewood",
    ]
    assert {f.entity for f in found} == {"thistlewood"}


def test_a_part_of_a_full_name_is_the_same_person() -> None:
    text = "My name is Xanthe Quillfeather. They call Quillfeather often."
    first, second = detect(text, POLICY, Roster(), [DETECTOR])
    assert second.text == "Quillfeather"
    assert second.entity == first.text.casefold()


def test_keep_wins_over_everything() -> None:
    roster = Roster(people=("Will Smith",), keep=("Will Smith", "Leeds"))
    assert detect("Will Smith went to Leeds.", POLICY, roster, [DETECTOR]) == ()


def test_places_in_the_recording() -> None:
    words = tuple(
        Word(f"w{n}", text, n * 100, n * 100 + 90, "S1")
        for n, text in enumerate(["I", "saw", "Sarah", "Whitfield's", "son,", "twice"])
    )
    transcript = Transcript(
        "en",
        Quality.FULL,
        1000,
        (Speaker("S1", "S1"),),
        words,
        (Segment("S1", 0, 2), Segment("S1", 3, 5)),
        Coverage(0),
    )
    findings = locate(detect(transcript.text, POLICY, ROSTER, [DETECTOR]), transcript)
    places = [(f.text, f.place) for f in findings]
    assert [text for text, _ in places] == ["Sarah", "Whitfield"]
    for number, (_, place) in zip((2, 3), places, strict=True):
        assert place is not None
        assert (place.first_word, place.last_word) == (number, number)
        assert (place.start_ms, place.end_ms) == (number * 100, number * 100 + 90)


PIECES = (
    "Sarah sarah Whitfield would feel Poulton in Leeds called Tom's oh seven 07700 900153 double "
    "nine at gmail dot com @x_y 34 years old March 2019 o' \u2019s \u0301 \U0001f642 "
    "\U0001f469\u200d\U0001f467 \u200d \u202eabc St Mary\u2019s Hospital a.b@example.org "
    "P R 3 1 A A \u00a3 1,000 yeah"
)


def _texts() -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from(PIECES.split()),
        st.text(max_size=6),
    )
    separators = st.sampled_from([" ", " ", " ", "\n", ", ", ". ", "-", ""])
    return st.lists(st.tuples(pieces, separators), max_size=25).map(
        lambda pairs: "".join(piece + separator for piece, separator in pairs)
    )


@settings(max_examples=150)
@given(_texts())
def test_on_any_text_offsets_are_right_and_nothing_overlaps(text: str) -> None:
    findings = detect(text, POLICY, ROSTER, [DETECTOR])
    position = 0
    for finding in findings:
        assert position <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]
        assert "\n" not in finding.text
        assert not _cuts_a_word(text, finding.start)
        assert not _cuts_a_word(text, finding.end)
        position = finding.end
    assert resolve(text, findings) == findings
    assert detect(text, POLICY, ROSTER, [DETECTOR]) == findings


def _cuts_a_word(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()


@settings(max_examples=200)
@given(st.data())
def test_every_letter_that_was_found_stays_found(data: st.DataObject) -> None:
    text = "Sarah Whitfield of Poulton rang Tom Greenwood twice\nand then Lily's mother came"
    found = list(_some_findings(data, text))
    covered = {n for f in found for n in range(f.start, f.end) if text[n].isalnum()}
    answer = detect(text, POLICY, Roster(), [_Given(found)])
    assert covered <= {n for f in answer for n in range(f.start, f.end)} | _possessives(text)


def _possessives(text: str) -> set[int]:
    return {n + 1 for n, character in enumerate(text) if character == "'"}


def _some_findings(data: st.DataObject, text: str) -> Iterator[Finding]:
    for _ in range(data.draw(st.integers(0, 6))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        kind = data.draw(st.sampled_from([P, L, O, EntityType.EMAIL]))
        source = data.draw(st.sampled_from(["roster", "roster-sound", "x", "y"]))
        score = data.draw(st.sampled_from([0.4, 0.9]))
        yield Finding(start, end, kind, text[start:end], score, source)


class _Given(Fixed):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(*((f.start, f.end, f.entity_type, f.score, f.source) for f in findings))


@pytest.mark.parametrize(
    ("text", "score", "source", "found"),
    [
        ("timeline", 0.45, "x", False),
        ("timeline", 0.7, "x", True),
        ("kerry weaver", 0.38, "x", False),
        ("kerry weaver", 0.45, "x", True),
        ("f", 0.99, "x", False),
        ("timeline", 0.4, "roster-sound", True),
        ("f", 0.8, "name spelt out", True),
    ],
)
def test_a_name_in_a_draft_needs_more_proof(
    text: str, score: float, source: str, found: bool
) -> None:
    detectors = [Fixed((0, len(text), P, score, source))]
    draft = detect(text, POLICY, Roster(), detectors, quality=Quality.DRAFT)
    assert [finding.text for finding in draft] == [text] * found
    assert [f.text for f in detect(text, POLICY, Roster(), detectors)] == [text]
