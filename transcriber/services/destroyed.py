"""What is said where something was destroyed by a study's rules."""

from sqlalchemy import Connection

from transcriber.domain.errors import UsageError
from transcriber.domain.retention import Held
from transcriber.storage.database.tombstones import is_buried
from transcriber.storage.database.transcripts import StoredTranscript


def require_words(stored: StoredTranscript) -> StoredTranscript:
    """Return a transcript. Raises UsageError `words_destroyed` where its words were destroyed."""
    if stored.destroyed:
        raise UsageError(
            "words_destroyed",
            "The words of this recording, and everything decided on them, were destroyed as the "
            "study promised. What was released stays with the releases.",
        )
    return stored


def no_sound(connection: Connection, recording_id: str) -> UsageError:
    """Say that there is nothing to listen to, and why."""
    if is_buried(connection, recording_id, Held.SOUND.value):
        return UsageError(
            "sound_destroyed",
            "The sound of this recording was destroyed as the study promised. Nobody can listen "
            "to it again.",
        )
    return UsageError(
        "no_sound_yet",
        "There is nothing to listen to yet. The copy for listening is made while the recording "
        "is worked on; a transcript that was brought without sound has none.",
    )
