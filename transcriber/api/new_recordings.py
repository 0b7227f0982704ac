"""Recordings begin here: made of uploads, or sent in one form by a script."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect

from transcriber.api import multipart
from transcriber.api.arriving import arriving_at, patient
from transcriber.api.needs import Needs, not_found, store_of
from transcriber.api.uploads import MOST_NAME
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import ANY_COUNT, Kind, SpeakerCount
from transcriber.services.sound_heard import sound_heard
from transcriber.services.store import Store
from transcriber.services.submit import Submission
from transcriber.services.uploaded_recordings import recording_of_uploads
from transcriber.services.uploads import Receiver, begin_upload, take_back

router = APIRouter(prefix="/studies/{study_id}/recordings", tags=["recordings"])

MOST_JSON_BYTES = 64 << 10


class Wanted(BaseModel):
    """How a recording is to be heard."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    speakers: str | None = Field(None, pattern=r"^[1-9]\d?(-[1-9]\d?)?$", examples=["2", "4-6"])
    language: str = Field("en", pattern=r"^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)$")
    code: str | None = Field(None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")
    files_are: Literal["parts", "speakers"] = "parts"
    """Several files follow one another, or each is one speaker's and all begin together."""
    channels_are_speakers: bool = False
    """In each file, every channel or track is one speaker's."""
    takes_part: str = Field("", max_length=2000, examples=["P01, P02"])
    """Labels of the participants in it, with commas or spaces between."""


class OfUploads(Wanted):
    """A recording of files that were uploaded, in their order."""

    uploads: list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]] = Field(
        min_length=1, max_length=32
    )


class Made(BaseModel):
    """A recording that was stored, and the job on it."""

    id: str
    code: str
    job_id: str


class Sound(BaseModel):
    """How the sound of a recording is; there are sentences once the sound check is done."""

    sentences: tuple[str, ...]
    failure: str | None
    is_over: bool


BODIES = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": OfUploads.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    **Wanted.model_json_schema(),
                    "description": "The fields, and one or more files in their order.",
                }
            },
        },
    }
}


@router.post("", status_code=201, openapi_extra=BODIES)
async def add(
    study_id: str,
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.UPLOAD)],
) -> Made:
    """Make a recording of uploads (JSON), or of the files in a form, and begin to work on it."""
    boundary = multipart.boundary_of(request.headers.get("content-type", ""))
    if boundary is None:
        wanted = _valid(OfUploads, await _json(request))
        return await _made(request, store, who, study_id, wanted, wanted.uploads)
    upload_ids: list[str] = []
    try:
        fields = await _store_files(request, boundary, store, who, study_id, upload_ids)
        form = _valid(Wanted, fields)
        return await _made(request, store, who, study_id, form, upload_ids)
    except BaseException:
        for upload_id in upload_ids:
            await to_thread.run_sync(take_back, store, upload_id)
        raise


@router.get("/{recording_id}/sound")
def sound(
    study_id: str,
    recording_id: str,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.SEE_RECORDINGS)],
) -> Sound:
    """Say in plain words how the sound is, or why the recording cannot be used."""
    heard = sound_heard(store, study_id, recording_id)
    return Sound(sentences=heard.sentences, failure=heard.failure, is_over=heard.is_over)


async def _store_files(
    request: Request,
    boundary: bytes,
    store: Store,
    who: Principal,
    study_id: str,
    upload_ids: list[str],
) -> dict[str, str]:
    """Store the files of a form as they come, add them to `upload_ids`, and return its fields."""
    fields: dict[str, str] = {}
    receiver: Receiver | None = None
    async for event in multipart.events(boundary, _unbroken(request)):
        if isinstance(event, multipart.Field):
            fields[event.name] = event.value
        elif isinstance(event, multipart.FileBegins):
            upload = await to_thread.run_sync(
                begin_upload, store, study_id, who.account_id, event.file_name[:MOST_NAME], None
            )
            upload_ids.append(upload.id)
            receiver = await to_thread.run_sync(
                Receiver, store, arriving_at(request).hashes, upload
            )
        elif receiver is not None and isinstance(event, bytes):
            await to_thread.run_sync(receiver.write, event)
        elif receiver is not None:
            await to_thread.run_sync(receiver.end)
    return fields


async def _made(
    request: Request,
    store: Store,
    who: Principal,
    study_id: str,
    wanted: Wanted,
    upload_ids: list[str],
) -> Made:
    submission = Submission(
        (),
        wanted.kind,
        speakers=_speakers(wanted.speakers),
        language=wanted.language,
        tracks=wanted.channels_are_speakers,
        side_by_side=wanted.files_are == "speakers",
        code=wanted.code,
        takes_part=tuple(wanted.takes_part.replace(",", " ").split()),
    )

    def make() -> Made:
        with store.database.read() as connection:
            study = store.studies.get(connection, study_id)
        if study is None:
            raise not_found()
        made = recording_of_uploads(
            store, arriving_at(request).hashes, study, who.account_id, upload_ids, submission
        )
        return Made(id=made.stored.id, code=made.stored.recording.code, job_id=made.job_id)

    return await to_thread.run_sync(make)


def _speakers(given: str | None) -> SpeakerCount:
    if given is None:
        return ANY_COUNT
    minimum, _, maximum = given.partition("-")
    try:
        return SpeakerCount(int(minimum), int(maximum or minimum))
    except ValueError:
        raise UsageError(
            "bad_speakers", "The number of speakers is one number, or the smaller and the larger."
        ) from None


def _valid(model: type[Any], given: object) -> Any:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**found, "loc": ("body", *found["loc"])} for found in error.errors()]
        ) from None


async def _json(request: Request) -> object:
    """Return the JSON of a body, which is never larger than a list of uploads is."""
    body = bytearray()
    async for data in _unbroken(request):
        body += data
        if len(body) > MOST_JSON_BYTES:
            raise UsageError("too_large", "This request is too long.")
    try:
        return json.loads(body)
    except ValueError:
        raise UsageError("bad_json", "This request is not JSON.") from None


async def _unbroken(request: Request) -> AsyncIterator[bytes]:
    """Yield the body of a request. Raises UsageError `broken_off`."""
    try:
        async for data in patient(request):
            yield data
    except (ClientDisconnect, TimeoutError):
        raise UsageError("broken_off", "The connection broke off. Nothing was stored.") from None
