"""Server-sent events of a recording (WHATWG HTML, 9.2), taken up again where they broke off."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from transcriber.client.requests import AGAIN, PAUSES_S, refused

Event = tuple[str | None, str, dict[str, Any]]
"""Its id, what it is, and its data."""


def follow(
    http: httpx.Client, path: str, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Event]:
    """Yield events without an end; a stream that ends is taken up where it was.

    Raises Refused, and httpx.TransportError where the service stays away.
    """
    last: str | None = None
    failures = 0
    while True:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        try:
            with http.stream("GET", path, headers=headers, timeout=httpx.Timeout(60)) as answer:
                if not answer.is_success:
                    answer.read()
                    if answer.status_code not in AGAIN or failures >= len(PAUSES_S):
                        raise refused(answer)
                for event in events_in(answer.iter_lines()) if answer.is_success else ():
                    failures = 0
                    last = event[0] or last
                    yield event
        except httpx.TransportError:
            if failures >= len(PAUSES_S):
                raise
        sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
        failures += 1


def events_in(lines: Iterable[str]) -> Iterator[Event]:
    """Yield the events of a stream's lines."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line:
            if "data" in fields:
                yield fields.get("id"), fields.get("event", "message"), json.loads(fields["data"])
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
