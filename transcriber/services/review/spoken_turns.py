"""The turns of a recording as they are heard, for somebody who listens and reads along."""

from dataclasses import dataclass

from transcriber.domain.transcript import UNKNOWN_SPEAKER
from transcriber.services.review.state import review_of
from transcriber.services.store import Store


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn: the permanent id of its first word, who speaks, when, and what is said.

    `voice` is the speaker's place among the recording's, from 1, 0 for nobody known.
    """

    id: str
    label: str
    voice: int
    start_ms: int
    text: str
    is_heard: bool


def spoken_turns(store: Store, study_id: str, recording_id: str) -> tuple[SpokenTurn, ...]:
    """Return all turns as people have edited them. Raises UsageError `not_ready`, StorageError."""
    review = review_of(store, study_id, recording_id)
    words = review.transcript.words
    labels = {speaker.id: speaker.label for speaker in review.transcript.speakers}
    voices = {speaker.id: place for place, speaker in enumerate(review.transcript.speakers, 1)}
    turns = []
    for turn in review.turns:
        first, last = turn.first_word, turn.last_word
        turns.append(
            SpokenTurn(
                id=words[first].id,
                label=labels.get(turn.speaker or "", UNKNOWN_SPEAKER),
                voice=voices.get(turn.speaker or "", 0),
                start_ms=words[first].start_ms,
                text=" ".join(word.text for word in words[first : last + 1]),
                is_heard=turn.heard,
            )
        )
    return tuple(turns)
