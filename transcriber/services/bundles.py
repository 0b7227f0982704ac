"""Releases of a study as one file for a coding tool: a zip file, or one project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.errors import UsageError
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.bundle import PROJECT, folder_of, write_bundle
from transcriber.exports.formats import COMMON, FORMATS
from transcriber.exports.ooxml import zipped
from transcriber.exports.presets import PRESETS, Preset
from transcriber.exports.refi.package import write_project
from transcriber.exports.release_json import read_release
from transcriber.exports.wording import file_stem
from transcriber.services.releases import STORED, ReleaseFile, standing, take
from transcriber.services.store import Store
from transcriber.storage.database.releases import StudyRelease, standing_releases

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class _Taken:
    """A release as it is stored, and its text."""

    data: bytes
    text: RedactedTranscript


def study_bundle(
    store: Store, actor_id: str, study_id: str, tool: str | None = None
) -> ReleaseFile:
    """Return the latest release of every recording for a tool, or in the common formats.

    Each is audited. Raises UsageError `nothing_released` or `unknown_tool`, StorageError.
    """
    preset = _preset(tool) if tool else None
    taken = _all(store, actor_id, study_id)
    named = f"releases-{tool}" if tool else "releases"
    return ReleaseFile(_zip(taken, preset), f"{named}.zip", ZIP)


def study_project(store: Store, actor_id: str, study_id: str) -> ReleaseFile:
    """Return the latest release of every recording as one REFI-QDA project.

    Each is audited. Raises UsageError `nothing_released`, StorageError.
    """
    texts = [each.text for each in _all(store, actor_id, study_id)]
    return ReleaseFile(write_project(texts), f"releases.{PROJECT}", FORMATS[PROJECT].media_type)


def release_bundle(
    store: Store, actor_id: str, study_id: str, release_id: str, tool: str
) -> ReleaseFile:
    """Return a release for a tool. It is audited.

    Raises UsageError `not_found`, `withdrawn` or `unknown_tool`, StorageError.
    """
    preset = _preset(tool)
    with store.database.read() as connection:
        release = standing(connection, study_id, release_id)
    taken = _taken(store, actor_id, study_id, [release])
    text = taken[0].text
    stem = f"{file_stem(text.code)}-v{release.number}-{tool}"
    return ReleaseFile(_zip(taken, preset), f"{stem}.zip", ZIP)


def _all(store: Store, actor_id: str, study_id: str) -> Sequence[_Taken]:
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
    return _taken(store, actor_id, study_id, left)


def _taken(
    store: Store, actor_id: str, study_id: str, releases: Sequence[StudyRelease]
) -> Sequence[_Taken]:
    with store.database.write() as connection:
        keys = [take(store, connection, actor_id, study_id, each) for each in releases]
    taken = []
    for release, key in zip(releases, keys, strict=True):
        data = store.blobs.read(key, release.blob)
        text, _ = read_release(data)
        taken.append(_Taken(data, replace(text, release_number=release.number)))
    return taken


def _preset(tool: str) -> Preset:
    if tool not in PRESETS:
        raise UsageError("unknown_tool", f"There is no such tool. These are: {', '.join(PRESETS)}.")
    return PRESETS[tool]


def _zip(taken: Sequence[_Taken], preset: Preset | None) -> bytes:
    formats = tuple(preset.formats if preset else COMMON)
    files = write_bundle([each.text for each in taken], formats, preset)
    return zipped({**files, **_as_signed(taken, files)})


def _as_signed(taken: Sequence[_Taken], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the JSON files as they are stored, with how each text was checked."""
    paths = {
        f"{folder_of(STORED)}/{file_stem(each.text.code)}.{STORED}": each.data for each in taken
    }
    return {path: data for path, data in paths.items() if path in files}
