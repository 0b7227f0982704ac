"""How the sound of a recording is, in plain words, as soon as the service has listened to it."""

from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.recording_state import RecordingState
from transcriber.exports.sound_words import sound_sentences
from transcriber.pipeline import SOUND_CHECK
from transcriber.pipeline.result import from_record
from transcriber.services.recording_list import show_recording
from transcriber.services.store import Store
from transcriber.storage.database.jobs import job

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
    result_id = None
    with store.database.read() as connection:
        state = job(connection, recording.job_id) if recording.job_id else None
    for step in state.steps if state else ():
        if step.stage == SOUND_CHECK.name:
            result_id = step.stage_result_id
    sentences: tuple[str, ...] = ()
    if result_id is not None:
        record = store.results.load(result_id, Path())  # it has no files
        sentences = sound_sentences(from_record(SOUND_CHECK.result, record, Path()))
    is_over = recording.state not in AT_WORK
    return SoundHeard(sentences, recording.failure_sentence, is_over)
