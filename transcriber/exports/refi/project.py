"""The XML of a project: speakers as codes, participants as cases, times at every turn.

The standard ties a synchronised transcript to a sound file, and a voice identifies its owner, so a
project has none. Each turn's selection says when it was spoken, in its name and description: tools
show both, and none of them stops for want of a file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.participation import Part, Person, people
from transcriber.domain.recording import Kind
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.clock import clock, exact_clock
from transcriber.exports.refi.plain import PlacedTurn, PlainText
from transcriber.exports.wording import file_stem, marks, one_line

NAMESPACE = "urn:QDA-XML:project:1.0"
PROGRAM = "Transcriber"
NEUTRAL_TIME = "2000-01-01T00:00:00Z"
"""Importers ask for a time of making; this one tells nothing."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
"""Okabe and Ito's, which people of all kinds of colour vision tell apart."""

_Element: TypeAlias = Any
"""An lxml element: lxml publishes no types."""


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript in the project: its text and its GUID, which also names its files."""

    guid: str
    transcript: RedactedTranscript
    plain: PlainText


class Project:
    """One project of several transcripts; the order of everything is Project.xsd's."""

    def __init__(self, name: str, sources: Sequence[Source], guids: Iterator[str]) -> None:
        """Take GUIDs that no source has."""
        self._sources = sources
        self._guids = guids
        self._user = next(guids)
        labels = dict.fromkeys(p.turn.label for source in sources for p in source.plain.turns)
        self._codes = {label: next(guids) for label in labels}
        self._selections = {
            (source.guid, placed.start): next(guids)
            for source in sources
            for placed in source.plain.turns
        }
        self._variables: dict[str, tuple[str, str]] = {}
        self._name = name

    def xml(self) -> bytes:
        """Return `project.qde` as UTF-8."""
        root = etree.Element(
            f"{{{NAMESPACE}}}Project",
            nsmap={None: NAMESPACE},
            name=self._name,
            origin=PROGRAM,
            creatingUserGUID=self._user,
            creationDateTime=NEUTRAL_TIME,
        )
        _add(_add(root, "Users"), "User", guid=self._user, name=PROGRAM)
        self._add_speakers(root)
        cases, sources = _new("Cases"), _new("Sources")
        for person in people(source.transcript for source in self._sources):
            if person.part is Part.PARTICIPANT and person.label in self._codes:
                self._add_case(cases, person)
        for source in self._sources:
            self._add_source(sources, source)
        self._add_variables(root)
        # An empty wrapper is refused by the schema.
        root.extend(wrapper for wrapper in (cases, sources) if len(wrapper))
        written: bytes = etree.tostring(
            root, xml_declaration=True, encoding="utf-8", pretty_print=True
        )
        return written

    def _add_speakers(self, root: _Element) -> None:
        if not self._codes:
            return
        codes = _add(_add(root, "CodeBook"), "Codes")
        folder = _add(codes, "Code", guid=next(self._guids), name="Speakers", isCodable="false")
        for number, (label, guid) in enumerate(self._codes.items()):
            colour = COLOURS[number % len(COLOURS)]
            _add(folder, "Code", guid=guid, name=label, isCodable="true", color=colour)

    def _add_variables(self, root: _Element) -> None:
        if self._variables:
            variables = _add(root, "Variables")
            for name, (guid, kind) in self._variables.items():
                _add(variables, "Variable", guid=guid, name=name, typeOfVariable=kind)

    def _add_value(self, parent: _Element, name: str, value: str | int) -> None:
        kind = "Integer" if isinstance(value, int) else "Text"
        if name not in self._variables:
            self._variables[name] = next(self._guids), kind
        holder = _add(parent, "VariableValue")
        _add(holder, "VariableRef", targetGUID=self._variables[name][0])
        _add(holder, f"{kind}Value").text = str(value)

    def _add_case(self, cases: _Element, person: Person) -> None:
        """Add a person; in a group only their turns are theirs, an interview is as a whole."""
        label = person.label
        case = _add(cases, "Case", guid=next(self._guids), name=label)
        self._add_value(case, "Recordings", " ".join(person.recordings))
        self._add_value(case, "Turns", person.turns)
        self._add_value(case, "Words", person.words)
        self._add_value(case, "Talk in seconds", round(person.talk_ms / 1000))
        theirs = [
            source
            for source in self._sources
            if any(placed.turn.label == label for placed in source.plain.turns)
        ]
        for source in theirs:
            if source.transcript.kind is Kind.INDIVIDUAL:
                _add(case, "SourceRef", targetGUID=source.guid)
        for source in theirs:
            if source.transcript.kind is not Kind.INDIVIDUAL:
                for placed in source.plain.turns:
                    if placed.turn.label == label:
                        guid = self._selections[source.guid, placed.start]
                        _add(case, "SelectionRef", targetGUID=guid)

    def _add_source(self, sources: _Element, source: Source) -> None:
        made = {"creatingUser": self._user, "creationDateTime": NEUTRAL_TIME}
        element = _add(
            sources,
            "TextSource",
            guid=source.guid,
            name=file_stem(source.transcript.code),
            richTextPath=f"internal://{source.guid}.docx",
            plainTextPath=f"internal://{source.guid}.txt",
            **made,
        )
        _add(element, "Description").text = ". ".join(marks(source.transcript))
        for placed in source.plain.turns:
            selection = _add(
                element,
                "PlainTextSelection",
                guid=self._selections[source.guid, placed.start],
                name=f"{placed.turn.label} {clock(placed.turn.start_ms)}",
                startPosition=str(placed.start),
                endPosition=str(placed.end),
                **made,
            )
            _add(selection, "Description").text = _when(placed)
            coding = _add(selection, "Coding", guid=next(self._guids), **made)
            _add(coding, "CodeRef", targetGUID=self._codes[placed.turn.label])
        if source.transcript.kind:
            self._add_value(element, "Kind of recording", source.transcript.kind.value)
        length_s = round(source.transcript.duration_ms / 1000)
        self._add_value(element, "Length in seconds", length_s)


def _when(placed: PlacedTurn) -> str:
    turn = placed.turn
    named = f"Turn {one_line(turn.id)}, " if turn.id else ""
    return f"{named}{exact_clock(turn.start_ms)} to {exact_clock(turn.end_ms)}"


def _new(tag: str, **attributes: str) -> _Element:
    return etree.Element(f"{{{NAMESPACE}}}{tag}", nsmap={None: NAMESPACE}, **attributes)


def _add(parent: _Element, tag: str, **attributes: str) -> _Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", **attributes)
