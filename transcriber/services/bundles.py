"""Releases of a study as one file for a coding tool: a zip file, or one project."""

from collections.abc import Sequence

from transcriber.domain.errors import UsageError
from transcriber.exports.bundle import PROJECT, write_bundle
from transcriber.exports.formats import COMMON, FORMATS
from transcriber.exports.ooxml import zipped
from transcriber.exports.presets import PRESETS, Preset
from transcriber.exports.refi.package import write_project
from transcriber.exports.release_json import ReleasedText
from transcriber.services.releases import (
    OpenedRelease,
    ReleaseFile,
    numbered,
    take_release,
    take_releases,
    texts_of,
)
from transcriber.services.store import Store
from transcriber.storage.database.releases import StudyRelease, standing_releases

ZIP = "application/zip"


def study_bundle(
    store: Store, actor_id: str, study_id: str, tool: str | None = None, profile: str = ""
) -> ReleaseFile:
    """Return the latest release of every recording for a tool, or in the common formats.

    Each is audited; `profile` names one of their policies, the first one without it. Raises
    UsageError `nothing_released`, `unknown_tool` or `not_in_all_releases`, ConsentError,
    StorageError.
    """
    preset = _preset(tool) if tool else None
    taken = _all(store, actor_id, study_id, profile)
    named = f"releases-{tool}" if tool else "releases"
    return ReleaseFile(_zip(taken, preset), f"{named}.zip", ZIP)


def study_project(store: Store, actor_id: str, study_id: str, profile: str = "") -> ReleaseFile:
    """Return the latest release of every recording as one REFI-QDA project.

    Each is audited. Raises UsageError `nothing_released` or `not_in_all_releases`, ConsentError,
    StorageError.
    """
    texts = [each.transcript for each in _all(store, actor_id, study_id, profile)]
    return ReleaseFile(write_project(texts), f"releases.{PROJECT}", FORMATS[PROJECT].media_type)


def release_bundle(  # every one of them says which file
    store: Store, actor_id: str, study_id: str, release_id: str, tool: str, profile: str = ""
) -> ReleaseFile:
    """Return a release for a tool, by one of its policies. It is audited.

    Raises UsageError `unknown_tool`, and what `take_release` raises.
    """
    preset = _preset(tool)
    taken = take_release(store, actor_id, study_id, release_id, profile)
    return bundle_of(taken, preset, profile)


def bundle_of(opened: OpenedRelease, preset: Preset, profile: str = "") -> ReleaseFile:
    """Return an opened release for a tool. Raises what its `text` raises."""
    stem = opened.stem(opened.text(profile))
    return ReleaseFile(_zip([_taken(opened, profile)], preset), f"{stem}-{preset.key}.zip", ZIP)


def _all(store: Store, actor_id: str, study_id: str, profile: str) -> Sequence[ReleasedText]:
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
    if profile:
        _require_in_all(store, left, profile)
    ids = [release.id for release in left]
    return [
        _taken(each, profile) for each in take_releases(store, actor_id, study_id, ids, profile)
    ]


def _require_in_all(store: Store, releases: Sequence[StudyRelease], profile: str) -> None:
    """Raise UsageError where a release has no text by a policy: nothing is left out in silence."""
    without = sum(
        all(text.profile != profile for text in texts_of(store, release)) for release in releases
    )
    if without:
        raise UsageError(
            "not_in_all_releases",
            f"Releases without a text by these rules: {without} of {len(releases)}. The study did "
            "not have the rules when they were signed. Sign their recordings again, or take the "
            "other releases one by one.",
        )


def _taken(opened: OpenedRelease, profile: str) -> ReleasedText:
    return numbered(opened.text(profile), opened.release.number)


def _preset(tool: str) -> Preset:
    if tool not in PRESETS:
        raise UsageError("unknown_tool", f"There is no such tool. These are: {', '.join(PRESETS)}.")
    return PRESETS[tool]


def _zip(texts: Sequence[ReleasedText], preset: Preset | None) -> bytes:
    return zipped(write_bundle(texts, preset.formats if preset else COMMON, preset))
