"""Refuses what another site makes a browser send (cross-site request forgery).

After the OWASP Cross-Site Request Forgery Prevention Cheat Sheet: Fetch Metadata first, which every
browser sends since 2023 over TLS or to its own machine, and the Origin header where there is none.
It stands before all routes, so that none can forget it.
"""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from transcriber.api.authentication import has_session_cookie
from transcriber.api.problems import problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1). TRACE is not among them; no route has it."""


class SameOrigin:
    """ASGI middleware that answers 403 to unsafe requests of other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] in SAFE or _is_ours(HTTPConnection(scope)):
            await self._app(scope, receive, send)
            return
        refusal = problem(
            HTTPStatus.FORBIDDEN,
            "cross_site",
            "This request came from another web site. Open Transcriber itself and try again.",
        )
        await refusal(scope, receive, send)


def _is_ours(request: HTTPConnection) -> bool:
    headers = request.headers
    has_cookie = _has_cookie(headers)
    if "authorization" in headers and not has_cookie:
        # No site can make a browser send a token that it does not know.
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is not None:
        return origin == f"{request.url.scheme}://{request.url.netloc}"
    # No browser: they all send one of the two with what is unsafe.
    return not has_cookie


def _has_cookie(headers: Headers) -> bool:
    return any(has_session_cookie(header) for header in headers.getlist("cookie"))
