"""The package of a release: its files, how they came about, and what proves them unchanged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.change_list import Change, write_changes
from transcriber.exports.formats import FORMATS
from transcriber.exports.provenance.facts import facts_of
from transcriber.exports.provenance.page import write_provenance_page
from transcriber.exports.provenance.text import write_provenance_text
from transcriber.exports.release_json import ReleasedText
from transcriber.exports.release_package import Package, package
from transcriber.services.releases import (
    OpenedRelease,
    ReleaseFile,
    open_release,
    take_release,
    written_as,
)
from transcriber.services.store import Store

ZIP = "application/zip"

CHANGES = "changes.csv"
"""The name of the list of what changed since the version before."""

PROVENANCE = {
    "html": ("provenance.html", "text/html; charset=utf-8"),
    "txt": ("methods.txt", "text/plain; charset=utf-8"),
}
"""How it is said how something was made and checked: names of files and media types."""


def release_package(
    store: Store, actor_id: str, study_id: str, release_id: str, profile: str = ""
) -> ReleaseFile:
    """Return the zip of a release in all formats, by one of its policies. It is audited.

    The same release gives the same bytes. Raises what `take_release` raises.
    """
    return zip_of(take_release(store, actor_id, study_id, release_id, profile), profile)


def zip_of(opened: OpenedRelease, profile: str = "") -> ReleaseFile:
    """Return the zip of an opened release. Raises what its `text` raises."""
    text = opened.text(profile)
    return ReleaseFile(packaged(opened, text).zipped(), f"{opened.stem(text)}.zip", ZIP)


def release_provenance(
    store: Store, actor_id: str, study_id: str, release_id: str, kind: str = "html"
) -> ReleaseFile:
    """Return how a release was made and checked, as `html` or `txt`. It is audited.

    Raises UsageError `format_not_served`, and what `open_release` raises.
    """
    if kind not in PROVENANCE:
        raise UsageError("format_not_served", "Provenance is written as html or txt.")
    opened = open_release(store, actor_id, study_id, release_id, Action.EXPORTED)
    text = opened.texts[0]
    name, media_type = PROVENANCE[kind]
    return ReleaseFile(provenance_files(text)[name], f"{opened.stem(text)}-{name}", media_type)


def release_addresses(
    store: Store, actor_id: str, study_id: str, release_id: str
) -> Mapping[str, str]:
    """Return what `transcriber release verify` says of each package that is whole, by profile.

    It is audited as looking. Raises what `open_release` raises.
    """
    opened = open_release(store, actor_id, study_id, release_id, Action.VIEWED)
    return {text.profile: packaged(opened, text).digest for text in opened.texts}


def packaged(
    opened: OpenedRelease, text: ReleasedText, kinds: Collection[str] = tuple(FORMATS)
) -> Package:
    """Return the files of a text of a release: in some formats, with provenance and manifest."""
    version = Version(opened.release.id, opened.release.number, opened.stem(text))
    return package_of(text, version, kinds, opened.changes(text))


@dataclass(frozen=True, slots=True)
class Version:
    """Which release it is: its id, its number, and what the names of its files begin with."""

    id: str
    number: int
    stem: str


def package_of(
    text: ReleasedText,
    version: Version,
    kinds: Collection[str] = tuple(FORMATS),
    changes: Sequence[Change] | None = None,
) -> Package:
    """Return the files of a text as that version of a release.

    `changes` are those since the version before, None for a first one, which has no such list.
    """
    files = {f"{version.stem}.{kind}": written_as(kind, text, version.number) for kind in kinds}
    if changes is not None:
        files[CHANGES] = write_changes(changes)
    return package(files | provenance_files(text), _about(version, text))


def provenance_files(text: ReleasedText) -> dict[str, bytes]:
    """Return how a text was made and checked: a page, and the same as plain text."""
    title = f"{text.transcript.code}, how it was made and checked"
    facts = facts_of([text])
    return {
        PROVENANCE["html"][0]: write_provenance_page(title, facts),
        PROVENANCE["txt"][0]: write_provenance_text(title, facts),
    }


def _about(version: Version, text: ReleasedText) -> Mapping[str, Any]:
    return {
        "id": version.id,
        "study": text.transcript.study,
        "code": text.transcript.code,
        "number": version.number,
        "profile": text.profile,
        "status": text.transcript.checked.value,
        "quality": text.transcript.quality.value,
        "checked": dict(text.facts),
    }
