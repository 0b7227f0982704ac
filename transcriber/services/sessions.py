"""The browsers that somebody is signed in with: seen, and signed out from afar."""

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.sessions import Session

__all__ = ["Session", "current_session", "end_all_sessions", "end_session", "list_sessions"]


def list_sessions(store: Store, account_id: str) -> tuple[Session, ...]:
    """Return the sessions of an account that are alive, the newest first."""
    with store.database.read() as connection:
        return store.sessions.of(connection, account_id)


def current_session(store: Store, secret: str) -> Session | None:
    """Return the session that a browser's secret belongs to."""
    with store.database.read() as connection:
        return store.sessions.find(connection, secret)


def end_session(store: Store, account_id: str, session_id: str) -> None:
    """Sign out one browser of one's own. Raises UsageError `not_found`."""
    with store.database.write() as connection:
        if not store.sessions.end(connection, account_id, session_id):
            raise UsageError("not_found", "There is no such session of yours.")
        _record(store, connection, account_id)


def end_all_sessions(store: Store, account_id: str) -> None:
    """Sign out all browsers of an account."""
    with store.database.write() as connection:
        store.sessions.end_all(connection, account_id)
        _record(store, connection, account_id)


def _record(store: Store, connection: Connection, account_id: str) -> None:
    store.audit.record(connection, AuditEvent(Action.SIGNED_OUT, account_id, subject_id=account_id))
