"""Files arrive by tus 1.0 (https://tus.io/protocols/resumable-upload): any client of it will do.

Extensions: creation, creation-with-upload, termination, checksum, expiration.
"""

import base64
import binascii
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from http import HTTPStatus
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from transcriber.api.arriving import ALGORITHMS, arriving_at
from transcriber.api.needs import Needs, store_of
from transcriber.api.problems import problem, status_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.services.store import Store
from transcriber.services.upload_hashes import with_hash
from transcriber.services.uploads import (
    Receiver,
    begin_upload,
    take_back,
    upload_of,
)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
BODY = "application/offset+octet-stream"
MOST_NAME = 255
"""Letters of a file name that are kept: no file system has longer ones."""


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


def _asks(*headers: str) -> dict[str, Any]:
    """Describe the headers of the protocol that a route reads."""
    return {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": HEADERS[name]}
            for name in ("Tus-Resumable", *headers)
        ]
    }


HEADERS: dict[str, dict[str, Any]] = {
    "Tus-Resumable": {"type": "string", "enum": [VERSION]},
    "Upload-Length": {"type": "integer", "minimum": 1},
    "Upload-Offset": {"type": "integer", "minimum": 0},
}

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


@router.post("", status_code=201, openapi_extra=_asks("Upload-Length"))
async def create(study_id: str, request: Request, store: Opened, who: Uploader) -> Response:
    """Begin an upload; bytes may come with it."""
    length_bytes, file_name = _length(request), _file_name(request)
    upload = await to_thread.run_sync(
        begin_upload, store, study_id, who.account_id, file_name, length_bytes
    )
    offset_bytes = 0
    if request.headers.get("content-type") == BODY:
        arriving = arriving_at(request)
        receiver = await to_thread.run_sync(Receiver, store, arriving.hashes, upload)
        offset_bytes = await arriving.receive(request, receiver, _checksum(request))
    place = f"{request.url.path.rstrip('/')}/{upload.id}"
    return Response(
        status_code=201,
        headers={
            "Location": place,
            "Upload-Offset": str(offset_bytes),
            "Upload-Expires": _date(upload.expires_at_ms),
        },
    )


@router.head("/{upload_id}", openapi_extra=_asks())
async def offset(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Say how much of an upload is there; a request that still sends is ended first."""
    await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    await arriving_at(request).stop(upload_id)
    upload = await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    told = {
        "Upload-Offset": str(upload.offset_bytes),
        "Upload-Expires": _date(upload.expires_at_ms),
    }
    if upload.length_bytes is not None:
        told["Upload-Length"] = str(upload.length_bytes)
    return Response(status_code=200, headers=told)


@router.patch("/{upload_id}", status_code=204, openapi_extra=_asks("Upload-Offset"))
async def append(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Go on with an upload where it is. Of two clients that do, the last goes on."""
    if request.headers.get("content-type") != BODY:
        raise UsageError("wrong_type", f"The body of this request has the type {BODY}.")
    arriving = arriving_at(request)
    await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    await arriving.stop(upload_id)
    upload = await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    _require_offset(request, upload.offset_bytes)
    receiver = await to_thread.run_sync(Receiver, store, arriving.hashes, upload)
    _require_offset(request, receiver.offset_bytes)
    offset_bytes = await arriving.receive(request, receiver, _checksum(request))
    upload = await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    if upload.is_complete:
        await to_thread.run_sync(with_hash, store, arriving.hashes, upload)
    return Response(
        status_code=204,
        headers={
            "Upload-Offset": str(offset_bytes),
            "Upload-Expires": _date(upload.expires_at_ms),
        },
    )


@router.delete("/{upload_id}", status_code=204, openapi_extra=_asks())
async def terminate(
    study_id: str, upload_id: str, request: Request, store: Opened, who: Uploader
) -> Response:
    """Take an upload back, with all that arrived of it."""
    await to_thread.run_sync(upload_of, store, study_id, who.account_id, upload_id)
    await arriving_at(request).stop(upload_id)
    arriving_at(request).hashes.forget(upload_id)
    await to_thread.run_sync(take_back, store, upload_id)
    return Response(status_code=204)


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise UsageError("wrong_version", f"This server speaks tus {VERSION}.")


def _require_offset(request: Request, offset_bytes: int) -> None:
    if request.headers.get("upload-offset") != str(offset_bytes):
        raise UsageError("wrong_offset", "The upload is not at this offset. Ask where it is.")


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
