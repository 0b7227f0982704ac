"""The requests that are sending files at this moment."""

import hashlib
from collections.abc import AsyncIterator

from anyio import CancelScope, Event, fail_after, get_cancelled_exc_class, to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from transcriber.domain.errors import UsageError
from transcriber.services.upload_hashes import RunningHashes
from transcriber.services.uploads import Receiver

ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
"""The protocol asks every server for SHA-1."""

CHECKED_BYTES = 16 << 20
"""The most that is held in memory until its checksum is known to be right."""

PATIENCE_S = 60
"""How long a client may be silent in the middle of a request; what came by then is kept."""


class Arriving:
    """What arrives at this process, and the hashes of it.

    Whoever asks for an upload, or goes on with it, ends a request that still sends: its connection
    is often dead, and its last bytes would move the offset that was just told.
    """

    def __init__(self) -> None:
        self.hashes = RunningHashes()
        self._sending: dict[str, tuple[CancelScope, Event]] = {}

    async def stop(self, upload_id: str) -> None:
        """End the request that sends an upload, if there is one, and wait until it has."""
        sending = self._sending.get(upload_id)
        if sending is not None:
            scope, ended = sending
            scope.cancel()
            await ended.wait()

    async def receive(
        self, request: Request, receiver: Receiver, checksum: tuple[str, bytes] | None
    ) -> int:
        """Store the body of a request and return the offset after it.

        What came before a cut is kept; a body with a checksum is kept whole or not at all.
        """
        with CancelScope() as scope:
            sending = self._sending[receiver.upload_id] = (scope, Event())
            try:
                if checksum is None:
                    await _receive(request, receiver)
                else:
                    await _receive_checked(request, receiver, checksum)
            finally:
                sending[1].set()
                if self._sending.get(receiver.upload_id) is sending:
                    del self._sending[receiver.upload_id]
        if scope.cancelled_caught:
            raise UsageError(
                "upload_overtaken", "Another connection goes on with this upload. Ask where it is."
            )
        return receiver.offset_bytes


def arriving_at(request: Request) -> Arriving:
    """Give what arrives at the process that a request came to."""
    arriving: Arriving = request.app.state.arriving
    return arriving


async def _receive(request: Request, receiver: Receiver) -> None:
    try:
        async for data in patient(request):
            await to_thread.run_sync(receiver.write, data)
    except (ClientDisconnect, TimeoutError):
        await _flush(receiver)
        raise UsageError(
            "broken_off", "The connection broke off. What had arrived is kept."
        ) from None
    except get_cancelled_exc_class():
        await _flush(receiver)
        raise
    await _flush(receiver)


async def _flush(receiver: Receiver) -> None:
    with CancelScope(shield=True):
        await to_thread.run_sync(receiver.flush)


async def _receive_checked(
    request: Request, receiver: Receiver, checksum: tuple[str, bytes]
) -> None:
    body = bytearray()
    try:
        async for data in patient(request):
            body += data
            if len(body) > CHECKED_BYTES:
                raise UsageError(
                    "too_large",
                    f"A request with a checksum carries {CHECKED_BYTES >> 20} MiB at most.",
                )
    except (ClientDisconnect, TimeoutError):
        raise UsageError("broken_off", "The connection broke off. Nothing of it is kept.") from None
    algorithm, digest = checksum
    if ALGORITHMS[algorithm](body, usedforsecurity=False).digest() != digest:
        raise UsageError("checksum_mismatch", "What arrived is not what was sent. Send it again.")
    await to_thread.run_sync(receiver.write, bytes(body))
    await to_thread.run_sync(receiver.flush)


async def patient(request: Request) -> AsyncIterator[bytes]:
    """Yield the body of a request as it comes. Raises TimeoutError, ClientDisconnect."""
    stream = request.stream()
    while True:
        with fail_after(PATIENCE_S):
            data = await anext(stream, None)
        if data is None:
            return
        if data:
            yield data
