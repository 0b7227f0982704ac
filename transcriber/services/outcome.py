"""What became of each recording of a batch: counts, and where the files are.

Words stay on the disk: a batch of any length needs no more memory than its longest recording.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import Action, Finding
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.sound import SoundCheck
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.sound_words import sound_sentences


@dataclass(frozen=True)
class Profile:
    """What one policy made of a recording, and what a second look at that found.

    `removed` says how many findings of each type were replaced.
    """

    policy: str
    removed: Counter[str]
    leaks: LeakCheck
    redacted_files: tuple[Path, ...]
    private_files: tuple[Path, ...]


@dataclass(frozen=True)
class Done:
    """A recording whose results are on the disk, in one profile or more.

    `speakers`, `words` and `struck` are numbers; struck words were left out because nobody seems
    to have said them. `review_copy` is what a person listens to. `speakers_failed` says why
    nobody's words are anybody's, where telling voices apart failed.
    """

    input: Path
    code: str
    quality: Quality
    duration_ms: int
    speakers: int
    words: int
    struck: int
    coverage: Coverage
    profiles: tuple[Profile, ...]
    sound: SoundCheck
    review_copy: Path
    speakers_failed: TranscriberError | None = None

    @property
    def redacted_files(self) -> tuple[Path, ...]:
        """Of all profiles."""
        return tuple(path for profile in self.profiles for path in profile.redacted_files)

    @property
    def private_files(self) -> tuple[Path, ...]:
        """Of all profiles, and the copy to listen to."""
        told = (path for profile in self.profiles for path in profile.private_files)
        return (*told, self.review_copy)

    @property
    def removed(self) -> Counter[str]:
        """How many findings of each type the first policy replaced."""
        return self.profiles[0].removed

    @property
    def sound_sentences(self) -> tuple[str, ...]:
        """How the recording sounds, for people."""
        return sound_sentences(self.sound)

    @property
    def is_draft(self) -> bool:
        """Whether the words come from the small built-in recogniser."""
        return self.quality is Quality.DRAFT


@dataclass(frozen=True)
class Failed:
    """An input that gave no results, and why."""

    input: Path
    error: TranscriberError


Outcome = Done | Failed


def replaced(findings: Iterable[Finding]) -> Counter[str]:
    """Count the findings of each type for which something else stands now."""
    return Counter(
        finding.entity_type.value
        for finding in findings
        if finding.action in (Action.REPLACE, Action.GENERALISE)
    )
