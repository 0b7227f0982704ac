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

SEVERAL_VOICES = "SEVERAL"
"""Id and label of what several people said at once; another honest answer."""


class Quality(StrEnum):
    """`draft` comes from the small built-in recogniser, `full` from a speech model."""

    DRAFT = "draft"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word as a recogniser heard it; times are in the recording, not in the region.

    Both times are None where the recogniser gave none.
    """

    text: str
    start_ms: int | None
    end_ms: int | None
    confidence: float | None = None


class Struck(StrEnum):
    """Why the machine holds words for its own invention: they are kept, and do not leave."""

    LOOP = "loop"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the transcript. `id` never changes, whatever is edited later.

    A word that is `struck` is part of the transcript and of its text, but of nothing that leaves.
    `speaker_uncertain` says that turns and voices do not decide between `speaker` and another.
    """

    id: str
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None = None
    confidence: float | None = None
    struck: Struck | None = None
    speaker_uncertain: bool = False

    @property
    def interval(self) -> Interval:
        """When it was spoken."""
        return Interval(self.start_ms, self.end_ms)


class Role(StrEnum):
    """Who leads the talk; the value is the label."""

    INTERVIEWER = "INT"
    MODERATOR = "MOD"


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """Why a voice looks like the one who asks: nobody has confirmed it.

    `questions` of the recording's `all_questions` are this voice's; `talk_share` is its share of
    all words, 0 to 1; `opens` says whether it speaks first.
    """

    role: Role
    questions: int
    all_questions: int
    talk_share: float
    opens: bool


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice in one recording. `label` is what readers see: capitals, digits and underscores.

    Where there is a `guess`, the label rests on it alone.
    """

    id: str
    label: str
    guess: RoleGuess | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one voice speaks, as diarisation found it."""

    speaker: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Voice:
    """How a speaker sounds: the mean of the embeddings of what he or she says, of length 1.

    `print` is empty where the engine gives none. Only prints of one model can be compared.
    """

    speaker: str
    print: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Diarisation:
    """Who speaks when, and how each speaker sounds.

    `turns` are in order of start and may overlap, because people talk at once. `voices` has one
    entry for each speaker of the turns, by first appearance.
    """

    turns: tuple[Turn, ...] = ()
    voices: tuple[Voice, ...] = ()


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
    """The words of a recording, before anyone knows who spoke them unless tracks told.

    `vocabulary_size` is how many names the recogniser was told of beforehand.
    """

    language: str
    quality: Quality
    words: tuple[Word, ...]
    coverage: Coverage
    vocabulary_size: int = 0


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
