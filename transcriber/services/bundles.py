"""Releases of a study as one file for a coding tool: a zip file, or one project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transcriber.domain.errors import UsageError
from transcriber.exports.bundle import PROJECT, folder_of, write_bundle
from transcriber.exports.formats import COMMON, FORMATS
from transcriber.exports.ooxml import zipped
from transcriber.exports.presets import PRESETS, Preset
from transcriber.exports.refi.package import write_project
from transcriber.exports.release_json import ReleasedText
from transcriber.exports.wording import file_stem
from transcriber.services.releases import (
    STORED,
    OpenedRelease,
    ReleaseFile,
    open_release,
    written_as,
)
from transcriber.services.store import Store
from transcriber.storage.database.releases import standing_releases

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class _Taken:
    """A release that somebody takes, and one of its texts."""

    opened: OpenedRelease
    text: ReleasedText


def study_bundle(
    store: Store, actor_id: str, study_id: str, tool: str | None = None, profile: str = ""
) -> ReleaseFile:
    """Return the latest release of every recording for a tool, or in the common formats.

    `profile` names a further policy of the study. Each is audited. Raises UsageError
    `nothing_released`, `unknown_tool`, and `not_found` where one has no text by that policy;
    StorageError.
    """
    preset = _preset(tool) if tool else None
    taken = _all(store, actor_id, study_id, profile)
    named = "-".join(filter(None, ("releases", tool, file_stem(profile) if profile else "")))
    return ReleaseFile(_zip(taken, preset), f"{named}.zip", ZIP)


def study_project(store: Store, actor_id: str, study_id: str, profile: str = "") -> ReleaseFile:
    """Return the latest release of every recording as one REFI-QDA project.

    Each is audited. Raises what `study_bundle` raises.
    """
    texts = [each.text.transcript for each in _all(store, actor_id, study_id, profile)]
    return ReleaseFile(write_project(texts), f"releases.{PROJECT}", FORMATS[PROJECT].media_type)


def release_bundle(  # which release, which of its texts, for what
    store: Store, actor_id: str, study_id: str, release_id: str, tool: str, profile: str = ""
) -> ReleaseFile:
    """Return a release for a tool, by one of its policies. It is audited.

    Raises UsageError `not_found`, `withdrawn` or `unknown_tool`, StorageError.
    """
    preset = _preset(tool)
    taken = _taken(store, actor_id, study_id, release_id, profile)
    return ReleaseFile(_zip([taken], preset), f"{taken.opened.stem(taken.text)}-{tool}.zip", ZIP)


def _all(store: Store, actor_id: str, study_id: str, profile: str) -> Sequence[_Taken]:
    with store.database.read() as connection:
        releases = standing_releases(connection, study_id)
        ids = [release.recording_id for release in releases]
        codes = store.recordings.codes(connection, study_id, ids)
    left = [release for release in releases if release.recording_id in codes]
    if not left:
        raise UsageError(
            "nothing_released", "Nothing of this study is released. Sign a transcript off first."
        )
    left.sort(key=lambda release: codes[release.recording_id])
    return [_taken(store, actor_id, study_id, each.id, profile) for each in left]


def _taken(store: Store, actor_id: str, study_id: str, release_id: str, profile: str) -> _Taken:
    opened = open_release(store, actor_id, study_id, release_id)
    return _Taken(opened, opened.text(profile))


def _preset(tool: str) -> Preset:
    if tool not in PRESETS:
        raise UsageError("unknown_tool", f"There is no such tool. These are: {', '.join(PRESETS)}.")
    return PRESETS[tool]


def _zip(taken: Sequence[_Taken], preset: Preset | None) -> bytes:
    formats = tuple(preset.formats if preset else COMMON)
    files = write_bundle([each.text.transcript for each in taken], formats, preset)
    return zipped({**files, **_as_stored(taken, files)})


def _as_stored(taken: Sequence[_Taken], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the JSON files with how each text was checked."""
    paths = {
        f"{folder_of(STORED)}/{file_stem(each.text.transcript.code)}.{STORED}": each.text
        for each in taken
    }
    return {path: written_as(STORED, text) for path, text in paths.items() if path in files}
