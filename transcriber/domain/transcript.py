"""Words with times and speakers, and the text that offsets refer to."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from transcriber.domain.interval import Interval

SPEAKER_LABEL = re.compile(r"[A-Z][A-Z0-9_]{0,62}")
"""What coding tools read as a speaker at the start of a paragraph; MAXQDA takes 63 characters."""

UNKNOWN_SPEAKER = "UNK"
"""The honest answer when the evidence does not decide who spoke."""


class Quality(StrEnum):
    """`draft` comes from the small built-in recogniser, `full` from a speech model."""

    DRAFT = "draft"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word as a recogniser heard it; times are in the recording, not in the region."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the transcript. `id` never changes, whatever is edited later."""

    id: str
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None = None
    confidence: float | None = None

    @property
    def interval(self) -> Interval:
        """When it was spoken."""
        return Interval(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice in one recording. `label` is what readers see: capitals, digits and underscores."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one voice speaks, as diarisation found it."""

    speaker: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one speaker that belong together; word numbers, both inclusive."""

    speaker: str | None
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the speech became words, so that nothing is dropped in silence."""

    speech_ms: int
    untranscribed: tuple[Interval, ...] = ()

    @property
    def untranscribed_ms(self) -> int:
        """Total length of the stretches with speech but no words."""
        return sum(interval.duration_ms for interval in self.untranscribed)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The words of a recording before anyone knows who spoke them."""

    language: str
    quality: Quality
    words: tuple[Word, ...]
    coverage: Coverage


@dataclass(frozen=True)
class TranscriptText:
    """The text of a transcript and where each word stands in it.

    Words of a segment are joined by one space, segments by one line feed. `starts[i]` is the
    code-point offset of word number i.
    """

    text: str
    starts: tuple[int, ...]
    lengths: tuple[int, ...]

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """Numbers of the first and last word that `text[start:end]` touches, both inclusive.

        Raises ValueError when the stretch touches no word.
        """
        first = max(bisect_right(self.starts, start) - 1, 0)
        if self.starts[first] + self.lengths[first] <= start:
            first += 1
        last = bisect_right(self.starts, end - 1) - 1
        if last < first:
            raise ValueError(f"no word between offsets {start} and {end}")
        return first, last

    def offsets(self, first_word: int, last_word: int) -> tuple[int, int]:
        """Start and end offset of the stretch from the first to the last word."""
        return self.starts[first_word], self.starts[last_word] + self.lengths[last_word]


@dataclass(frozen=True)
class Transcript:
    """Who said what and when: the machine's answer, never changed once made.

    Every word lies in exactly one segment, and segments are in order of their words.
    """

    language: str
    quality: Quality
    duration_ms: int
    speakers: tuple[Speaker, ...]
    words: tuple[Word, ...]
    segments: tuple[Segment, ...]
    coverage: Coverage
    provenance: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def layout(self) -> TranscriptText:
        """The text that every offset into this transcript refers to."""
        pieces: list[str] = []
        starts: list[int] = []
        position = 0
        for segment in self.segments:
            for number in range(segment.first_word, segment.last_word + 1):
                if pieces:
                    pieces.append("\n" if number == segment.first_word else " ")
                    position += 1
                starts.append(position)
                pieces.append(self.words[number].text)
                position += len(self.words[number].text)
        return TranscriptText(
            "".join(pieces), tuple(starts), tuple(len(word.text) for word in self.words)
        )

    @property
    def text(self) -> str:
        """All words: a space between words, a line feed between segments."""
        return self.layout.text

    def label(self, speaker: str | None) -> str:
        """What readers see for this speaker id."""
        return next((s.label for s in self.speakers if s.id == speaker), UNKNOWN_SPEAKER)
