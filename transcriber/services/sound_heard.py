"""How the sound of a recording is, in plain words, as soon as the service has listened to it."""

from dataclasses import dataclass

from transcriber.domain.recording_state import RecordingState
from transcriber.exports.sound_words import sound_sentences
from transcriber.pipeline import SOUND_CHECK
from transcriber.services.recording_list import show_recording
from transcriber.services.stages_done import left_by
from transcriber.services.store import Store

AT_WORK = frozenset({RecordingState.WAITING, RecordingState.WORKING})


@dataclass(frozen=True, slots=True)
class SoundHeard:
    """What is known of the sound by now: no sentences until the sound check is done.

    `failure` says why the recording cannot be used; `is_over` that nothing more will be known.
    """

    sentences: tuple[str, ...]
    failure: str | None
    is_over: bool


def sound_heard(store: Store, study_id: str, recording_id: str) -> SoundHeard:
    """Return how the sound of a recording is. Raises UsageError where the study has none such."""
    recording = show_recording(store, study_id, recording_id)
    check = left_by(store, study_id, recording_id, SOUND_CHECK)
    sentences = () if check is None else sound_sentences(check)
    is_over = recording.state not in AT_WORK
    return SoundHeard(sentences, recording.failure_sentence, is_over)
