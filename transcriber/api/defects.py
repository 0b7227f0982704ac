"""Ends errors that nobody foresaw before the web server logs them: they may quote talk."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.api.problems import problem, status_of
from transcriber.domain.errors import Defect, TranscriberError

log = logging.getLogger(__name__)


class Defects:
    """ASGI middleware that answers with a problem and logs the kind of error and its place.

    An answer that had begun is cut off: the web server closes the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def note_begin(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note_begin)
        except Exception as error:  # noqa: BLE001 - its message must not reach a log
            told = error if isinstance(error, TranscriberError) else Defect.of(error)
            log.error("%s: %s", told.code, told.sentence)
            if scope["type"] == "http" and not begun:
                answer = problem(status_of(told), told.code, told.sentence)
                await answer(scope, receive, send)
