"""The second look never passes a text in which something known can be read."""

import json
import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.leak_check import NOTHING_FOUND, LeakCheck, Reason, Verdict
from transcriber.domain.policy import Policy, Style
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.file_check import check_files
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.refi.package import write_qdpx
from transcriber.exports.word import write_docx
from transcriber.stages.second_look.check import check_leaks, check_text_leaks, second_look

POLICY = Policy("p", Style.LABEL, {k: Action.REPLACE for k in EntityType if k not in INDIRECT})
ROSTER = Roster(
    participants=(Participant("Sorcha Wetherby", "P01", ("Sorch",)),),
    people=("Delphine Okonkwo-Hart", "Hope Sinclair"),
    places=("Aldermere",),
    organisations=("Tolland Infirmary",),
    keep=("Aldermere Road",),
)
CLEAN = (
    "So how did you get into it, and what was it like for you at first? "
    "I was tired all the time and the nights were long, you know. "
    "Then my sister came round on Thursday and we talked about it over a cup of tea."
)


def found(text: str, kind: EntityType = EntityType.PERSON, **more: object) -> Finding:
    fields = {
        "score": 0.9,
        "source": "test",
        "action": Action.REPLACE,
        "replacement": f"[{kind}_1]",
        **more,
    }
    return Finding(0, len(text), kind, text, **fields)  # type: ignore[arg-type]


def look(text: str, *findings: Finding, roster: Roster = Roster()) -> LeakCheck:  # noqa: B008
    return check_text_leaks({None: text}, second_look(findings, roster, POLICY))


def reasons(check: LeakCheck) -> set[Reason]:
    return {leak.reason for leak in check.leaks}


def transcript(*talk: str, label: str = "P01", code: str = "FG01") -> RedactedTranscript:
    turns = tuple(
        RedactedTurn(
            label, tuple(Token(w, n * 300, n * 300 + 200) for n, w in enumerate(t.split()))
        )
        for t in talk
    )
    return RedactedTranscript(
        code, "Peers", "en", Quality.FULL, Checked.NO, 60_000, Coverage(60_000), turns
    )


def test_a_clean_text_passes_and_says_no_more_than_that() -> None:
    check = look(CLEAN, found("Sorcha"), roster=ROSTER)
    assert check == LeakCheck()
    assert check.verdict is Verdict.PASS
    assert check.sentence == NOTHING_FOUND == "nothing found by these checks"


@settings(max_examples=60)
@given(
    st.sampled_from([name for name in ROSTER.names if " " not in name] + ["Wetherby", "Delphine"]),
    st.integers(0, 40),
    st.sampled_from([str, str.upper, str.lower, lambda name: f"{name}s", lambda n: f"{n}'s"]),
    st.booleans(),
)
def test_a_name_that_survived_is_never_passed(
    name: str, place: int, written: type[str], lower: bool
) -> None:
    words = (CLEAN.lower() if lower else CLEAN).split()
    words.insert(min(place, len(words)), written(name))
    assert look(" ".join(words), roster=ROSTER).verdict is Verdict.BLOCK


@settings(max_examples=60)
@given(st.from_regex(r"[BDFGKLMNPRTV][aeiou][dlmnrt]{1,2}[aeiou][dlmnrt][eo]k", fullmatch=True))
def test_what_was_replaced_once_and_not_twice_blocks(name: str) -> None:
    assert look(f"[PERSON_1] said so, and {name} agreed.", found(name)).verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I told wetherbee about it", Reason.SOUND),
        ("I told weather bee about it", Reason.SOUND),
        ("so Weth- she came round", Reason.FRAGMENT),
        ("that is B, R, A, M, then", Reason.SPELT),
        ("ring me on 0161 496", Reason.NUMBER),
        ("it was oh seven, erm, double nine", Reason.NUMBER),
        ("write to someone@clinic.example now", Reason.ADDRESS),
        ("it is little birds dot com", Reason.ADDRESS),
        ("we moved to ZX4 9QQ then", Reason.ADDRESS),
        ("and then Quillan came round", Reason.CAPITAL),
        ("and then quillan came round", Reason.RARE_WORD),
        ("we said [PERSON_1]-lou to him", Reason.REMNANT),
        ("it was [PERSON_1] dot example", Reason.REMNANT),
        ("and four [PERSON_1] q it is", Reason.REMNANT),
    ],
)
def test_a_place_is_pointed_out_with_its_reason(text: str, reason: Reason) -> None:
    check = look(text, found("Nobody"), roster=ROSTER)
    assert check.verdict is Verdict.REVIEW
    assert reason in reasons(check)
    for leak in check.leaks:
        assert text[leak.start : leak.end] == leak.text


@pytest.mark.parametrize(
    "text",
    [
        "It was in 2019, or nineteen ninety eight, I think.",
        "It cost £1,250 and five hundred people came, maybe 3,000.",
        "I was on the ward for twenty five minutes at 10:30 or so.",
        "And then she said, You should ask the NHS. I said, Why me?",
        "P1: We had hope and we will see.\nINT: I see.",
        "[00:00:12] P2: That is what I mean.",
        "[PERSON_1]'s mum, [PERSON_1]-led and [PERSON_1] twenty years ago.",
        "It is on Aldermere Road, by the shop.",
    ],
)
def test_ordinary_talk_is_left_in_peace(text: str) -> None:
    assert look(text, found("Nobody"), roster=ROSTER).leaks == ()


def test_a_name_that_is_a_word_blocks_with_its_capital_only() -> None:
    assert look("I saw Hope there.", found("Hope")).verdict is Verdict.BLOCK
    assert look("Hope is all we had.", found("Hope")).verdict is Verdict.REVIEW
    assert look("I had hope.", found("Hope")).verdict is Verdict.PASS


