"""What is to be made once though it is asked for twice: a program repeats what got no answer.

Only the id of what was made is kept, for a day; the answer is read anew, so that nothing outlives
its erasure here (draft-ietf-httpapi-idempotency-key-header).
"""

from collections.abc import Callable

from sqlalchemy import and_, delete, insert, select, update

from transcriber.domain.errors import UsageError
from transcriber.services.store import Store
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.service_tables import REPEATED
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import tag

KEPT_MS = 24 * 60 * 60 * 1000
ABANDONED_MS = 5 * 60 * 1000
"""A request that has not ended by then was cut off, and may be made again."""


def make_once(
    store: Store, account_id: str, key: str, request: bytes, make: Callable[[], str]
) -> str:
    """Return the id that `make` returned when this account first sent this key.

    `request` is the whole of what was asked for. Raises UsageError `key_reused` where that was
    something else, `still_running` while the first one goes on, and what `make` raises, after
    which the key is free again.
    """
    with store.database.write() as connection:
        service = store.keyring.service_or_new(connection)
        key_tag = tag(service, "repeated key", key)
        request_tag = tag(service, "repeated request", request.hex())
        connection.execute(
            delete(REPEATED).where(
                (REPEATED.c.created_at_ms < now_ms() - KEPT_MS)
                | and_(
                    REPEATED.c.made_id.is_(None),
                    REPEATED.c.created_at_ms < now_ms() - ABANDONED_MS,
                )
            )
        )
    mine = (REPEATED.c.account_id == account_id, REPEATED.c.key_tag == key_tag)
    row_id = new_id()
    try:
        with store.database.write() as connection:
            connection.execute(
                insert(REPEATED).values(
                    id=row_id,
                    account_id=account_id,
                    key_tag=key_tag,
                    request_tag=request_tag,
                    created_at_ms=now_ms(),
                )
            )
    except Conflict:
        with store.database.read() as connection:
            first = connection.execute(select(REPEATED).where(*mine)).one_or_none()
        if first is None or (first.made_id is None and first.request_tag == request_tag):
            raise _still_running() from None
        if first.request_tag != request_tag:
            raise _reused() from None
        return str(first.made_id)
    try:
        made_id = make()
    except BaseException:
        with store.database.write() as connection:
            connection.execute(delete(REPEATED).where(REPEATED.c.id == row_id))
        raise
    with store.database.write() as connection:
        connection.execute(update(REPEATED).where(REPEATED.c.id == row_id).values(made_id=made_id))
    return made_id


def _still_running() -> UsageError:
    return UsageError(
        "still_running", "The first request with this key is still being answered. Ask again."
    )


def _reused() -> UsageError:
    return UsageError(
        "key_reused",
        "This Idempotency-Key was sent with another request. Use a new key for a new request.",
    )
