"""Engines that answer at once, for tests of what stands around them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, SpeakerCount
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Quality, RecognisedWord, Turn
from transcriber.pipeline import Engines
from transcriber.stages.protocols import Progress

WORDS = ("we", "met", "sarah", "at", "the", "clinic", "in", "leeds", "last", "spring")
WORD_MS = 400
SAMPLE_COUNT = 16_000 * 10


class FakeDecoder:
    """Writes ten seconds of silence."""

    def decode(self, source: Path, destination: Path, progress: Progress) -> Audio:
        destination.write_bytes(b"\0\0" * SAMPLE_COUNT)
        progress(10_000, 10_000)
        return Audio(destination, SAMPLE_COUNT)


class FakeSpeechDetector:
    """Hears speech in two stretches."""

    name = "fake"

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        return (Interval(500, 4_500), Interval(5_500, 9_500))


class FakeRecogniser:
    """Reads half of `WORDS` in each half of the recording."""

    name = "fake"
    quality = Quality.FULL

    def __init__(self) -> None:
        self.calls = 0

    def provenance(self) -> Mapping[str, str]:
        return {"version": "1"}

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], language: str
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        self.calls += 1
        for region in regions:
            yield tuple(
                RecognisedWord(text, start_ms, start_ms + WORD_MS, 0.9)
                for number, text in enumerate(WORDS)
                if region.start_ms
                <= (start_ms := 600 + number * WORD_MS + 3_000 * (number >= 5))
                < region.end_ms
            )


class FakeDiariser:
    """Two voices, one in each half."""

    name = "fake"

    def __init__(self) -> None:
        self.calls = 0

    def provenance(self) -> Mapping[str, str]:
        return {"version": "1"}

    def diarise(
        self,
        audio: Audio,
        speech: Sequence[Interval],
        count: SpeakerCount,
        progress: Progress,
    ) -> tuple[Turn, ...]:
        self.calls += 1
        progress(1, 1)
        return (Turn("S1", Interval(500, 4_900)), Turn("S2", Interval(4_900, 9_500)))


class FakeDetector:
    """Knows one person and one town; claims to serve every type."""

    def serves(self) -> frozenset[EntityType]:
        return frozenset(EntityType)

    def detect(self, text: str, sought: frozenset[EntityType], roster: Roster) -> list[Finding]:
        known = {"sarah": EntityType.PERSON, "leeds": EntityType.LOCATION}
        return [
            Finding(at, at + len(name), kind, name, 0.9, "fake", name)
            for name, kind in known.items()
            if kind in sought and (at := text.find(name)) >= 0
        ]


class FakeAnonymiser:
    """Replaces from the end, so that offsets stay right."""

    def replace(self, text: str, findings: Sequence[Finding]) -> str:
        for finding in sorted(findings, key=lambda finding: -finding.start):
            text = f"{text[: finding.start]}{finding.replacement}{text[finding.end :]}"
        return text


class CountingRegister:
    """Numbers entities in one process."""

    def __init__(self) -> None:
        self._numbers: dict[EntityType, list[str]] = {}

    def number(self, entity_type: EntityType, entity: str) -> int:
        known = self._numbers.setdefault(entity_type, [])
        if entity not in known:
            known.append(entity)
        return known.index(entity) + 1


def fake_engines() -> Engines:
    """All engines at once."""
    return Engines(
        decoder=FakeDecoder(),
        speech_detector=FakeSpeechDetector(),
        recogniser=FakeRecogniser(),
        diariser=FakeDiariser(),
        detectors=(FakeDetector(),),
        anonymiser=FakeAnonymiser(),
    )