def test_accents_and_invisible_letters_hide_nothing() -> None:
    roster = Roster(people=("Zoë Brânză",))
    for written in ("Zoe Branza", "ZOE\u0308", "Bra\u00adnza", "zo\u200de"):
        assert look(f"I know {written} well", roster=roster).verdict is Verdict.BLOCK


def test_a_number_said_in_another_way_is_the_same_number() -> None:
    phone = found("07700 900 283", EntityType.PHONE)
    text = "oh seven seven double oh nine double oh two eight three"
    assert look(text, phone).blocking[0].reason is Reason.ORIGINAL


def test_a_number_goes_on_over_lines() -> None:
    assert reasons(look("oh seven\nyeah\nnine four")) == {Reason.NUMBER}


def test_what_the_policy_or_a_person_left_is_no_leak() -> None:
    flagged = found("lighthouse keeper", EntityType.OCCUPATION, action=Action.FLAG)
    kept = found("Marlow", EntityType.LOCATION, action=Action.KEEP, replacement=None)
    assert look("He was a Lighthouse Keeper in Marlow.", flagged, kept).leaks == ()
    keeping = Policy("p", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
    text: dict[str | None, str] = {None: "we all live in aldermere and like it there"}
    assert check_text_leaks(text, second_look([], ROSTER, keeping)).blocking == ()


def test_a_flagged_stretch_does_not_hide_a_name_inside_it() -> None:
    flagged = found("the Wetherby fire", EntityType.EVENT, action=Action.FLAG, replacement=None)
    assert look("It was the Wetherby fire.", flagged, roster=ROSTER).verdict is Verdict.BLOCK


def test_a_replacement_is_no_leak_unless_it_holds_a_name() -> None:
    invented = found("Sorcha", replacement="Marigold Finch")
    assert look("I asked Marigold Finch today.", invented).leaks == ()
    assert look("I asked Marigold today.", invented).verdict is Verdict.REVIEW


def test_times_and_turns_say_where() -> None:
    look_again = second_look([], ROSTER, POLICY)
    (leak,) = check_leaks(transcript(CLEAN, "and I told Sorcha that"), look_again).leaks
    assert (leak.line, leak.start, leak.start_ms, leak.text) == (2, 11, 900, "Sorcha")


@pytest.mark.parametrize(("label", "code"), [("SORCHA", "FG01"), ("P01", "Wetherby_int2")])
def test_labels_and_codes_block(label: str, code: str) -> None:
    look_again = second_look([], ROSTER, POLICY)
    check = check_leaks(transcript(CLEAN, label=label, code=code), look_again)
    assert [(leak.reason, leak.verdict) for leak in check.leaks] == [
        (Reason.METADATA, Verdict.BLOCK)
    ]


def test_files_are_searched_in_every_corner() -> None:
    look_again = second_look([], ROSTER, POLICY)
    clean = transcript(CLEAN)
    files = {"FG01.docx": write_docx(clean), "FG01.json": write_redacted_json(clean)}
    assert check_files(files, look_again).verdict is Verdict.PASS

    buffer = BytesIO()
    with ZipFile(BytesIO(files["FG01.docx"])) as old, ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("docProps/app.xml", '<a who="Sorcha"/>')
        new.writestr("word/comments.xml", "<c><p><r>Weth</r><r>erby</r></p></c>")
        new.writestr("word/media/Okonkwo.png", b"\x89PNG\xff wetherby")
    bad = {
        "FG01.docx": buffer.getvalue(),
        "Sorcha.json": json.dumps({"a": {"Delphine": [1]}}).encode(),
    }
    parts = {leak.part for leak in check_files(bad, look_again).blocking}
    assert parts == {
        "file name",
        "json",
        "docx",
        "docx!docProps/app.xml",
        "docx!word/comments.xml",
        "docx!word/media/Okonkwo.png",
    }


def test_a_project_is_searched_within_its_word_files_and_not_among_its_offsets() -> None:
    number = found("4471", EntityType.ID)
    look_again = second_look([number], ROSTER, POLICY)
    filled = "-" * (4471 - len(f"{Checked.NO.value}\n\nP01: \n"))
    data = write_qdpx(transcript(filled, CLEAN))
    assert b'startPosition="4471"' in ZipFile(BytesIO(data)).read("project.qde")
    assert check_files({"4.txt": b"it was 4471"}, look_again).verdict is Verdict.BLOCK
    assert check_files({"FG01.qdpx": data}, look_again).verdict is Verdict.PASS

    said = RedactedTurn("P01", (Token("Sorcha", 0, 200),))
    leaking = replace(transcript(CLEAN), turns=(said,))
    parts = [leak.part for leak in check_files({"a.qdpx": write_qdpx(leaking)}, look_again).leaks]
    assert {re.sub("[0-9A-F-]{36}", "GUID", part or "") for part in parts} == {
        "qdpx!sources/GUID.txt",
        "qdpx!sources/GUID.docx!word/document.xml",
    }
    named = replace(transcript(CLEAN), remarks=("kept for Sorcha Wetherby",))
    parts = [leak.part for leak in check_files({"a.qdpx": write_qdpx(named)}, look_again).leaks]
    assert "qdpx!project.qde" in parts


@settings(max_examples=80)
@given(st.text(max_size=80), st.text(max_size=12))
def test_any_text_is_looked_at_the_same_way_twice(text: str, name: str) -> None:
    findings = [found(name), found(name[::-1], EntityType.PHONE)]
    check = look(text, *findings, roster=ROSTER)
    assert check == look(text, *findings, roster=ROSTER)
    lines = text.split("\n")
    for leak in check.leaks:
        assert leak.text.startswith(lines[leak.line - 1][leak.start : leak.end])
