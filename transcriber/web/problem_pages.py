"""Problems as pages, for whoever looks at them in a browser; programs get problem+json."""

import json
from urllib.parse import quote

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.api.needs import NOBODY
from transcriber.api.problems import MEDIA_TYPE
from transcriber.domain.access import Principal
from transcriber.web.rendering import page

SIGN_IN = "/sign-in"


class ProblemPages:
    """Middleware: makes a page of each problem that a browser was to get.

    It stands outside everything else, so that whatever refuses a request is told as a page. Whoever
    is not signed in is sent to sign in, and from there back to the page that was asked for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _wants_a_page(Request(scope)):
            await self._app(scope, receive, send)
            return
        begun: Message | None = None
        body = b""

        async def hold_back(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                if MutableHeaders(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                    begun = message
                    return
            elif begun is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send_page(Request(scope), begun, body, send)
                return
            await send(message)

        await self._app(scope, receive, hold_back)


def _wants_a_page(request: Request) -> bool:
    """Whether a person waits for a page; also whoever follows a link of ours to a file."""
    follows_a_link = request.headers.get("sec-fetch-mode") == "navigate"
    return "text/html" in request.headers.get("accept", "") and (
        follows_a_link or not request.url.path.startswith("/api/")
    )


async def _send_page(request: Request, begun: Message, body: bytes, send: Send) -> None:
    problem = json.loads(body)
    headers = MutableHeaders(raw=list(begun["headers"]))
    status = begun["status"]
    if problem["code"] == "not_signed_in" and request.method == "GET":
        back = "/" if request.url.path.startswith("/api/") else request.url.path
        headers["location"] = SIGN_IN if back == "/" else f"{SIGN_IN}?next={quote(back)}"
        status, content = 303, b""
    else:
        who = NOBODY if status >= 500 else await run_in_threadpool(_who, request)
        content = bytes(page(request, "problem.html", who, status=status, problem=problem).body)
    headers["content-type"] = "text/html; charset=utf-8"
    headers["content-length"] = str(len(content))
    await send({**begun, "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": content})


def _who(request: Request) -> Principal:
    found: Principal | None = request.app.state.authenticate(request)
    return found or NOBODY
