"""Taking a release back: it stays as it was, marked, and its recording is to be checked again."""

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.store import Store
from transcriber.services.typed_text import require_text
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import release_in

LONGEST_REASON = 1000


def withdraw(store: Store, actor_id: str, study_id: str, release_id: str, reason: str) -> None:
    """Withdraw a release; whoever has its file already still has it.

    Webhooks are told, so that programs can take it back too. Raises UsageError `not_found`,
    `withdrawn` where somebody did so before, and for a reason that is empty or too long.
    """
    text = require_text(reason, LONGEST_REASON, "The reason").strip()
    with store.database.write() as connection:
        release = release_in(connection, study_id, release_id, lock=True)
        if release is None:
            raise UsageError("not_found", "There is no such release in this study.")
        if release.withdrawn_at_ms is not None:
            raise UsageError("withdrawn", "This release was withdrawn already.")
        store.sign_offs.withdraw(connection, release, text, actor_id)
        event = AuditEvent(
            Action.RELEASE_WITHDRAWN, actor_id, study_id, release.recording_id, release.id
        )
        store.audit.record(connection, event)
