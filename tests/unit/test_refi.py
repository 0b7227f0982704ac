"""Projects for coding tools: the container, the XML and the text, as the standard's rules have it.

The schema itself, and programs that read such projects, are in tests/tools.
"""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import docx
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from tests.releases import release_bytes
from tests.unit.test_exports import transcripts
from transcriber.domain.recording import Kind
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.refi.package import write_project, write_qdpx
from transcriber.exports.release_json import read_release
from transcriber.exports.txt import write_txt
from transcriber.exports.wording import prepared_turns

Q = "{urn:QDA-XML:project:1.0}"
GUID = re.compile("[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}")


class Opened:
    """A project as a reader finds it."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(BytesIO(data)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.files["project.qde"])
        self.sources = self.root.findall(f"{Q}Sources/{Q}TextSource")

    def file(self, address: str) -> bytes:
        return self.files[f"sources/{address.removeprefix('internal://')}"]

    def codes(self) -> dict[str, str]:
        path = f"{Q}CodeBook/{Q}Codes/{Q}Code/{Q}Code"
        return {code.get("guid"): code.get("name") for code in self.root.findall(path)}


@settings(max_examples=40)
@given(st.lists(transcripts(), min_size=1, max_size=3), st.sampled_from([None, *Kind]))
def test_every_turn_is_selected_by_code_points_and_coded_with_its_speaker(
    drawn: list[RedactedTranscript], kind: Kind | None
) -> None:
    made = [replace(each, code=f"FG0{n}", kind=kind) for n, each in enumerate(drawn)]
    opened = Opened(write_project(made))
    codes = opened.codes()
    for source, transcript in zip(opened.sources, made, strict=True):
        data = opened.file(source.get("plainTextPath"))
        assert data == write_txt(transcript)
        text = data.decode()
        turns = prepared_turns(transcript)
        selections = source.findall(f"{Q}PlainTextSelection")
        for turn, selection in zip(turns, selections, strict=True):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            assert text[start:end] == f"{turn.label}: {turn.text}"
            (coded,) = selection.iter(f"{Q}CodeRef")
            assert codes[coded.get("targetGUID")] == turn.label
            assert selection.get("name").startswith(f"{turn.label} ")
        word = docx.Document(BytesIO(opened.file(source.get("richTextPath"))))
        assert [p.text for p in word.paragraphs] == text.removesuffix("\n").split("\n")
    # Nothing lies in the package that the XML does not name, and the other way round.
    named = {
        f"sources/{source.get(path).removeprefix('internal://')}"
        for source in opened.sources
        for path in ("plainTextPath", "richTextPath")
    }
    assert set(opened.files) == {"project.qde", *named}
    given_guids = [each.get("guid") for each in opened.root.iter() if each.get("guid")]
    assert len(set(given_guids)) == len(given_guids)
    assert all(GUID.fullmatch(guid) for guid in given_guids)
    targets = {each.get("targetGUID") for each in opened.root.iter() if each.get("targetGUID")}
    assert targets <= set(given_guids)


def test_guids_follow_from_the_whole_text_and_from_nothing_that_can_be_guessed() -> None:
    one, other = talk("FG01", ("P01", "It was a long night")), talk("FG01", ("P01", "It was long"))
    assert write_qdpx(one) == write_qdpx(one)
    first, second = (Opened(write_qdpx(each)).codes() for each in (one, other))
    assert list(first.values()) == list(second.values()) == ["P01"]
    assert set(first).isdisjoint(second)


def test_a_participant_is_a_case_of_their_turns_and_an_interview_is_theirs_as_a_whole() -> None:
    group = talk("FG01", ("MOD", "How was it"), ("P01", "Hard"), ("P02", "Yes"), ("P01", "But fun"))
    alone = replace(talk("INT01", ("INT", "And now"), ("P01", "Fine")), kind=Kind.INDIVIDUAL)
    opened = Opened(write_project([replace(group, kind=Kind.GROUP), alone]))
    cases = {case.get("name"): case for case in opened.root.findall(f"{Q}Cases/{Q}Case")}
    assert list(cases) == ["P01", "P02"]
    names = {each.get("guid"): each.get("name") for each in opened.root.iter() if each.get("guid")}
    linked = [names[each.get("targetGUID")] for each in cases["P01"].iter(f"{Q}SelectionRef")]
    assert linked == ["P01 00:00:03", "P01 00:00:05"]
    assert [names[e.get("targetGUID")] for e in cases["P01"].iter(f"{Q}SourceRef")] == ["INT01"]
    values = {
        names[value[0].get("targetGUID")]: value[1].text
        for value in cases["P01"].findall(f"{Q}VariableValue")
    }
    assert values == {
        "Recordings": "FG01 INT01",
        "Turns": "3",
        "Words": "4",
        "Talk in seconds": "4",
    }


def test_times_stand_at_every_turn() -> None:
    source = Opened(write_qdpx(talk("FG01", ("MOD", "one two"), ("P01", "three")))).sources[0]
    told = [each.findtext(f"{Q}Description") for each in source.findall(f"{Q}PlainTextSelection")]
    assert told == ["00:00:00.000 to 00:00:02.000", "00:00:02.000 to 00:00:03.000"]


def test_a_transcript_without_talk_is_a_project_all_the_same() -> None:
    opened = Opened(write_qdpx(talk("FG01")))
    assert opened.codes() == {}
    assert opened.root.find(f"{Q}CodeBook") is None
    assert len(opened.sources) == 1


def talk(code: str, *lines: tuple[str, str]) -> RedactedTranscript:
    made, _ = read_release(release_bytes(*lines, code=code))
    return made if lines else replace(made, turns=())
