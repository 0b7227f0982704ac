"""What stands between a checked transcript and its release, and what takes a release back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.hand_offs import queue_recall
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.releases import StudyRelease
from transcriber.storage.database.sign_off_tables import DRAFT_OVERRIDE, LOOKED, SIGNATURE
from transcriber.storage.database.tables import RELEASE, TRANSCRIPT
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.database.webhook_queue import announce
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, tag, unseal


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a text, and when: UTC in milliseconds."""

    signed_by: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class DraftOverride:
    """Who let a draft leave, why, and when: UTC in milliseconds."""

    decided_by: str
    reason: str
    created_at_ms: int


class SignOffs:
    """Keeps them; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def text_tag(self, connection: Connection, recording_id: str, text: str) -> bytes:
        """Return what two equal texts of a recording have in common, and no others."""
        return tag(self._keyring.recording(connection, recording_id), "released text", text)

    def sign(
        self, connection: Connection, transcript: StoredTranscript, text_tag: bytes, signed_by: str
    ) -> None:
        """Keep that somebody signed this text. Raises Conflict where they have already."""
        lock_transcript(connection, transcript)
        connection.execute(
            insert(SIGNATURE).values(
                id=new_id(),
                transcript_id=transcript.id,
                text_tag=text_tag,
                signed_by=signed_by,
                created_at_ms=now_ms(),
            )
        )

    def signatures(
        self, connection: Connection, transcript: StoredTranscript, text_tag: bytes
    ) -> tuple[Signature, ...]:
        """Return who signed this text of a transcript, the first one first."""
        rows = connection.execute(
            select(SIGNATURE)
            .where(SIGNATURE.c.transcript_id == transcript.id, SIGNATURE.c.text_tag == text_tag)
            .order_by(SIGNATURE.c.created_at_ms, SIGNATURE.c.id)
        )
        return tuple(Signature(row.signed_by, row.created_at_ms) for row in rows)

    def look(
        self, connection: Connection, transcript: StoredTranscript, place: str, looked_by: str
    ) -> None:
        """Keep that somebody looked at a place and left it as it is; once is enough."""
        lock_transcript(connection, transcript)
        place_tag = self._place_tag(connection, transcript, place)
        known = select(LOOKED.c.id).where(
            LOOKED.c.transcript_id == transcript.id, LOOKED.c.place_tag == place_tag
        )
        if connection.execute(known).first() is None:
            connection.execute(
                insert(LOOKED).values(
                    id=new_id(),
                    transcript_id=transcript.id,
                    place_tag=place_tag,
                    looked_by=looked_by,
                    created_at_ms=now_ms(),
                )
            )

    def looked(
        self, connection: Connection, transcript: StoredTranscript, places: Iterable[str]
    ) -> frozenset[str]:
        """Return those of some places that somebody looked at."""
        known = set(
            connection.execute(
                select(LOOKED.c.place_tag).where(LOOKED.c.transcript_id == transcript.id)
            ).scalars()
        )
        return frozenset(
            place for place in places if self._place_tag(connection, transcript, place) in known
        )

    def override(
        self, connection: Connection, transcript: StoredTranscript, reason: str, decided_by: str
    ) -> None:
        """Let a draft be checked and leave. Raises Conflict where somebody did so already."""
        key = self._keyring.recording(connection, transcript.recording_id)
        lock_transcript(connection, transcript)
        row_id = new_id()
        connection.execute(
            insert(DRAFT_OVERRIDE).values(
                id=row_id,
                transcript_id=transcript.id,
                decided_by=decided_by,
                reason=seal(key, Place("draft_override", "reason", row_id), reason.encode()),
                created_at_ms=now_ms(),
            )
        )

    def overridden(
        self, connection: Connection, transcript: StoredTranscript
    ) -> DraftOverride | None:
        """Return who let a draft leave, None where nobody did."""
        row = connection.execute(
            select(DRAFT_OVERRIDE).where(DRAFT_OVERRIDE.c.transcript_id == transcript.id)
        ).first()
        if row is None:
            return None
        key = self._keyring.recording(connection, transcript.recording_id)
        reason = unseal(key, Place("draft_override", "reason", row.id), row.reason).decode()
        return DraftOverride(row.decided_by, reason, row.created_at_ms)

    def withdraw(
        self, connection: Connection, release: StudyRelease, reason: str, withdrawn_by: str | None
    ) -> None:
        """Mark a release as withdrawn; its file stays, and all places it went to are told.

        The signatures under its text go, so that whoever gave one may sign that text again; the
        release says for good who signed it.
        """
        signed = select(RELEASE.c.transcript_id, RELEASE.c.text_tag).where(
            RELEASE.c.id == release.id
        )
        connection.execute(
            delete(SIGNATURE).where(
                tuple_(SIGNATURE.c.transcript_id, SIGNATURE.c.text_tag).in_(signed)
            )
        )
        key = self._keyring.recording(connection, release.recording_id)
        connection.execute(
            update(RELEASE)
            .where(RELEASE.c.id == release.id)
            .values(
                withdrawn_at_ms=now_ms(),
                withdrawn_by=withdrawn_by,
                withdrawn_reason=seal(
                    key, Place("release", "withdrawn_reason", release.id), reason.encode()
                ),
            )
        )
        announce(connection, WebhookEvent.RELEASE_WITHDRAWN, release.recording_id, release.id)
        queue_recall(connection, release.recording_id, release.id)

    def replace_reasons(
        self, connection: Connection, recording_id: str, is_told: Callable[[str], bool], by: str
    ) -> None:
        """Let `by` stand for why releases were withdrawn, whatever that was.

        Also for why a draft may leave, where something is told in that.
        """
        key = self._keyring.recording(connection, recording_id)
        for table, name in ((RELEASE, "withdrawn_reason"), (DRAFT_OVERRIDE, "reason")):
            rows = connection.execute(
                select(table.c.id, table.c[name])
                .join(TRANSCRIPT, TRANSCRIPT.c.id == table.c.transcript_id)
                .where(TRANSCRIPT.c.recording_id == recording_id, table.c[name].is_not(None))
            ).all()
            for row_id, sealed in rows:
                place = Place(table.name, name, row_id)
                if table is RELEASE or is_told(unseal(key, place, sealed).decode()):
                    again = seal(key, place, by.encode())
                    connection.execute(
                        update(table).where(table.c.id == row_id).values({name: again})
                    )

    def why_withdrawn(self, connection: Connection, release: StudyRelease) -> str | None:
        """Return why a release was withdrawn, None where it stands."""
        sealed = connection.execute(
            select(RELEASE.c.withdrawn_reason).where(RELEASE.c.id == release.id)
        ).scalar_one()
        if sealed is None:
            return None
        key = self._keyring.recording(connection, release.recording_id)
        return unseal(key, Place("release", "withdrawn_reason", release.id), sealed).decode()

    def _place_tag(self, connection: Connection, transcript: StoredTranscript, place: str) -> bytes:
        key = self._keyring.recording(connection, transcript.recording_id)
        return tag(key, "place that was looked at", place)


def lock_transcript(connection: Connection, transcript: StoredTranscript) -> None:
    """Keep others from deciding on a transcript or signing it until the transaction ends."""
    connection.execute(
        select(TRANSCRIPT.c.id)
        .where(TRANSCRIPT.c.id == transcript.id)
        .with_for_update(key_share=True)
    )
