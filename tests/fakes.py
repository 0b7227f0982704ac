"""Engines that answer at once, for tests of what stands around them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.policy import Locale
from transcriber.domain.recording import WHOLE, Audio, SpeakerCount, Trim
from transcriber.domain.roster import Roster
from transcriber.domain.spotted import Spotted
from transcriber.domain.transcript import Diarisation, Quality, RecognisedWord, Turn, Voice
from transcriber.exports.documents.reader import DocumentReader
from transcriber.pipeline import Engines
from transcriber.stages.protocols import Decoded, Hints, Progress

WORDS = ("we", "met", "sarah", "at", "the", "clinic", "in", "leeds", "last", "spring")
WORD_MS = 400
SAMPLE_COUNT = 16_000 * 10


class FakeDecoder:
    """Writes ten seconds of silence."""

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        destination.write_bytes(b"\0\0" * SAMPLE_COUNT)
        progress(10_000, 10_000)
        return Decoded(Audio(destination, SAMPLE_COUNT), 10_000, 1)


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

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        return "en"

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        return ()

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
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
    ) -> Diarisation:
        self.calls += 1
        progress(1, 1)
        return Diarisation(
            (Turn("S1", Interval(500, 4_900)), Turn("S2", Interval(4_900, 9_500))),
            (Voice("S1", (1.0, 0.0)), Voice("S2", (0.0, 1.0))),
        )


class FakeVoiceComparer:
    """Hears the voices of `FakeDiariser`; a stretch under 0.2 s tells it nothing."""

    name = "fake"

    def provenance(self) -> Mapping[str, str]:
        return {"version": "1"}

    def embed(
        self, audio: Audio, stretches: Sequence[Interval]
    ) -> Sequence[tuple[float, ...] | None]:
        return [
            None
            if stretch.duration_ms < 200
            else ((1.0, 0.0) if stretch.start_ms + stretch.end_ms < 9_800 else (0.0, 1.0))
            for stretch in stretches
        ]


class FakeReviewEncoder:
    """Writes nothing that could be heard."""

    suffix = ".fake"

    def encode(self, audio: Audio, destination: Path, progress: Progress) -> None:
        destination.write_bytes(b"sound")


class FakeDetector:
    """Knows one person and one town; claims to serve every type."""

    def serves(self) -> frozenset[EntityType]:
        return frozenset(EntityType)

    def detect(
        self, text: str, sought: frozenset[EntityType], roster: Roster, locale: Locale
    ) -> list[Finding]:
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


class FakeSpotter:
    """Hears no names."""

    name = "fake"

    def provenance(self) -> Mapping[str, str]:
        return {}

    def spot(
        self, audio: Audio, regions: Sequence[Interval], names: Sequence[str]
    ) -> Iterator[Spotted]:
        return iter(())


def fake_engines() -> Engines:
    """All engines at once."""
    return Engines(
        reader=DocumentReader(),
        decoder=FakeDecoder(),
        speech_detector=FakeSpeechDetector(),
        recogniser=FakeRecogniser(),
        diariser=FakeDiariser(),
        voice_comparer=FakeVoiceComparer(),
        review_encoder=FakeReviewEncoder(),
        spotter=FakeSpotter(),
        detectors=(FakeDetector(),),
        anonymiser=FakeAnonymiser(),
    )
