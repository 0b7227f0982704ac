"""The sound of a release: off unless a study asks for it, and without what the text leaves out.

A voice stays a voice: whoever knows somebody knows them by it, and no tone changes that. That is
said wherever sound is offered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.released_sound import Fill, SoundRule, TakenOut
from transcriber.services.consent.book import book_in
from transcriber.services.consent.doors import require_may_leave
from transcriber.services.releases import OpenedRelease, standing_release, texts_of
from transcriber.services.review.released import Released
from transcriber.services.review.sound import copy_of, has_sound
from transcriber.services.review.taken_out import taken_out
from transcriber.services.silenced_sound import SOUND_MEDIA_TYPES, silenced_pieces
from transcriber.services.store import Store
from transcriber.services.studies import no_such_study
from transcriber.stages.protocols import SoundSilencer
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.studies import Study


@dataclass(frozen=True)
class SoundFile:
    """A file of sound, a piece at a time, and the name under which it is kept."""

    pieces: Iterator[bytes]
    name: str
    media_type: str


def sound_to_leave(store: Store, released: Released) -> TakenOut | None:
    """Return what the sound lacks that would leave with a text, None where none leaves."""
    recording = released.review.recording
    if released.terms.release_sound and has_sound(store, recording.study_id, recording.id):
        return taken_out(released)
    return None


def sound_record(gone: TakenOut | None) -> Mapping[str, Any] | None:
    """Return what a release says of its sound, None where it has none."""
    if gone is None:
        return None
    return {
        "fill": gone.rule.fill.value,
        "padding_ms": gone.rule.padding_ms,
        "taken_out": [
            {"start_ms": each.start_ms, "end_ms": each.end_ms} for each in gone.stretches
        ],
    }


def sound_of(manifest: Mapping[str, Any]) -> TakenOut | None:
    """Return what the sound of a release lacks, None where it was signed without sound."""
    record = manifest.get("sound")
    if record is None:
        return None
    return TakenOut(
        tuple(Interval(each["start_ms"], each["end_ms"]) for each in record["taken_out"]),
        SoundRule(record["padding_ms"], Fill(record["fill"])),
    )


def offered_sound(
    store: Store, study: Study, recording_id: str, manifest: Mapping[str, Any]
) -> TakenOut | None:
    """Return what the sound lacks that can be had of a release, None where there is none."""
    gone = sound_of(manifest)
    is_given = study.agreed.terms.release_sound and has_sound(store, study.id, recording_id)
    return gone if is_given else None


def release_sound(  # which release, by which of its policies, and as what
    store: Store,
    actor_id: str,
    study_id: str,
    release_id: str,
    silencer: SoundSilencer,
    profile: str = "",
) -> SoundFile:
    """Return the sound of a release, made anew from the copy that reviewers heard. It is audited.

    What is taken out was written down when it was signed. Nothing of it touches a disk. Raises
    UsageError `not_found`, `withdrawn`, `no_sound_released` where it was signed without, for a
    further `profile`, which leaves out more than the sound does, or where the study does not give
    sound away any more, and `no_sound_yet` where it was destroyed since; ConsentError,
    StorageError, RedactionRefused and EngineFailed, these also in place of a later piece.
    """
    with store.database.read() as connection:
        release = standing_release(connection, study_id, release_id)
        study = store.studies.get(connection, study_id)
        book = book_in(store, connection, study_id)
    if study is None:
        raise no_such_study()
    opened = OpenedRelease(release, texts_of(store, release))
    text = opened.text(profile)
    gone = sound_of(text.facts)
    if gone is None or not study.agreed.terms.release_sound:
        raise UsageError(
            "no_sound_released",
            "No sound goes with this text. It may be a text by further rules; or the study did not "
            "ask for sound when it was signed, or does not give it away any more. Whoever runs the "
            "study decides that under Promises.",
        )
    require_may_leave(book, release.recording_id, text)
    copy = copy_of(store, study_id, release.recording_id)
    pieces = silenced_pieces(copy.open(), gone, silencer)
    event = AuditEvent(
        Action.SOUND_EXPORTED, actor_id, study_id, release.recording_id, subject_id=release.id
    )
    with store.database.write() as connection:
        store.audit.record(connection, event)
    name = f"{opened.stem(text)}.{silencer.format.value}"
    return SoundFile(pieces, name, SOUND_MEDIA_TYPES[silencer.format])
