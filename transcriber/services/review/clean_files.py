"""Writing every file of a release, opening it again, and searching it for what should be gone."""

from collections.abc import Mapping
from typing import Any

from transcriber.domain.errors import RedactionRefused, UsageError
from transcriber.exports.bare_files import telling
from transcriber.exports.file_check import check_files
from transcriber.exports.release_json import ReleasedText
from transcriber.services.packaged_release import Version, package_of
from transcriber.services.releases import changes_since, texts_of, version_stem
from transcriber.services.review.leaks import look_of
from transcriber.services.review.on_record import OnRecord, on_record
from transcriber.services.review.release_facts import released_texts
from transcriber.services.review.released import Released
from transcriber.services.review.standing import Standing
from transcriber.services.store import Store
from transcriber.storage.database.releases import latest_release

NO_ID = "0" * 32


def require_clean_files(store: Store, now: Standing, facts: Mapping[str, Any]) -> None:
    """Search the package of each text before it is released.

    Raises UsageError `leak_blocks` where a file would show a known name or number, or the name of
    a file that was uploaded, and RedactionRefused `rides_along` where one would say who or what
    wrote it.
    """
    record = on_record(store, now.released.review)
    texts = released_texts(now, facts)
    before = _before(store, now)
    for released, text in zip((now.released, *now.profiles), texts, strict=True):
        version = Version(NO_ID, 1, version_stem(text, 1))
        package = package_of(text, version, changes=changes_since(before, text))
        files = {f"{version.stem}.zip": package.zipped()}
        _require_clean(files, released, record, "this release")


def require_clean_copy(store: Store, released: Released, files: Mapping[str, bytes]) -> None:
    """Search files that were written from what would leave, before anybody is given them.

    Raises UsageError `leak_blocks` and RedactionRefused `rides_along`, as for a release.
    """
    _require_clean(files, released, on_record(store, released.review), "this copy")


def _require_clean(
    files: Mapping[str, bytes], released: Released, record: OnRecord, of: str
) -> None:
    if check_files(files, look_of(released, record), record.file_names).blocking:
        raise UsageError(
            "leak_blocks",
            f"A file of {of} would show a known name or number, so nothing was given out. Look at "
            "the leak check on the page Sign off, and at the name of the study.",
        )
    if telling(files):
        raise RedactionRefused(
            "rides_along",
            f"A file of {of} would tell who or what wrote it, so nothing was given out. This is a "
            "fault in Transcriber; please report it with the version number.",
        )


def _before(store: Store, now: Standing) -> tuple[ReleasedText, ...]:
    """Return the texts of the latest release of a recording, none where there is none."""
    with store.database.read() as connection:
        release = latest_release(connection, now.transcript.recording_id)
    return texts_of(store, release) if release else ()
