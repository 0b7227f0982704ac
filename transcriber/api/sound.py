"""The sound of a recording, for those who may hear it: parts of it, its outline, who speaks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from transcriber.api.answers import RecordingId, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.ranges import ByteRange, NotSatisfiable, asked_range
from transcriber.api.sound_models import (
    LONGEST_MS,
    DoubtModel,
    HeardModel,
    LanesModel,
    OwnTurnsModel,
)
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.interval import Interval
from transcriber.services.review.hearing import note_heard
from transcriber.services.review.lanes import doubts_of, lanes_of
from transcriber.services.review.own_turns import own_turns
from transcriber.services.review.sound import outline_json, review_sound
from transcriber.services.silenced_sound import SOUND_MEDIA_TYPES
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}/recordings/{recording_id}", tags=["sound"])
StoreOf = Annotated[Store, Depends(store_of)]
Hears = Annotated[Principal, Needs(Permission.HEAR_AND_READ)]
Looks = Annotated[Principal, Needs(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Signs = Annotated[Principal, Needs(Permission.SIGN_OFF)]
Checks = Annotated[Principal, Needs(Permission.REVIEW)]

PIECE_BYTES = 1 << 18
"""Handed over at a time: a browser that goes elsewhere has made us decrypt one chunk too many."""

MOST_PAIRS = 8_000
"""More than any screen has columns."""

_SOUND: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {"audio/mp4": {"schema": {"type": "string", "format": "binary"}}},
    }
    for status, description in ((200, "All of it."), (206, "The part that was asked for."))
}
SILENCED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sound. It ends too early where something of it must not be heard.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in SOUND_MEDIA_TYPES.values()
        },
    }
}
_OUTLINE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The outline.", "content": {"application/json": {"schema": {}}}}
}


@router.get(
    "/audio",
    response_class=Response,
    responses={**problems(409), **_SOUND, 416: {"description": "It is not as long as that."}},
)
def audio(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    who: Hears,
    range_: Annotated[
        str | None, Header(alias="Range", description="One part, such as `bytes=0-65535`.")
    ] = None,
    if_range: Annotated[
        str | None, Header(description="The `ETag` of what you have parts of already.")
    ] = None,
) -> Response:
    """Return the copy to listen to, whole or in part. That you listen is written down.

    It is decrypted as it is read and never lies on a disk in the clear.
    """
    sound = review_sound(store, who.account_id, study_id, recording_id)
    mark = f'"{sound.mark}"'
    headers = {"Accept-Ranges": "bytes", "ETag": mark}
    try:
        asked = asked_range(range_, if_range, mark, sound.size_bytes)
    except NotSatisfiable:
        headers["Content-Range"] = f"bytes */{sound.size_bytes}"
        return Response(status_code=416, headers=headers)
    part = asked or ByteRange(0, sound.size_bytes)
    headers["Content-Length"] = str(part.size_bytes)
    if asked is not None:
        headers["Content-Range"] = asked.content_range(sound.size_bytes)
    # Opened before anything is sent, so that a damaged file is told as a problem.
    file = sound.open()
    return StreamingResponse(
        _pieces(file, part),
        status_code=200 if asked is None else 206,
        media_type=sound.media_type,
        headers=headers,
    )


@router.get("/peaks", response_class=Response, responses={**problems(409), **_OUTLINE})
def peaks(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    _: Hears,
    start_ms: Annotated[int, Query(ge=0, le=LONGEST_MS, description="Where it begins.")] = 0,
    end_ms: Annotated[int, Query(ge=0, le=LONGEST_MS, description="Where it ends.")] = LONGEST_MS,
    pairs: Annotated[int, Query(ge=1, le=MOST_PAIRS, description="How many at most.")] = 2_000,
) -> Response:
    """Return the outline of a stretch as peaks.js draws it: `samples_per_pixel` tells how fine."""
    stretch = Interval(start_ms, max(start_ms, end_ms))
    outline = outline_json(store, study_id, recording_id, stretch, pairs)
    return Response(outline, media_type="application/json")


@router.get("/lanes", responses=problems(409))
def lanes(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    _: Hears,
    ticks: Annotated[bool, Query(description="False for whoever marks without seeing.")] = True,
) -> LanesModel:
    """Return who speaks when, where something was found, and what nobody heard yet: no words."""
    found = lanes_of(store, study_id, recording_id)
    return LanesModel.of(found if ticks else replace(found, ticks=()))


@router.get("/doubts", responses=problems(409))
def doubts(study_id: StudyId, recording_id: RecordingId, store: StoreOf, _: Looks) -> DoubtModel:
    """Return which stretches to hear first where not all can be heard."""
    found = doubts_of(store, study_id, recording_id)
    return DoubtModel(stretches=[(each.start_ms, each.end_ms, each.points) for each in found])


@router.post("/own-turns", response_class=Response, responses={**problems(409), **SILENCED})
def own_turns_sound(
    study_id: StudyId, recording_id: RecordingId, body: OwnTurnsModel, store: StoreOf, who: Signs
) -> Response:
    """Return the sound of one voice's own turns, without what does not leave of them either.

    It is made for this answer only. A voice is still a voice: hand it to nobody who could know it.
    That it left is written down.
    """
    from transcriber.bootstrap import build_silencer  # heavy, and hardly ever asked for

    pieces = own_turns(
        store,
        who.account_id,
        study_id,
        recording_id,
        body.speaker,
        build_silencer(body.format),
    )
    return StreamingResponse(
        pieces,
        media_type=SOUND_MEDIA_TYPES[body.format],
        headers={"Content-Disposition": "attachment"},
    )


@router.post("/heard", status_code=204, responses=problems(409))
def heard(
    study_id: StudyId, recording_id: RecordingId, body: HeardModel, store: StoreOf, who: Checks
) -> None:
    """Keep what was really played; words that lie in it wholly are heard from now on.

    Sending the same again changes nothing.
    """
    note_heard(store, who.account_id, study_id, recording_id, body.intervals)


def _pieces(file: BinaryIO, part: ByteRange) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = part.size_bytes
        while left and (piece := file.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
