"""Accounts, ways in and memberships, on both databases."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import update

from tests.stores import Stored
from transcriber.domain.access import Permission, Principal, Role
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services import links
from transcriber.services.accounts import (
    Account,
    NewAccount,
    account_named,
    create_account,
    disable_account,
    enable_account,
    list_accounts,
    set_rights,
)
from transcriber.services.integrity import check_store
from transcriber.services.keys import rotate_key
from transcriber.services.links import LinkKind
from transcriber.services.members import grant, invite_member, list_members, revoke
from transcriber.services.principals import principal_of_session, principal_of_token
from transcriber.services.sessions import end_all_sessions, end_session, list_sessions
from transcriber.services.sign_in import change_password, sign_in, sign_out
from transcriber.services.store import Store
from transcriber.services.tokens import create_token, list_tokens, revoke_token
from transcriber.storage.database.account_tables import API_TOKEN, LINK, SESSION
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.sessions import SEEN_EVERY_MS

pytestmark = pytest.mark.slow

EMAIL, PASSWORD = "Priya.Nair@example.ac.uk", "otter lantern gravel"
OTHER = "teapot walrus orbit"
HERE = "192.0.2.1"
HOUR_MS = 60 * 60 * 1000
SCOPES = frozenset({Permission.SEE_RELEASES})


def account(opened: Store, email: str = EMAIL, *, is_admin: bool = False) -> Account:
    return create_account(opened, NewAccount(email, "Priya Nair", is_admin), password=PASSWORD)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as refused:
        act()
    return refused.value.code


def actions(opened: Store) -> list[str]:
    with opened.database.read() as connection:
        return [event.action for _, event in events(connection)]


def test_an_account_is_there_again_and_found_whatever_its_capitals(opened: Store) -> None:
    made = account(opened)
    assert (made.email, made.name, made.has_password) == (EMAIL, "Priya Nair", True)
    assert account_named(opened, " priya.nair@EXAMPLE.ac.uk") == made
    assert list_accounts(opened) == (made,)
    assert refusal(lambda: account_named(opened, "tom@example.ac.uk")) == "no_such_account"


def test_an_email_address_has_one_account(opened: Store) -> None:
    account(opened)
    assert refusal(lambda: account(opened, EMAIL.upper())) == "email_taken"


@pytest.mark.parametrize(
    "email", ["", "priya", "@x", "priya@", "pri ya@x", "a\n@x", "a" * 300 + "@x"]
)
def test_what_is_no_email_address_is_refused(opened: Store, email: str) -> None:
    assert refusal(lambda: account(opened, email)) == "bad_email"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_short"),
        ("a" * 20, "password_weak"),
        ("PRIYA.nair@example.ac.uk", "password_weak"),
        ("abcdef " * 40, "password_long"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(
    opened: Store, password: str, code: str
) -> None:
    new = NewAccount(EMAIL, "Priya Nair")
    assert refusal(lambda: create_account(opened, new, password=password)) == code
    assert list_accounts(opened) == ()


def test_signing_in_and_out(opened: Store) -> None:
    made = account(opened)
    signed_in = sign_in(opened, EMAIL.lower(), PASSWORD, HERE)
    assert signed_in.account.id == made.id
    assert principal_of_session(opened, signed_in.secret) == Principal(made.id)
    assert principal_of_session(opened, signed_in.secret + "x") is None
    sign_out(opened, signed_in.secret)
    assert principal_of_session(opened, signed_in.secret) is None
    assert actions(opened) == [Action.ACCOUNT_CREATED, Action.SIGNED_IN, Action.SIGNED_OUT]


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, OTHER), (EMAIL, ""), ("tom@example.ac.uk", PASSWORD), ("", "")]
)
def test_whatever_is_wrong_is_told_alike(opened: Store, email: str, password: str) -> None:
    account(opened)
    assert refusal(lambda: sign_in(opened, email, password, HERE)) == "sign_in_failed"
    assert actions(opened)[-1] == Action.SIGN_IN_FAILED


def test_letters_are_the_same_from_any_keyboard(opened: Store) -> None:
    create_account(opened, NewAccount(EMAIL, "Priya"), password="caf\u00e9 lantern gravel")
    assert sign_in(opened, EMAIL, "cafe\u0301 lantern gravel", HERE)


def test_a_session_ends_unused_and_at_the_latest_after_a_week(opened: Store) -> None:
    account(opened)
    for column, age_ms in (("seen_at_ms", 12 * HOUR_MS), ("expires_at_ms", 7 * 24 * HOUR_MS)):
        secret = sign_in(opened, EMAIL, PASSWORD, HERE).secret
        with opened.database.write() as connection:
            connection.execute(
                update(SESSION).values({column: SESSION.c[column] - age_ms + 60_000})
            )
        assert principal_of_session(opened, secret)
        with opened.database.write() as connection:
            connection.execute(update(SESSION).values({column: SESSION.c[column] - age_ms}))
        assert principal_of_session(opened, secret) is None


def test_use_keeps_a_session_alive(opened: Store) -> None:
    made = account(opened)
    secret = sign_in(opened, EMAIL, PASSWORD, HERE).secret
    with opened.database.write() as connection:
        connection.execute(update(SESSION).values(seen_at_ms=SESSION.c.seen_at_ms - HOUR_MS))
    assert principal_of_session(opened, secret)
    (session,) = list_sessions(opened, made.id)
    assert session.seen_at_ms > session.created_at_ms - SEEN_EVERY_MS


def ended_by_password(opened: Store, made: Account) -> None:
    change_password(opened, made.id, PASSWORD, OTHER, HERE)


def ended_by_reset(opened: Store, made: Account) -> None:
    links.accept(opened, links.make_link(opened, made.id, LinkKind.RESET), OTHER)


def ended_by_disabling(opened: Store, made: Account) -> None:
    disable_account(opened, made.id)


def ended_by_hand(opened: Store, made: Account) -> None:
    end_all_sessions(opened, made.id)


@pytest.mark.parametrize(
    "end", [ended_by_password, ended_by_reset, ended_by_disabling, ended_by_hand]
)
def test_old_sessions_are_worthless_at_once(
    opened: Store, end: Callable[[Store, Account], None]
) -> None:
    made = account(opened)
    secrets = [sign_in(opened, EMAIL, PASSWORD, HERE).secret for _ in range(3)]
    other = account(opened, "tom@example.ac.uk")
    others = sign_in(opened, other.email, PASSWORD, HERE).secret
    end(opened, made)
    assert [principal_of_session(opened, secret) for secret in secrets] == [None] * 3
    assert principal_of_session(opened, others)


def test_one_browser_can_be_signed_out_from_another(opened: Store) -> None:
    made, other = account(opened), account(opened, "tom@example.ac.uk")
    secrets = [sign_in(opened, EMAIL, PASSWORD, HERE).secret for _ in range(2)]
    newest, oldest = list_sessions(opened, made.id)
    assert refusal(lambda: end_session(opened, other.id, oldest.id)) == "not_found"
    end_session(opened, made.id, oldest.id)
    assert list_sessions(opened, made.id) == (newest,)
    alive = [principal_of_session(opened, secret) is not None for secret in secrets]
    assert sorted(alive) == [False, True]


def test_a_changed_password_is_the_only_one(opened: Store) -> None:
    made = account(opened)
    assert refusal(lambda: change_password(opened, made.id, OTHER, OTHER, HERE)) == "sign_in_failed"
    now = change_password(opened, made.id, PASSWORD, OTHER, HERE)
    assert principal_of_session(opened, now.secret)
    assert refusal(lambda: sign_in(opened, EMAIL, PASSWORD, HERE)) == "sign_in_failed"
    assert sign_in(opened, EMAIL, OTHER, HERE)


def test_an_invitation_lets_in_once(opened: Store) -> None:
    invited, secret = links.invite(opened, NewAccount(EMAIL, "Priya Nair"))
    assert not invited.has_password
    assert refusal(lambda: sign_in(opened, EMAIL, PASSWORD, HERE)) == "sign_in_failed"
    assert links.look_at(opened, secret).account == invited
    assert refusal(lambda: links.accept(opened, secret, "short")) == "password_short"
    signed_in = links.accept(opened, secret, PASSWORD)
    assert principal_of_session(opened, signed_in.secret) == Principal(invited.id)
    assert refusal(lambda: links.accept(opened, secret, OTHER)) == "link_gone"
    assert sign_in(opened, EMAIL, PASSWORD, HERE)


def test_a_link_is_worthless_when_it_is_old_replaced_or_of_another_kind(opened: Store) -> None:
    made = account(opened)
    replaced = links.make_link(opened, made.id, LinkKind.RESET)
    old = links.make_link(opened, made.id, LinkKind.RESET)
    assert refusal(lambda: links.look_at(opened, replaced)) == "link_gone"
    assert refusal(lambda: links.sign_in_by_link(opened, old)) == "link_gone"
    with opened.database.write() as connection:
        connection.execute(update(LINK).values(expires_at_ms=LINK.c.created_at_ms))
    assert refusal(lambda: links.accept(opened, old, OTHER)) == "link_gone"
    sign_in_link = links.make_link(opened, made.id, LinkKind.SIGN_IN)
    assert refusal(lambda: links.accept(opened, sign_in_link, OTHER)) == "link_gone"
    disable_account(opened, made.id)
    assert refusal(lambda: links.sign_in_by_link(opened, sign_in_link)) == "link_gone"


def test_a_changed_password_withdraws_links(opened: Store) -> None:
    made = account(opened)
    secret = links.make_link(opened, made.id, LinkKind.RESET)
    change_password(opened, made.id, PASSWORD, OTHER, HERE)
    assert refusal(lambda: links.look_at(opened, secret)) == "link_gone"


def test_who_starts_a_server_gets_in_as_its_administrator(opened: Store) -> None:
    first = links.sign_in_by_link(opened, links.first_sign_in_link(opened))
    assert (first.account.is_admin, first.account.begins_studies) == (True, True)
    secret = links.first_sign_in_link(opened)
    assert links.sign_in_by_link(opened, secret).account.id == first.account.id
    assert refusal(lambda: links.sign_in_by_link(opened, secret)) == "link_gone"
    assert len(list_accounts(opened)) == 1


def test_a_disabled_account_gets_in_by_no_way_until_it_is_enabled(opened: Store) -> None:
    made = account(opened)
    _, token = create_token(
        opened,
        Principal(made.id, begins_studies=True),
        "script",
        frozenset({Permission.BEGIN_STUDY}),
        days=1,
    )
    assert principal_of_token(opened, token)
    disable_account(opened, made.id)
    assert principal_of_token(opened, token) is None
    assert refusal(lambda: sign_in(opened, EMAIL, PASSWORD, HERE)) == "sign_in_failed"
    enable_account(opened, made.id)
    assert sign_in(opened, EMAIL, PASSWORD, HERE)
    assert principal_of_token(opened, token) is None


def test_the_last_administrator_stays(opened: Store) -> None:
    first = account(opened, is_admin=True)
    for act in (
        lambda: disable_account(opened, first.id),
        lambda: set_rights(opened, first.id, is_admin=False, begins_studies=True),
    ):
        assert refusal(act) == "last_administrator"
    second = account(opened, "tom@example.ac.uk", is_admin=True)
    disable_account(opened, first.id, by=second.id)
    assert refusal(lambda: disable_account(opened, second.id)) == "last_administrator"


def test_members_have_roles_in_their_study_only(store: Stored, opened: Store) -> None:
    study, other = store.study(), store.study("Other")
    made = account(opened)
    grant(opened, study.id, made.id, Role.RESEARCHER)
    (member,) = list_members(opened, study.id)
    assert (member.account.id, member.role) == (made.id, Role.RESEARCHER)
    assert list_members(opened, other.id) == ()
    secret = sign_in(opened, EMAIL, PASSWORD, HERE).secret
    who = principal_of_session(opened, secret)
    assert who is not None
    assert who.may(Permission.UPLOAD, study.id)
    assert not who.may(Permission.SEE_STUDY, other.id)
    grant(opened, study.id, made.id, Role.ANALYST)
    now = principal_of_session(opened, secret)
    assert now is not None
    assert not now.may(Permission.UPLOAD, study.id)
    revoke(opened, study.id, made.id)
    assert principal_of_session(opened, secret) == Principal(made.id)
    assert refusal(lambda: revoke(opened, study.id, made.id)) == "not_found"
    told = [Action.MEMBER_ADDED, Action.SIGNED_IN, Action.ROLE_CHANGED, Action.MEMBER_REMOVED]
    assert actions(opened)[1:] == told


def test_the_last_who_manages_a_study_stays(store: Stored, opened: Store) -> None:
    study = store.study()
    first, second = account(opened), account(opened, "tom@example.ac.uk")
    grant(opened, study.id, first.id, Role.DATA_MANAGER)
    for act in (
        lambda: revoke(opened, study.id, first.id),
        lambda: grant(opened, study.id, first.id, Role.ANALYST),
    ):
        assert refusal(act) == "last_manager"
    grant(opened, study.id, second.id, Role.LEAD)
    revoke(opened, study.id, first.id)
    assert [member.account.id for member in list_members(opened, study.id)] == [second.id]


def test_somebody_new_is_invited_into_a_study(store: Stored, opened: Store) -> None:
    study = store.study()
    invited, secret = invite_member(opened, study.id, NewAccount(EMAIL, "Priya"), Role.REVIEWER)
    assert secret is not None
    links.accept(opened, secret, PASSWORD)
    again, nothing = invite_member(opened, study.id, NewAccount(EMAIL, "Priya"), Role.ANALYST)
    assert (again.id, nothing) == (invited.id, None)
    (member,) = list_members(opened, study.id)
    assert member.role is Role.ANALYST


def test_a_data_manager_cannot_let_themselves_in_as_somebody_else(
    store: Stored, opened: Store
) -> None:
    study, other = store.study(), store.study("Other")
    links.invite(opened, NewAccount("admin@x", "Admin", is_admin=True))
    links.invite(opened, NewAccount("begins@x", "Begins", begins_studies=True))
    invite_member(opened, other.id, NewAccount("member@x", "Member"), Role.REVIEWER)
    account(opened)
    for email in ("admin@x", "begins@x", "member@x", EMAIL):
        _, secret = invite_member(opened, study.id, NewAccount(email, ""), Role.REVIEWER)
        assert secret is None, email
    _, lost = invite_member(opened, study.id, NewAccount("new@x", "New"), Role.REVIEWER)
    _, again = invite_member(opened, study.id, NewAccount("new@x", "New"), Role.REVIEWER)
    assert lost is not None
    assert again is not None
    assert refusal(lambda: links.look_at(opened, lost)) == "link_gone"
    assert links.look_at(opened, again)


def test_nobody_becomes_an_administrator_by_being_invited_into_a_study(
    store: Stored, opened: Store
) -> None:
    new = NewAccount(EMAIL, "Priya", is_admin=True, begins_studies=True)
    invited, _ = invite_member(opened, store.study().id, new, Role.REVIEWER)
    assert (invited.is_admin, invited.begins_studies) == (False, False)


def test_a_token_is_for_one_study_and_some_things(store: Stored, opened: Store) -> None:
    study, other = store.study(), store.study("Other")
    made = account(opened)
    for one in (study, other):
        grant(opened, one.id, made.id, Role.RESEARCHER)
    who = Principal(made.id, roles={study.id: Role.RESEARCHER, other.id: Role.RESEARCHER})
    token, secret = create_token(opened, who, "script", SCOPES, days=30, study_id=study.id)
    found = principal_of_token(opened, secret)
    assert found is not None
    assert found.may(Permission.SEE_RELEASES, study.id)
    assert not found.may(Permission.SEE_RELEASES, other.id)
    assert not found.may(Permission.UPLOAD, study.id)
    assert list_tokens(opened, made.id)[0].used_at_ms is not None
    revoke(opened, study.id, made.id)
    left = principal_of_token(opened, secret)
    assert left is not None
    assert not left.may(Permission.SEE_RELEASES, study.id)
    revoke_token(opened, made.id, token.id)
    assert principal_of_token(opened, secret) is None
    assert list_tokens(opened, made.id) == ()


def test_a_token_never_does_what_its_owner_may_not(store: Stored, opened: Store) -> None:
    study = store.study()
    who = Principal("a" * 32, roles={study.id: Role.ANALYST})
    token = Principal("a" * 32, roles={study.id: Role.ANALYST}, scopes=SCOPES)

    def make(asks: Principal, scope: Permission, of: str | None) -> Callable[[], object]:
        return lambda: create_token(opened, asks, "x", frozenset({scope}), days=1, study_id=of)

    assert refusal(make(who, Permission.UPLOAD, None)) == "not_allowed"
    assert refusal(make(who, Permission.MANAGE_SERVICE, None)) == "not_allowed"
    assert refusal(make(who, Permission.SEE_RELEASES, "0" * 32)) == "not_allowed"
    assert refusal(make(token, Permission.SEE_RELEASES, None)) == "not_allowed"


def test_a_token_runs_out(opened: Store) -> None:
    made = account(opened)
    who = Principal(made.id, begins_studies=True)
    scopes = frozenset({Permission.BEGIN_STUDY})
    for days in (0, 366):
        refused = refusal(partial(create_token, opened, who, "x", scopes, days=days))
        assert refused == "bad_token"
    _, secret = create_token(opened, who, "script", scopes, days=1)
    with opened.database.write() as connection:
        connection.execute(update(API_TOKEN).values(expires_at_ms=API_TOKEN.c.created_at_ms))
    assert principal_of_token(opened, secret) is None


def test_accounts_open_with_the_new_master_key(opened: Store) -> None:
    made = account(opened)
    secret = sign_in(opened, EMAIL, PASSWORD, HERE).secret
    assert rotate_key(opened) == 1
    assert account_named(opened, EMAIL).id == made.id
    assert principal_of_session(opened, secret)
    assert sign_in(opened, EMAIL, PASSWORD, HERE)
    assert check_store(opened, thorough=True, progress=lambda done, total: None).is_whole
