"""One's own account: password, browsers that are signed in, tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel

from transcriber.api.authentication import address_of, keep_signed_in, session_secret
from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.services.accounts import account_with
from transcriber.services.principals import allowed_scopes
from transcriber.services.sessions import current_session, end_session, list_sessions
from transcriber.services.sign_in import change_password
from transcriber.services.tokens import create_token, list_tokens, revoke_token
from transcriber.web.visits import Visit, see, visit_by
from transcriber.web.words import PERMISSIONS

router = APIRouter(include_in_schema=False)

Own = Annotated[Visit, visit_by(Permission.OWN_ACCOUNT)]

TOKEN_DAYS = (7, 30, 90, 365)


class TokenForm(BaseModel):
    """What a new token is for."""

    name: str = ""
    scopes: frozenset[Permission] = frozenset()
    days: int = 30


@router.get("/account")
def account(visit: Own) -> Response:
    """Show one's own account."""
    return _account(visit)


@router.post("/account/password")
def password(
    visit: Own, old: Annotated[str, Form()] = "", new: Annotated[str, Form()] = ""
) -> Response:
    """Change one's password; all other browsers are signed out."""
    address = address_of(visit.request)
    try:
        signed_in = change_password(visit.store, visit.who.account_id, old, new, address)
    except TranscriberError as error:
        return _account(visit, wrong=error.sentence)
    answer = see("/account?changed")
    keep_signed_in(answer, signed_in.secret)
    return answer


@router.post("/account/sessions/{session_id}/end")
def sign_out_there(visit: Own, session_id: str) -> Response:
    """Sign out another browser."""
    end_session(visit.store, visit.who.account_id, session_id)
    return see("/account")


@router.post("/account/tokens")
def make_token(visit: Own, typed: Annotated[TokenForm, Form()]) -> Response:
    """Make a token and show it, once."""
    try:
        _, secret = create_token(visit.store, visit.who, typed.name, typed.scopes, days=typed.days)
    except UsageError as error:
        return _account(visit, wrong_token=error.sentence, typed=typed)
    return _account(visit, secret=secret)


@router.post("/account/tokens/{token_id}/revoke")
def end_token(visit: Own, token_id: str) -> Response:
    """End a token at once."""
    revoke_token(visit.store, visit.who.account_id, token_id)
    return see("/account")


def _account(
    visit: Visit,
    *,
    wrong: str = "",
    wrong_token: str = "",
    typed: TokenForm | None = None,
    secret: str = "",
) -> Response:
    store, who = visit.store, visit.who
    here = current_session(store, session_secret(visit.request) or "")
    return visit.page(
        "account.html",
        status=422 if wrong or wrong_token else 200,
        section="account",
        account=account_with(store, who.account_id),
        sessions=list_sessions(store, who.account_id),
        here=here.id if here else None,
        tokens=list_tokens(store, who.account_id),
        scopes=[scope for scope in PERMISSIONS if scope in allowed_scopes(who)],
        days=TOKEN_DAYS,
        typed=typed or TokenForm(),
        permissions=PERMISSIONS,
        secret=secret,
        wrong=wrong,
        wrong_token=wrong_token,
        changed="changed" in visit.request.query_params,
    )
