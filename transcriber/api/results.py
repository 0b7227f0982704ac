"""What was made of recordings: private words and findings, and releases."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from transcriber.api.answers import Cursor, Limit, RecordingId, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.recording_models import ReleaseModel, ReleasePage
from transcriber.api.sound import SILENCED
from transcriber.domain.access import Permission, Principal
from transcriber.domain.released_sound import SoundFormat
from transcriber.exports.formats import FORMATS, STORED
from transcriber.services.packaged_release import release_package, release_provenance
from transcriber.services.release_changes import release_changes
from transcriber.services.release_sound import release_sound
from transcriber.services.releases import ReleaseFile, list_releases, release_file
from transcriber.services.results import findings_json, transcript_json
from transcriber.services.store import Store
from transcriber.services.study_provenance import study_provenance

router = APIRouter(prefix="/studies/{study_id}", tags=["results"])
StoreOf = Annotated[Store, Depends(store_of)]
Reads = Annotated[Principal, Needs(Permission.HEAR_AND_READ)]
SeesReleases = Annotated[Principal, Needs(Permission.SEE_RELEASES)]

ReleaseId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The release's id.")]
Profile = Annotated[
    str,
    Query(
        max_length=200,
        description="Which of the policies of the release, by name; the first one without it.",
    ),
]

JSON = "application/json"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {JSON: {"schema": {}}}}
}
_RELEASED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": dict.fromkeys(sorted({each.media_type for each in FORMATS.values()}), _BINARY),
    }
}


_PACKED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The package.", "content": {"application/zip": _BINARY}}
}
_CHANGES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The list.", "content": {"text/csv": _BINARY}}
}
_PROVENANCE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The sheet.",
        "content": {"text/html": _BINARY, "text/plain": _BINARY},
    }
}


@router.get(
    "/recordings/{recording_id}/transcript",
    response_class=Response,
    responses={**problems(409), **_DOCUMENTED},
)
def transcript(
    study_id: StudyId, recording_id: RecordingId, store: StoreOf, who: Reads
) -> Response:
    """Return the machine's words as `transcript.json` (docs/schemas.md): raw and private.

    That you looked is written down.
    """
    return Response(transcript_json(store, who.account_id, study_id, recording_id), media_type=JSON)


@router.get(
    "/recordings/{recording_id}/findings",
    response_class=Response,
    responses={**problems(409), **_DOCUMENTED},
)
def findings(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    who: Reads,
    profile: Annotated[int, Query(ge=0, lt=4, description="Which policy, counted from 0.")] = 0,
) -> Response:
    """Return what was found as `findings.json` (docs/schemas.md): private.

    That you looked is written down.
    """
    found = findings_json(store, who.account_id, study_id, recording_id, profile)
    return Response(found, media_type=JSON)


@router.get("/releases", responses=problems())
def releases(
    study_id: StudyId, store: StoreOf, _: SeesReleases, cursor: Cursor = None, limit: Limit = 50
) -> ReleasePage:
    """List what was signed off in a study, the newest first."""
    page = list_releases(store, study_id, cursor, limit)
    return ReleasePage(items=[ReleaseModel.of(each) for each in page.items], cursor=page.cursor)


@router.get(
    "/releases/{release_id}/file",
    response_class=Response,
    responses={**problems(410), **_RELEASED},
)
def download(
    study_id: StudyId,
    release_id: ReleaseId,
    store: StoreOf,
    who: SeesReleases,
    kind: Annotated[
        str,
        Query(
            alias="format",
            description="JSON also says how the text was checked.",
            json_schema_extra={"enum": list(FORMATS)},
        ),
    ] = STORED,
    profile: Profile = "",
) -> Response:
    """Download a release: a transcript that a person checked. That you did is written down."""
    return attached(release_file(store, who.account_id, study_id, release_id, kind, profile))


@router.get(
    "/releases/{release_id}/package",
    response_class=Response,
    responses={**problems(410), **_PACKED},
)
def download_package(
    study_id: StudyId,
    release_id: ReleaseId,
    store: StoreOf,
    who: SeesReleases,
    profile: Profile = "",
) -> Response:
    """Download a release as one zip: all formats, how it was made and checked, and a manifest.

    `transcriber release verify` checks it without the service. That you did is written down.
    """
    return attached(release_package(store, who.account_id, study_id, release_id, profile))


@router.get(
    "/releases/{release_id}/changes",
    response_class=Response,
    responses={**problems(409, 410), **_CHANGES},
)
def changes(
    study_id: StudyId,
    release_id: ReleaseId,
    store: StoreOf,
    who: SeesReleases,
    profile: Profile = "",
) -> Response:
    """Download what changed since the release before, by paragraph, as CSV.

    By it a coded project is mended in place. The earlier words are not in it. That you took it is
    written down.
    """
    return attached(release_changes(store, who.account_id, study_id, release_id, profile))


@router.get(
    "/releases/{release_id}/provenance",
    response_class=Response,
    responses={**problems(410), **_PROVENANCE},
)
def provenance_of_release(
    study_id: StudyId,
    release_id: ReleaseId,
    store: StoreOf,
    who: SeesReleases,
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Return how a release was made and checked, written out. That you did is written down."""
    return attached(release_provenance(store, who.account_id, study_id, release_id, kind))


@router.get("/provenance", response_class=Response, responses={**problems(), **_PROVENANCE})
def provenance(
    study_id: StudyId,
    store: StoreOf,
    who: SeesReleases,
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Return how the released transcripts of a study were made and checked, written out.

    A paragraph for a methods section, a page for an ethics committee, and the figures.
    """
    return attached(study_provenance(store, who.account_id, study_id, kind))


def attached(file: ReleaseFile) -> Response:
    """Return a file that is to be kept under its name."""
    return Response(
        file.data,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@router.get(
    "/releases/{release_id}/sound",
    response_class=Response,
    responses={**problems(409, 410), **SILENCED},
)
def sound(
    study_id: StudyId,
    release_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The release's id.")],
    store: StoreOf,
    who: SeesReleases,
    sound_format: Annotated[
        SoundFormat, Query(alias="format", description="What the sound is written as.")
    ] = SoundFormat.MP3,
    profile: Profile = "",
) -> Response:
    """Download the sound of a release, where its study gives sound away.

    It goes with the text that was signed and with no further one. What that text leaves out is not
    heard in it. The voice still identifies the person. It is made for this answer, and that you
    took it is written down.
    """
    from transcriber.bootstrap import build_silencer  # heavy, and hardly ever asked for

    silencer = build_silencer(sound_format)
    file = release_sound(store, who.account_id, study_id, release_id, silencer, profile)
    return StreamingResponse(
        file.pieces,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
