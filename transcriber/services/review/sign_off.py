"""Signing what leaves: one transaction makes the release, or keeps that one of two has signed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.consent import ConsentTo
from transcriber.domain.errors import UsageError
from transcriber.exports.release_json import write_release
from transcriber.services.consent.book import book_in
from transcriber.services.consent.doors import quoted_in
from transcriber.services.release_sound import sound_record, sound_to_leave
from transcriber.services.review.blind import blind_result_of
from transcriber.services.review.clean_files import require_clean_files
from transcriber.services.review.estimate import left_in_study
from transcriber.services.review.leaks import place_keys
from transcriber.services.review.release_facts import (
    release_facts,
    released_texts,
    signature_records,
)
from transcriber.services.review.seeded import settle_hidden
from transcriber.services.review.standing import Missing, Obstacle, Standing, standing
from transcriber.services.store import Store
from transcriber.services.studies import changed_meanwhile
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.releases import add_release, releases_of


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
    _require_marked(store, recording_id)
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
    left = left_in_study(store, study_id)
    second = blind_result_of(store, now.released.review)
    sound = sound_record(sound_to_leave(store, now.released))
    require_clean_files(store, now, release_facts(now, [], left, second, sound))
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording_id)
    with store.blobs.staged() as staged, store.database.write() as connection:
        _require_unchanged(store, connection, now)
        store.sign_offs.sign(connection, now.transcript, now.text_tag, actor_id)
        signed = store.sign_offs.signatures(connection, now.transcript, now.text_tag)
        records = signature_records(connection, study_id, signed)
        texts = released_texts(now, release_facts(now, records, left, second, sound))
        data = write_release(texts[0].transcript, texts[0].facts, texts[1:])
        blob = staged.put_bytes(key, recording_id, Purpose.RELEASE, data)
        add_blobs(connection, [blob])
        release = add_release(connection, now.transcript.id, blob, actor_id, now.text_tag)
        event = AuditEvent(Action.RELEASED, actor_id, study_id, recording_id, release.id)
        settle_hidden(store, connection, now.released.review)
        store.audit.record(connection, event)
    return Signed(release.id)


def _require_marked(store: Store, recording_id: str) -> None:
    """Refuse while words for which a release was recalled are not marked yet."""
    with store.database.read() as connection:
        if store.sightings.is_unmarked(connection, recording_id):
            raise UsageError(
                Missing.SEARCHING.value,
                "A release of this recording was recalled, and what was seen in it is being "
                "marked. Look again in a moment.",
            )


def _require_unchanged(store: Store, connection: Connection, now: Standing) -> None:
    """Refuse where somebody decided, released or withdrew something since `now`, or consent."""
    number = store.decisions.hold(connection, now.transcript)
    recording_id = now.transcript.recording_id
    study_id = now.released.review.recording.study_id
    if store.withdrawals.is_due(connection, study_id, recording_id):
        raise UsageError(
            "withdrawal_running",
            "Somebody withdrew, and what is theirs is being taken out of this recording. Sign it "
            "when the receipt of the withdrawal is there.",
        )
    book = book_in(store, connection, study_id)
    book.require(quoted_in(now.text), ConsentTo.QUOTED, recording_id)
    latest = store.transcripts.latest(connection, recording_id)
    if (
        latest != now.transcript
        or number != now.seen
        or releases_of(connection, now.transcript.id) != now.releases
        or store.sign_offs.signatures(connection, now.transcript, now.text_tag) != now.signatures
    ):
        raise changed_meanwhile()
