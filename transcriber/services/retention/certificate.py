"""A certificate of destruction: what was destroyed of a study, when, and by which rule.

Ids and hashes only. It says what can be shown: the SHA-256 of each destroyed key as it was stored,
and how many encrypted files went with it. Nobody can tell a person or a recording from either.
"""

from dataclasses import dataclass

from transcriber import __version__
from transcriber.domain.audit import Action
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.audit_head import read_head
from transcriber.storage.database.stage_times import database_now_ms
from transcriber.storage.database.tombstones import Tombstone, tombstones_in


@dataclass(frozen=True, slots=True)
class Certificate:
    """What it certifies; times are UTC in milliseconds.

    `anchor` is the number and tag of the audit's last event: each destruction is an event before.
    """

    study_id: str
    made_at_ms: int
    version: str
    anchor: str
    destroyed: tuple[Tombstone, ...]


def certificate_of(store: Store, actor_id: str, study_id: str) -> Certificate:
    """Return the certificate of a study as of now. It is audited. Raises StorageError."""
    with store.database.write() as connection:
        destroyed = tombstones_in(connection, study_id)
        made_at_ms = database_now_ms(connection)
        store.audit.record(connection, AuditEvent(Action.EXPORTED, actor_id, study_id))
        head = read_head(connection, store.keyring.service_or_new(connection))
    assert head is not None  # this very event was recorded
    finished = tuple(stone for stone in destroyed if stone.finished_at_ms is not None)
    return Certificate(study_id, made_at_ms, __version__, str(head.anchor), finished)
