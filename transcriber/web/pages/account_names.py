"""Names of accounts, for pages that say who did something."""

from collections.abc import Iterable, Mapping

from transcriber.domain.errors import UsageError
from transcriber.services.accounts import account_with
from transcriber.services.store import Store

GONE = "somebody who has no account any more"


def account_names(store: Store, account_ids: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return names by id; one of an account that is gone is told as that."""
    return {account_id: _name(store, account_id) for account_id in set(account_ids)}


def _name(store: Store, account_id: str | None) -> str:
    if account_id is None:
        return "the program"
    try:
        return account_with(store, account_id).name
    except UsageError:
        return GONE
