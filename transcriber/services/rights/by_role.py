"""Who did something, by role: participants may know who had what is theirs, not who clicked."""

from collections.abc import Mapping

from transcriber.domain.access import Role
from transcriber.services.members import list_members
from transcriber.services.store import Store

PROGRAM = "the service itself, or whoever runs the machine"
GONE = "somebody who is not a member of the study"


def roles_in(store: Store, study_id: str) -> Mapping[str, Role]:
    """Return the roles of a study's members, by account."""
    return {each.account.id: each.role for each in list_members(store, study_id)}


def by_role(roles: Mapping[str, Role], account_id: str | None) -> str:
    """Say who an account is without saying who it is."""
    if account_id is None:
        return PROGRAM
    found = roles.get(account_id)
    return GONE if found is None else found.value.replace("_", " ")
