"""The end of the chain of audit events: how far it goes, and what the next event holds on to.

Each event carries a tag over itself and its predecessor's tag (HMAC-SHA-256, RFC 2104, after B.
Schneier and J. Kelsey, "Secure audit logs to support computer forensics", 1999), under a key that
the master key wraps. The number and tag of the last one are sealed in a row of their own. So
whoever can write the database but has no master key cannot change, remove, insert or reorder an
event, nor cut the last ones off, without being found out. Putting back an older copy of the whole
database shows only against an anchor that was noted elsewhere.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import Connection, delete, func, insert, select, update

from transcriber.domain.audit import TAG_BYTES, Anchor
from transcriber.storage.database.account_tables import AUDIT_HEAD
from transcriber.storage.database.tables import AUDIT_EVENT
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, Sealed, seal, unseal

HEAD_ID = "0" * 32
"""There is one; the primary key keeps it so."""

START = bytes(TAG_BYTES)
"""What stands for the tag before the first event."""

_PLACE = Place(AUDIT_HEAD.name, "content", HEAD_ID)
_TAGGED = (
    "number",
    "action",
    "actor_id",
    "study_id",
    "recording_id",
    "subject_id",
    "created_at_ms",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The numbers of the chain's first and last event, and the tag of the last.

    `from_start` unless the chain had to be begun anew because its head was gone.
    """

    first: int
    last: int
    tag: bytes
    from_start: bool

    @property
    def anchor(self) -> Anchor:
        """What to note elsewhere: the last event's number and tag."""
        return Anchor(self.last, self.tag)

    def dump(self) -> bytes:
        """Return it as it is sealed."""
        return json.dumps({**asdict(self), "tag": self.tag.hex()}).encode()

    @classmethod
    def load(cls, dumped: bytes) -> Self:
        """Return what `dump` gave."""
        read = json.loads(dumped)
        return cls(read["first"], read["last"], bytes.fromhex(read["tag"]), read["from_start"])


def begin_chain(connection: Connection, key: Key, *, from_start: bool = True) -> Head:
    """Begin the chain after the events that there are. Whoever makes the service key does this."""
    newest = select(func.coalesce(func.max(AUDIT_EVENT.c.number), 0))
    last: int = connection.execute(newest).scalar_one()
    head = Head(last + 1, last, START, from_start)
    connection.execute(delete(AUDIT_HEAD))
    connection.execute(insert(AUDIT_HEAD).values(id=HEAD_ID, content=_sealed(key, head)))
    return head


def read_head(connection: Connection, key: Key) -> Head | None:
    """Return the end of the chain, None where it was taken away. Raises StorageError."""
    sealed = connection.execute(select(AUDIT_HEAD.c.content)).scalar_one_or_none()
    return None if sealed is None else Head.load(unseal(key, _PLACE, sealed))


def write_head(connection: Connection, key: Key, head: Head) -> None:
    """Replace the end of the chain."""
    connection.execute(update(AUDIT_HEAD).values(content=_sealed(key, head)))


def chain_secret(key: Key) -> bytes:
    """Return what tags are made with; deriving it takes longer than a tag does."""
    return key.derive(b"audit chain")


def chain_tag(secret: bytes, before: bytes, row: Mapping[Any, Any]) -> bytes:
    """Return the tag of an event, given its predecessor's."""
    fields = json.dumps([row[name] for name in _TAGGED]).encode()
    return hmac.digest(secret, before + fields, "sha256")


def _sealed(key: Key, head: Head) -> Sealed:
    return seal(key, _PLACE, head.dump())
