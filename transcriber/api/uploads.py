"""Files arrive by tus 1.0 (https://tus.io/protocols/resumable-upload): any client of it will do.

Extensions: creation, creation-with-upload, termination, checksum, expiration.
"""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from email.utils import formatdate
from http import HTTPStatus
from typing import Annotated, Any

from anyio import fail_after, to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from transcriber.api.needs import Needs, store_of
from transcriber.api.problems import problem, status_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.services.store import Store
from transcriber.services.upload_hashes import RunningHashes, with_hash
from transcriber.services.uploads import (
    Receiver,
    begin_upload,
    take_back,
    upload_of,
)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
BODY = "application/offset+octet-stream"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
"""The protocol asks every server for SHA-1."""

CHECKED_BYTES = 16 << 20
"""The most that is held in memory until its checksum is known to be right."""

MOST_NAME = 255
"""Letters of a file name that are kept: no file system has longer ones."""

PATIENCE_S = 60
"""How long a client may be silent in the middle of a request; what came by then is kept."""


class TusRoute(APIRoute):
    """A route that speaks the protocol's version and says so, whatever it answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap what answers."""
        answer = super().get_route_handler()

        async def versioned(request: Request) -> Response:
            try:
                if request.method != "OPTIONS":
                    _require_version(request)
                response = await answer(request)
            except TranscriberError as error:
                response = problem(status_of(error), error.code, error.sentence)
            response.headers["Tus-Resumable"] = VERSION
            response.headers["Cache-Control"] = "no-store"
            if response.status_code == HTTPStatus.PRECONDITION_FAILED:
                response.headers["Tus-Version"] = VERSION
            return response

        return versioned


router = APIRouter(prefix="/studies/{study_id}/uploads", tags=["uploads"], route_class=TusRoute)
Uploader = Annotated[Principal, Needs(Permission.UPLOAD)]
Opened = Annotated[Store, Depends(store_of)]


@router.options("")
def describe(store: Opened, who: Uploader) -> Response:
    """Say what of the protocol is spoken here, and how long a file may be."""
    return Response(
        status_code=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(store.settings.uploads.largest_bytes),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@router.post("", status_code=201)
async def create(study_id: str, request: Request, store: Opened, who: Uploader) -> Response:
    """Begin an upload; bytes may come with it."""
    length_bytes, file_name = _length(request), _file_name(request)
    upload = await to_thread.run_sync(
        begin_upload, store, study_id, who.account_id, file_name, length_bytes
    )
    offset_bytes = 0
    if request.headers.get("content-type") == BODY:
        receiver = await to_thread.run_sync(Receiver, store, hashes_of(request), upload)
        offset_bytes = await _receive(request, receiver)
    place = f"{request.url.path.rstrip('/')}/{upload.id}"
    return Response(
        status_code=201,
        headers={
            "Location": place,
            "Upload-Offset": str(offset_bytes),
            "Upload-Expires": _date(upload.expires_at_ms),
        },
    )


@router.head("/{upload_id}")
def offset(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Say how much of an upload is there."""
    upload = upload_of(store, study_id, who.account_id, upload_id)
    told = {
        "Upload-Offset": str(upload.offset_bytes),
        "Upload-Expires": _date(upload.expires_at_ms),
    }
    if upload.length_bytes is not None:
        told["Upload-Length"] = str(upload.length_bytes)
    return Response(status_code=200, headers=told)


@router.patch("/{upload_id}", status_code=204)
async def append(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Go on with an upload where it is. Of two clients that do, the last goes on."""
    if request.headers.get("content-type") != BODY:
        raise UsageError("wrong_type", f"The body of this request has the type {BODY}.")
    upload = await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    if request.headers.get("upload-offset") != str(upload.offset_bytes):
        raise UsageError("wrong_offset", "The upload is not at this offset. Ask where it is.")
    receiver = await to_thread.run_sync(Receiver, store, hashes_of(request), upload)
    if request.headers.get("upload-offset") != str(receiver.offset_bytes):
        raise UsageError("wrong_offset", "The upload is not at this offset. Ask where it is.")
    offset_bytes = await _receive(request, receiver)
    upload = await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    if upload.is_complete:
        await to_thread.run_sync(with_hash, store, hashes_of(request), upload)
    return Response(
        status_code=204,
        headers={
            "Upload-Offset": str(offset_bytes),
            "Upload-Expires": _date(upload.expires_at_ms),
        },
    )


@router.delete("/{upload_id}", status_code=204)
def terminate(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Take an upload back, with all that arrived of it."""
    upload_of(store, study_id, who.account_id, upload_id)
    hashes_of(request).forget(upload_id)
    take_back(store, upload_id)
    return Response(status_code=204)


async def _receive(request: Request, receiver: Receiver) -> int:
    """Store the body of a request and return the offset after it; what came before a cut is kept.

    A body with a checksum is kept whole or not at all.
    """
    expected = _checksum(request)
    if expected is not None:
        return await _receive_checked(request, receiver, expected)
    try:
        async for data in patient(request):
            await to_thread.run_sync(receiver.write, data)
    except (ClientDisconnect, TimeoutError):
        await to_thread.run_sync(receiver.flush)
        raise UsageError(
            "broken_off", "The connection broke off. What had arrived is kept."
        ) from None
    await to_thread.run_sync(receiver.flush)
    return receiver.offset_bytes


async def _receive_checked(
    request: Request, receiver: Receiver, expected: tuple[str, bytes]
) -> int:
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
    algorithm, digest = expected
    if ALGORITHMS[algorithm](body, usedforsecurity=False).digest() != digest:
        raise UsageError("checksum_mismatch", "What arrived is not what was sent. Send it again.")
    await to_thread.run_sync(receiver.write, bytes(body))
    await to_thread.run_sync(receiver.flush)
    return receiver.offset_bytes


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


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise UsageError("wrong_version", f"This server speaks tus {VERSION}.")


def _length(request: Request) -> int:
    given = request.headers.get("upload-length", "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise UsageError("no_length", "Upload-Length says how many bytes the file has.")
    return int(given)


def _file_name(request: Request) -> str:
    """Return the name that a client gives the file; it is stored sealed and used as no path."""
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8")[:MOST_NAME]
            except (binascii.Error, UnicodeDecodeError):
                raise UsageError(
                    "bad_metadata", "The filename in Upload-Metadata is Base64 of UTF-8."
                ) from None
    return ""


def _checksum(request: Request) -> tuple[str, bytes] | None:
    given = request.headers.get("upload-checksum")
    if given is None:
        return None
    algorithm, _, value = given.partition(" ")
    try:
        if algorithm not in ALGORITHMS:
            raise ValueError
        return algorithm, base64.b64decode(value, validate=True)
    except ValueError:
        raise UsageError(
            "bad_checksum", f"Upload-Checksum is one of {', '.join(ALGORITHMS)}, in Base64."
        ) from None


def _date(at_ms: int) -> str:
    return formatdate(at_ms / 1000, usegmt=True)


def hashes_of(request: Request) -> RunningHashes:
    """Give the hashes of what is arriving at this process."""
    hashes: RunningHashes = request.app.state.upload_hashes
    return hashes
