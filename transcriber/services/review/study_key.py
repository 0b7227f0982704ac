"""The key of a study as it stands: which replacement stands for whom, in all of its recordings."""

from transcriber.domain.audit import Action
from transcriber.exports.key_csv import write_key
from transcriber.services.review.state import review_if_any
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent


def study_key(store: Store, actor_id: str, study_id: str) -> bytes:
    """Return the key as CSV. It is audited. Raises StorageError, KeyUnusable."""
    with store.database.read() as connection:
        with_words = store.transcripts.with_words(connection, study_id)
    reviews = (review_if_any(store, study_id, recording_id) for recording_id in with_words)
    found = [
        judged.finding
        for review in reviews
        if review is not None
        for judged in review.findings
        if not judged.leaves
    ]
    with store.database.write() as connection:
        store.audit.record(connection, AuditEvent(Action.EXPORTED, actor_id, study_id))
    return write_key(found)
