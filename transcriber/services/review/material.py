"""What the machine left of a recording, and what people decided on it since."""

from dataclasses import dataclass

from transcriber.domain.edit import Edit
from transcriber.domain.errors import UsageError
from transcriber.domain.transcript import Transcript
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.storage.database.transcripts import StoredTranscript


@dataclass(frozen=True)
class Material:
    """The checking of a recording with the machine's words, whose words and ids never change."""

    review: Review

    @property
    def stored(self) -> StoredTranscript:
        """The version of the words."""
        return self.review.stored

    @property
    def transcript(self) -> Transcript:
        """The machine's words."""
        return self.review.fold.raw

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What people decided, in order."""
        return tuple(event.edit for event in self.review.fold.events)


def material_of(store: Store, study_id: str, recording_id: str) -> Material | None:
    """Return what there is of a recording, None before there is anything to check.

    Raises UsageError where the study has none of this id, StorageError.
    """
    try:
        return Material(review_of(store, study_id, recording_id))
    except UsageError as error:
        if error.code == "not_ready":
            return None
        raise
