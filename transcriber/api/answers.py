"""What the answers of the interface have in common: pages, versions, and their descriptions."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from transcriber.domain.errors import UsageError

LARGEST_PAGE = 200

RecordingId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The recording's id.")]
StudyId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The study's id.")]
Cursor = Annotated[
    str | None,
    Query(max_length=80, description="`cursor` of the page before; none gives the first page."),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many at most.")]

_ETAG = re.compile(r'"(\d{1,9})"')


class Model(BaseModel):
    """What comes in and goes out; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Problem(BaseModel):
    """What went wrong (RFC 9457); it never repeats what was sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    title: str
    status: int
    code: str
    """For programs: stable across versions."""
    detail: str
    """For people: one sentence, what is wrong and what to do."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route answers with, besides those that all have."""
    return {
        status: {
            "description": _WHY[status],
            "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
        }
        for status in (*statuses, *_OF_ALL)
    }


_OF_ALL = (400, 401, 403, 404, 422)
_WHY: Mapping[int, str] = {
    400: "The request does not make sense.",
    401: "Nobody is signed in.",
    403: "Your role or token does not allow this.",
    404: "There is no such thing, or it is not yours to see.",
    409: "It contradicts what is there, or that goes on already.",
    410: "It was there once, and is not any more.",
    412: "Somebody else has changed it meanwhile: read it again.",
    422: "The request does not fit its description.",
    428: "`If-Match` is missing: send the `ETag` that you were given.",
    503: "The service cannot do this now.",
}


def expected_version(
    if_match: Annotated[
        str | None, Header(description='The `ETag` of what you have seen, such as `"3"`.')
    ] = None,
) -> int:
    """Return the version that a change is based on.

    Raises UsageError without one, because a change could overwrite what nobody has seen.
    """
    if if_match is None:
        raise UsageError(
            "version_missing",
            "Send the ETag of what you are changing as If-Match, so that nothing is overwritten "
            "that you have not seen.",
        )
    found = _ETAG.fullmatch(if_match.strip())
    # Another tag than ours is of something else: it does not match.
    return int(found[1]) if found else 0


Version = Annotated[int, Depends(expected_version)]


def tell_version(response: Response, version: int) -> None:
    """Put the version of what is answered into its `ETag`."""
    response.headers["ETag"] = f'"{version}"'
