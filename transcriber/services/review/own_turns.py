"""The sound of one participant's own turns, for them to check before anything is signed."""

from collections.abc import Iterator

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.review.released import released
from transcriber.services.review.sound import copy_of
from transcriber.services.review.taken_out import taken_out
from transcriber.services.review.voices import real_voices
from transcriber.services.silenced_sound import silenced_pieces
from transcriber.services.store import Store
from transcriber.stages.protocols import SoundSilencer
from transcriber.storage.database.audit_events import AuditEvent


def own_turns(
    store: Store,
    actor_id: str,
    study_id: str,
    recording_id: str,
    speaker: str,
    silencer: SoundSilencer,
) -> Iterator[bytes]:
    """Yield a file in which one voice is heard, without what would not leave of it either.

    Nothing of it touches a disk, and it is written down that it left. Raises UsageError
    `unknown_voice` and `no_sound_yet`, RedactionRefused where something would still be heard,
    StorageError: all before the first piece, or in place of a later one.
    """
    now = released(store, study_id, recording_id)
    if all(voice.id != speaker for voice in real_voices(now.review.transcript)):
        raise UsageError("unknown_voice", "There is no such voice in this recording.")
    copy = copy_of(store, study_id, recording_id)
    gone = taken_out(now, speaker)
    pieces = silenced_pieces(copy.open(), gone, silencer)
    event = AuditEvent(Action.SOUND_EXPORTED, actor_id, study_id, recording_id)
    with store.database.write() as connection:
        store.audit.record(connection, event)
    return pieces
