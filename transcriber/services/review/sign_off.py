"""Signing what leaves: one transaction makes the release, or keeps that one of two has signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.file_check import check_files
from transcriber.exports.release_json import write_release
from transcriber.services.release_sound import sound_record, sound_to_leave
from transcriber.services.releases import FORMATS
from transcriber.services.review.estimate import Left, left_in_study
from transcriber.services.review.leaks import look_of, place_keys
from transcriber.services.review.seeded import settle_hidden
from transcriber.services.review.standing import Obstacle, Standing, standing
from transcriber.services.store import Store
from transcriber.services.studies import changed_meanwhile
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.releases import add_release, releases_of
from transcriber.storage.database.sign_offs import Signature


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of a signature: a release, or None while a second reviewer is waited for."""

    release_id: str | None


def sign(store: Store, actor_id: str, study_id: str, recording_id: str, seen: int) -> Signed:
    """Sign what would leave of a recording; `seen` is how many decisions the signer has seen.

    Where two people have to sign, the first signature waits for somebody else's under the same
    text. Raises UsageError with the code of what is missing (`Missing`), `changed_meanwhile` where
    somebody decided on something since, and `same_reviewer` for one's own second signature.
    """
    now = standing(store, study_id, recording_id)
    if now.seen != seen:
        raise changed_meanwhile()
    if now.obstacles:
        raise refusal(now.obstacles[0])
    if any(signature.signed_by == actor_id for signature in now.signatures):
        raise same_reviewer()
    if now.needs_two and not now.signatures:
        return _first_of_two(store, now, actor_id, study_id, recording_id)
    return _released(store, now, actor_id, study_id, recording_id)


def look(store: Store, actor_id: str, study_id: str, recording_id: str, key: str) -> None:
    """Keep that somebody looked at a place that the side panel shows, and left it as it is.

    A place that blocks is not asked after: it has to go. Raises UsageError `not_found` for a place
    that is not there any more.
    """
    now = standing(store, study_id, recording_id)
    blocking = {seen.key for seen in now.panel.blocking}
    if key not in place_keys(now.panel) - blocking:
        raise UsageError(
            "not_found", "This place is not there any more. Look at the page as it is now."
        )
    with store.database.write() as connection:
        store.sign_offs.look(connection, now.transcript, key, actor_id)
        event = AuditEvent(Action.LOOKED_AT, actor_id, study_id, recording_id, now.transcript.id)
        store.audit.record(connection, event)


def refusal(obstacle: Obstacle) -> UsageError:
    """Return the error for something that is missing."""
    return UsageError(obstacle.missing.value, obstacle.sentence)


def same_reviewer() -> UsageError:
    """Say that nobody signs twice."""
    return UsageError(
        "same_reviewer",
        "You have signed this text already. The second signature has to be somebody else's.",
    )


def manifest(
    now: Standing,
    signatures: tuple[Signature, ...],
    left: Left | None = None,
    sound: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Return how a text was checked, as its release says it: counts, times and ids.

    `left` is what may be left in the recordings of the study that were signed off before; `sound`
    is what is not heard in the sound, None where it does not leave.
    """
    progress, done, panel = now.released.review.progress, now.passes, now.panel
    checking = now.released.terms.checking
    words = now.released.review.transcript.words
    return {
        "events": now.seen,
        "asked_for": {
            "entities": checking.entities,
            "listening": checking.listening.value,
            "cold_read": checking.cold_read,
            "second_reviewer": checking.second_reviewer,
        },
        "heard_ms": progress.heard_ms,
        "speech_ms": progress.speech_ms,
        "read_turns": done.cold_read.done,
        "turns": done.cold_read.total,
        "bulk": {"accepted": done.bulk_accepted, "read": done.bulk_read},
        "replaced": dict(sorted(now.replaced.items())),
        "withheld": [
            {
                "start_ms": words[passage.first_word].start_ms,
                "end_ms": words[passage.last_word].end_ms,
            }
            for passage in now.released.withheld
        ],
        "leak_check": {
            "verdict": panel.check.verdict.value,
            "looked_at": sum(seen.looked for seen in panel.leaks)
            + sum(seen.looked for seen in panel.pleas),
        },
        "signed": [
            {"account": signature.signed_by, "at_ms": signature.created_at_ms}
            for signature in signatures
        ],
        "estimate": _estimate(left) if left and left.remaining.caught.of else None,
        "draft_override": now.override
        and {
            "account": now.override.decided_by,
            "at_ms": now.override.created_at_ms,
            "reason": now.override.reason,
        },
        "sound": sound,
        "text_sha256": now.text_sha256,
    }


def _estimate(left: Left) -> Mapping[str, Any]:
    found = left.remaining
    return {
        "recordings": left.recordings,
        "hidden": found.caught.of,
        "caught": found.caught.hits,
        "found_anew": found.finds,
        "left_low": found.low,
        "left_high": found.high,
    }


def _first_of_two(
    store: Store, now: Standing, actor_id: str, study_id: str, recording_id: str
) -> Signed:
    try:
        with store.database.write() as connection:
            _require_unchanged(store, connection, now)
            store.sign_offs.sign(connection, now.transcript, now.text_tag, actor_id)
            event = AuditEvent(Action.SIGNED, actor_id, study_id, recording_id, now.transcript.id)
            store.audit.record(connection, event)
    except Conflict:
        raise same_reviewer() from None
    return Signed(None)


def _released(
    store: Store, now: Standing, actor_id: str, study_id: str, recording_id: str
) -> Signed:
    _require_clean_files(now)
    left = left_in_study(store, study_id)
    sound = sound_record(sound_to_leave(store, now.released))
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
    with store.blobs.staged() as staged, store.database.write() as connection:
        _require_unchanged(store, connection, now)
        store.sign_offs.sign(connection, now.transcript, now.text_tag, actor_id)
        signed = store.sign_offs.signatures(connection, now.transcript, now.text_tag)
        data = write_release(now.text, manifest(now, signed, left, sound))
        blob = staged.put_bytes(key, recording_id, Purpose.RELEASE, data)
        add_blobs(connection, [blob])
        release = add_release(connection, now.transcript.id, blob, actor_id, now.text_tag)
        event = AuditEvent(Action.RELEASED, actor_id, study_id, recording_id, release.id)
        store.audit.record(connection, event)
    settle_hidden(store, study_id, recording_id)
    return Signed(release.id)


def _require_unchanged(store: Store, connection: Connection, now: Standing) -> None:
    """Refuse where somebody decided, released or withdrew something since `now`."""
    number = store.decisions.hold(connection, now.transcript)
    latest = store.transcripts.latest(connection, now.transcript.recording_id)
    if (
        latest != now.transcript
        or number != now.seen
        or releases_of(connection, now.transcript.id) != now.releases
        or store.sign_offs.signatures(connection, now.transcript, now.text_tag) != now.signatures
    ):
        raise changed_meanwhile()


def _require_clean_files(now: Standing) -> None:
    """Write every file of the release, open it again, and search it for what should be gone."""
    files = {f"transcript.{kind}": write(now.text) for kind, write in FORMATS.items()}
    blocking = check_files(files, look_of(now.released)).blocking
    if blocking:
        raise UsageError(
            "leak_blocks",
            "A file of this release would show a known name or number, so nothing was released. "
            "Look at the leak check, and at the name of the study.",
        )
