"""Signing in and out, by password or by a link that works once."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.api.authentication import (
    address_of,
    forget_signed_in,
    keep_signed_in,
    session_secret,
)
from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError
from transcriber.services import sign_in as signing
from transcriber.services.links import LinkKind, accept, look_at, sign_in_by_link
from transcriber.services.sign_in import SignedIn
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Anybody = Annotated[Visit, visit_by(Permission.ANYBODY)]

_OWN_PATH = re.compile(r"/[a-z0-9-]+(?:/[A-Za-z0-9_-]+)*")
"""A page of ours to go on to; never another site, which browsers read into `//` and `/\\`."""


@router.get("/sign-in")
def ask(visit: Anybody, following: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Ask for e-mail address and password."""
    if visit.who.account_id:
        return see("/")
    return _ask(visit, following)


@router.post("/sign-in")
def sign_in(
    visit: Anybody,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    following: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Sign in and go on to the page that was asked for first."""
    try:
        signed_in = signing.sign_in(visit.store, email, password, address_of(visit.request))
    except TranscriberError as error:
        return _ask(visit, following, email=email, wrong=error.sentence)
    return _welcome(signed_in, following)


@router.post("/sign-out")
def sign_out(visit: Anybody) -> Response:
    """Sign out of this browser."""
    secret = session_secret(visit.request)
    if secret:
        signing.sign_out(visit.store, secret)
    answer = see("/sign-in")
    forget_signed_in(answer)
    return answer


@router.get("/link/{secret}")
def opened(visit: Anybody, secret: str) -> Response:
    """Show what a link is for; nothing is used up, because mail programs open links too."""
    return _link(visit, secret)


@router.post("/link/{secret}")
def follow(visit: Anybody, secret: str, password: Annotated[str, Form()] = "") -> Response:
    """Use a link: sign in, or set a password and sign in."""
    try:
        if look_at(visit.store, secret).kind is LinkKind.SIGN_IN:
            signed_in = sign_in_by_link(visit.store, secret)
        else:
            signed_in = accept(visit.store, secret, password)
    except TranscriberError as error:
        return _link(visit, secret, wrong=error.sentence)
    return _welcome(signed_in, "/")


def _ask(visit: Visit, following: str, *, email: str = "", wrong: str = "") -> Response:
    return visit.page(
        "sign_in.html",
        status=422 if wrong else 200,
        section="sign-in",
        following=_own(following),
        email=email,
        wrong=wrong,
        oidc=visit.store.settings.oidc,
    )


def _link(visit: Visit, secret: str, *, wrong: str = "") -> Response:
    try:
        found = look_at(visit.store, secret)
    except TranscriberError as error:
        return visit.page("link_gone.html", status=404, section="sign-in", sentence=error.sentence)
    return visit.page(
        "link.html", status=422 if wrong else 200, section="sign-in", link=found, wrong=wrong
    )


def _welcome(signed_in: SignedIn, following: str) -> Response:
    answer = see(_own(following))
    keep_signed_in(answer, signed_in.secret)
    return answer


def _own(following: str) -> str:
    return following if _OWN_PATH.fullmatch(following) else "/"
