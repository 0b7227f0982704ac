"""Style sheet, scripts and icons, under addresses that change when one of them does.

All files share the digest of all of them, so that a script finds another beside itself, and a
browser may keep what it has for ever.
"""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.api.needs import Needs, not_found
from transcriber.domain.access import Permission, Principal

router = APIRouter(include_in_schema=False)


@router.get("/static/{digest}/{name:path}")
def static_file(
    digest: str, name: str, _: Annotated[Principal, Needs(Permission.ANYBODY)]
) -> Response:
    """Answer with a file; an address of another version than this one leads nowhere."""
    content = _contents().get(name)
    if content is None or digest != _digest():
        raise not_found()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(
        content,
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def static_address(name: str) -> str:
    """Return where a page finds a file. Raises KeyError when there is no such file."""
    if name not in _contents():
        raise KeyError(name)
    return f"/static/{_digest()}/{name}"


@cache
def _contents() -> Mapping[str, bytes]:
    return dict(_files_in(files("transcriber.web") / "static"))


def _files_in(folder: Traversable, before: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder and of those in it, by their paths from the first one."""
    for entry in folder.iterdir():
        if entry.is_file():
            yield before + entry.name, entry.read_bytes()
        else:
            yield from _files_in(entry, f"{before}{entry.name}/")


@cache
def _digest() -> str:
    together = hashlib.sha256()
    for name, content in sorted(_contents().items()):
        together.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return together.hexdigest()[:16]
