"""Nothing of what was erased stays in the memory of a process, whichever process erased it.

Erasing is rare and what is kept is made again in a second, so everything is forgotten at once.
"""

from sqlalchemy import Connection

from transcriber.services.latest import forget_all
from transcriber.services.store import Store
from transcriber.storage.database.tombstones import count_tombstones
from transcriber.storage.database.withdrawals import count_withdrawn

_SEEN: dict[str, int] = {}
"""How many erasures and withdrawals there were at the last look, by the URL of the database."""


def forget_erased(store: Store, connection: Connection) -> None:
    """Forget what is kept where anything was erased since the last time this process looked."""
    url = store.database.url.render_as_string()
    erasures = count_tombstones(connection) + count_withdrawn(connection)
    if _SEEN.get(url, erasures) != erasures:
        forget_all()
    _SEEN[url] = erasures
