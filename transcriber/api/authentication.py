"""Who sends a request: told by the cookie of a browser, or by the token of a program."""

from http.cookies import CookieError, SimpleCookie

from fastapi import Request, Response

from transcriber.domain.access import Principal
from transcriber.services.principals import principal_of_session, principal_of_token
from transcriber.services.store import Store

COOKIE = "__Host-transcriber"
"""Browsers take such a cookie from this very host only, over TLS (RFC 6265bis, 4.1.3.2)."""

_BEARER = "bearer "


def authenticate(request: Request) -> Principal | None:
    """Return who sends a request. A token that is given is what counts, also beside a cookie."""
    store: Store = request.app.state.store
    authorization = request.headers.get("authorization")
    if authorization is not None:
        if authorization[: len(_BEARER)].lower() != _BEARER:
            return None
        return principal_of_token(store, authorization[len(_BEARER) :].strip())
    secret = session_secret(request)
    return principal_of_session(store, secret) if secret else None


def session_secret(request: Request) -> str | None:
    """Return what the browser's cookie holds."""
    return request.cookies.get(COOKIE)


def keep_signed_in(response: Response, secret: str) -> None:
    """Give the browser the cookie of its session; it ends with the session, or with the browser."""
    response.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="lax")


def forget_signed_in(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def address_of(request: Request) -> str:
    """Return where a request comes from, as the server sees it (behind a proxy, as that says)."""
    return request.client.host if request.client is not None else ""


def has_session_cookie(header: str) -> bool:
    """Whether a Cookie header holds our cookie."""
    try:
        return COOKIE in SimpleCookie(header)
    except CookieError:
        return COOKIE in header
