"""Somebody of every kind, with the ways in that they really have."""

from dataclasses import dataclass

from transcriber.api.authentication import COOKIE
from transcriber.domain.access import Permission, Principal, Role
from transcriber.domain.policy import Policy
from transcriber.domain.roster import Roster
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, sign_in_by_link
from transcriber.services.members import grant
from transcriber.services.store import Store
from transcriber.services.submit import study_for
from transcriber.services.tokens import create_token

NOBODY, ADMIN, STRANGER, TOKEN = "nobody", "admin", "stranger", "token"
PEOPLE = (NOBODY, *Role, ADMIN, STRANGER, TOKEN)
"""Everybody who may ask: nobody, a member of each role, an administrator and somebody who begins
studies, both no members, and a data manager's token that may only see releases."""

PASSWORD = "otter lantern gravel"
NO_POLICIES: tuple[Policy, ...] = ()


@dataclass(frozen=True)
class People:
    """A study, and what each of its people sends with a request."""

    study_id: str
    headers: dict[str, dict[str, str]]


def email_of(person: str) -> str:
    return f"{person}@example.ac.uk"


def signed_in(store: Store, account_id: str) -> dict[str, str]:
    """The headers of a browser that somebody signed in with."""
    secret = sign_in_by_link(store, make_link(store, account_id, LinkKind.SIGN_IN)).secret
    return {"cookie": f"{COOKIE}={secret}", "sec-fetch-site": "same-origin"}


def gather(store: Store) -> People:
    """Make a study and somebody of every kind."""
    study = study_for(store, "Feeding", Roster(), NO_POLICIES)
    headers: dict[str, dict[str, str]] = {NOBODY: {}}
    for person in (*Role, ADMIN, STRANGER):
        new = NewAccount(
            email_of(person), "Somebody", person == ADMIN, begins_studies=person == STRANGER
        )
        account = create_account(store, new)
        if person in list(Role):
            grant(store, study.id, account.id, Role(person))
        headers[person] = signed_in(store, account.id)
        if person == Role.DATA_MANAGER:
            who = Principal(account.id, roles={study.id: Role.DATA_MANAGER})
            scopes = frozenset({Permission.SEE_RELEASES})
            _, token = create_token(store, who, "script", scopes, days=1)
            headers[TOKEN] = {"authorization": f"Bearer {token}"}
    return People(study.id, headers)
