"""All that is known about the speakers of one recording, for the person who puts names to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from transcriber.domain.clip import Clip
from transcriber.domain.suggestion import Suggestion
from transcriber.domain.talk import TalkFigures
from transcriber.domain.transcript import Speaker
from transcriber.domain.voice_print import Proposal


@dataclass(frozen=True)
class SpeakerOverview:
    """Speakers, how they talk, where to hear them, and who they may be.

    `clips`, `suggestions` and `proposals` are private: a clip is a voice, a suggestion a name, a
    proposal the link to another recording. `review_copy` is the name of the file that the times of
    clips refer to.
    """

    code: str
    speakers: tuple[Speaker, ...]
    figures: TalkFigures
    clips: Mapping[str, tuple[Clip, ...]] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    review_copy: str = ""
    clips_failed: bool = False
    """No clips are there because choosing them failed, not because no voice is clear."""

    def label(self, speaker: str) -> str:
        """What readers see for this speaker."""
        return next((known.label for known in self.speakers if known.id == speaker), speaker)
