"""The change list of a release: as a file of the service, and of two releases far from it."""

from pathlib import Path

from transcriber.domain.errors import InputError, UsageError
from transcriber.exports.change_list import Change, change_list, write_changes
from transcriber.services.given_release import given_release
from transcriber.services.releases import ReleaseFile, take_release
from transcriber.services.store import Store

CSV = "text/csv; charset=utf-8"


def release_changes(
    store: Store, actor_id: str, study_id: str, release_id: str, profile: str = ""
) -> ReleaseFile:
    """Return what changed since the release before, as CSV without the earlier words.

    It is audited. Raises UsageError `first_release` where there is none before it with such a text,
    and what `take_release` raises.
    """
    opened = take_release(store, actor_id, study_id, release_id, profile)
    text = opened.text(profile)
    changes = opened.changes(text)
    if changes is None:
        raise UsageError("first_release", "This is the first release of the recording.")
    return ReleaseFile(write_changes(changes), f"{opened.stem(text)}-changes.csv", CSV)


def changes_between(old: Path, new: Path) -> tuple[Change, ...]:
    """Return what changed between two releases as they were downloaded.

    Each is a zip, the folder that became of it, or a JSON file. Raises InputError where one is no
    release, `other_recording` or `other_rules` where they are no versions of one text;
    StorageError.
    """
    before, after = given_release(old), given_release(new)
    old_text, new_text = before.transcript, after.transcript
    if (old_text.code, old_text.study) != (new_text.code, new_text.study):
        raise InputError(
            "other_recording", "These are releases of different recordings. Give two of one."
        )
    if before.profile != after.profile:
        raise InputError(
            "other_rules", "These are texts by different rules. Give two by the same ones."
        )
    return change_list(old_text, new_text)
