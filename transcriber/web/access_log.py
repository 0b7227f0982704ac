"""One line for each request: method, the route's template, status, milliseconds.

Never the path itself, a query, an address or a name: ids in a path lead to somebody.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("transcriber.access")


class AccessLog:
    """Middleware: writes the line when an answer has been sent, or its stream has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun_s, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            took_ms = round((time.perf_counter() - begun_s) * 1000)
            _log.info("%s %s %s %s ms", scope["method"], _template(scope), status, took_ms)


def _template(scope: Scope) -> str:
    """Return the route as it was written, `-` where there is none."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(context, "path", None) or "-")
