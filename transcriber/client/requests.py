"""Requests that are sent again when the service is away, and errors as one exception."""

import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import httpx

from transcriber.client.errors import Refused

AGAIN = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
"""The service, or what stands before it, is away for a moment."""

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Before each new attempt, more or less by half, so that many clients do not come at once."""

Content = Callable[[], Mapping[str, Any]]
"""Gives httpx's arguments for a body, anew for each attempt."""


class Requests:
    """Sends requests to one service with one token."""

    def __init__(self, http: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self.http = http
        self._sleep = sleep

    def get(self, path: str, **query: Any) -> Any:
        """Return what is answered. Raises Refused."""
        return self.send("GET", path, params=_given(query)).json()

    def file(self, path: str, **query: Any) -> bytes:
        """Return the bytes that are answered. Raises Refused."""
        return self.send("GET", path, params=_given(query)).content

    def make(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make a thing once, however often that has to be asked for. Raises Refused."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return self.send("POST", path, json=body, headers=key).json()

    def send(
        self, method: str, path: str, content: Content | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request, again where the service is away. Raises Refused."""
        for pause_s in (*PAUSES_S, None):
            try:
                arguments = {**options, **(content() if content else {})}
                answer = self.http.request(method, path, **arguments)
            except httpx.TransportError as error:
                if pause_s is None:
                    raise Refused(
                        0,
                        "not_reached",
                        f"The service cannot be reached ({type(error).__name__}). Check the "
                        "address and the network.",
                    ) from None
            else:
                if answer.status_code not in AGAIN or pause_s is None:
                    return _checked(answer)
            self._sleep(pause_s * random.uniform(0.5, 1.5))
        raise AssertionError  # the last attempt returned or raised


def refused(answer: httpx.Response) -> Refused:
    """Return the error that an answer, read to its end, tells."""
    try:
        told = answer.json()
        code, sentence = str(told["code"]), str(told["detail"])
        return Refused(answer.status_code, code, sentence, told.get("recording_id"))
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        phrase = HTTPStatus(answer.status_code).phrase
        return Refused(answer.status_code, "unexpected", f"The service answered: {phrase}.")


def _checked(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise refused(answer)
    return answer


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}
