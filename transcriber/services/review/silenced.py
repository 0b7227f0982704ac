"""The sound of what leaves: a copy without what was withheld, replaced or never written down.

A voice stays a voice: whoever knows somebody knows them by it, and no tone changes that. So no
sound leaves unless a study asks for it by hand.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Action as PolicyAction
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording_state import RecordingState
from transcriber.services.recording_list import show_recording
from transcriber.services.review.sound import copy_of
from transcriber.services.review.state import Review, review_of
from transcriber.services.review.voices import real_voices
from transcriber.services.store import Store
from transcriber.stages.protocols import Fill, SoundSilencer
from transcriber.storage.database.audit_events import AuditEvent

MARGIN_MS = 150
"""Words begin and end a little beside their times."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy is to hold; `speaker` is the only one who is heard in it, None for everybody."""

    speaker: str | None = None
    fill: Fill = Fill.SILENCE


WHOLE_COPY = Copy()


def silenced_copy(
    store: Store,
    actor_id: str,
    place: tuple[str, str],
    silencer: SoundSilencer,
    copy: Copy = WHOLE_COPY,
) -> bytes:
    """Return the copy to listen to without what must not be heard, in the same format.

    `place` is a study and its recording. Nothing of the copy touches a disk, it tells nothing but
    the sound, and it is written down that it left. All voices leave once the recording is signed
    off; one participant's own turns may leave before, for them to check. Raises UsageError
    `not_signed_off`, `unknown_voice` and `no_sound_yet`, RedactionRefused where something would
    still be heard, StorageError.
    """
    study_id, recording_id = place
    review = review_of(store, study_id, recording_id)
    _require_may_leave(store, review, copy)
    made = io.BytesIO()
    with copy_of(store, study_id, recording_id).open() as source:
        silencer.silence(source, made, silenced_stretches(review, copy.speaker), copy.fill)
    event = AuditEvent(Action.EXPORTED, actor_id, study_id, recording_id)
    with store.database.write() as connection:
        store.audit.record(connection, event)
    return made.getvalue()


def _require_may_leave(store: Store, review: Review, copy: Copy) -> None:
    if copy.speaker is not None:
        if all(voice.id != copy.speaker for voice in real_voices(review.transcript)):
            raise UsageError("unknown_voice", "There is no such voice in this recording.")
        return
    recording = show_recording(store, review.recording.study_id, review.recording.id)
    if recording.state is not RecordingState.SIGNED_OFF:
        raise UsageError(
            "not_signed_off",
            "The sound leaves once the recording is signed off. Sign it off first, or ask for one "
            "participant's own turns.",
        )


def silenced_stretches(review: Review, speaker: str | None = None) -> tuple[Interval, ...]:
    """Return what must not be heard, in order.

    That is passages withheld, all that does not leave as it was said, and speech that nobody wrote
    down and so nobody checked. With a `speaker`, also all that is not a turn of theirs.
    """
    words = review.transcript.words
    end_ms = review.transcript.duration_ms

    def spoken(first: int, last: int, margin_ms: int = MARGIN_MS) -> Interval:
        start_ms = max(0, words[first].start_ms - margin_ms)
        last_ms = max(word.end_ms for word in words[first : last + 1])
        return Interval(start_ms, max(start_ms, last_ms + margin_ms))

    gone = [spoken(each.first_word, each.last_word) for each in review.withheld]
    gone += [
        spoken(place.first_word, place.last_word)
        for judged in review.findings
        if not judged.leaves
        and judged.finding.action not in (PolicyAction.KEEP, PolicyAction.FLAG)
        and (place := judged.finding.place) is not None
    ]
    gone += review.transcript.coverage.untranscribed
    if speaker is not None:
        theirs = [
            spoken(segment.first_word, segment.last_word, margin_ms=0)
            for segment in review.transcript.segments
            if segment.speaker == speaker
        ]
        gone += _between(joined(theirs), end_ms)
    return tuple(joined(gone))


def _between(stretches: list[Interval], end_ms: int) -> Iterator[Interval]:
    """Yield what lies before, between and after stretches that are in order."""
    at_ms = 0
    for stretch in stretches:
        if stretch.start_ms > at_ms:
            yield Interval(at_ms, stretch.start_ms)
        at_ms = stretch.end_ms
    if end_ms > at_ms:
        yield Interval(at_ms, end_ms)
