"""Names of accounts, for pages that say who did something."""

from collections.abc import Iterable, Mapping

from transcriber.services.accounts import names_of
from transcriber.services.store import Store

GONE = "somebody who has no account any more"


def account_names(store: Store, account_ids: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return names by id; one of an account that is gone is told as that."""
    ids = {account_id for account_id in account_ids if account_id is not None}
    names = names_of(store, ids)
    return {None: "the program", **{each: names.get(each, GONE) for each in ids}}
