"""The releases of a study: lists, and their files in every format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.change_list import Change, change_list
from transcriber.exports.formats import FORMATS, STORED
from transcriber.exports.release_json import ReleasedText, read_texts, write_taken
from transcriber.exports.wording import file_stem
from transcriber.services.consent.book import book_in
from transcriber.services.consent.doors import require_may_leave
from transcriber.services.page import Page, cursor_of, place_of
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import (
    StudyRelease,
    release_before,
    release_in,
    releases_in,
)


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """A release in a list; `released_by` is an account, times are UTC in milliseconds.

    `withdrawn_at_ms` is None while it stands.
    """

    id: str
    recording_id: str
    code: str
    number: int
    size_bytes: int
    released_by: str | None
    created_at_ms: int
    withdrawn_at_ms: int | None


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release, and the name under which it is kept."""

    data: bytes
    name: str
    media_type: str


def list_releases(
    store: Store, study_id: str, cursor: str | None = None, limit: int = 50
) -> Page[ReleaseSummary]:
    """Return a page of a study's releases, the newest first. Raises UsageError for a bad cursor."""
    with store.database.read() as connection:
        found = releases_in(connection, study_id, place_of(cursor), limit + 1)
        shown = found[:limit]
        ids = [release.recording_id for release in shown]
        codes = store.recordings.codes(connection, study_id, ids)
    last = shown[-1] if len(found) > limit else None
    return Page(
        tuple(
            summary_of(release, codes[release.recording_id])
            for release in shown
            if release.recording_id in codes
        ),
        cursor_of(last.created_at_ms, last.id) if last else None,
    )


@dataclass(frozen=True)
class OpenedRelease:
    """A release that somebody takes, with its texts, the one that was signed first.

    `before` reads the texts of the release before it, none where it is the first: hours of talk,
    of which most who open a release want nothing.
    """

    release: StudyRelease
    texts: tuple[ReleasedText, ...]
    before: Callable[[], tuple[ReleasedText, ...]] = tuple

    def text(self, profile: str = "") -> ReleasedText:
        """Return its text by a policy, by the one that was signed where none is named.

        Raises UsageError `not_found`.
        """
        if not profile:
            return self.texts[0]
        found = next((text for text in self.texts if text.profile == profile), None)
        if found is None:
            raise UsageError("not_found", "This release has no text by a policy of this name.")
        return found

    def changes(self, text: ReleasedText) -> tuple[Change, ...] | None:
        """Return what is another in a text since the release before, as `changes_since` does."""
        return changes_since(self.before(), text)

    def stem(self, text: ReleasedText) -> str:
        """Return what the names of its files begin with: code, version, and a further profile."""
        further = "" if text is self.texts[0] else f"-{file_stem(text.profile)}"
        return f"{version_stem(text, self.release.number)}{further}"


def changes_since(before: Sequence[ReleasedText], text: ReleasedText) -> tuple[Change, ...] | None:
    """Return what is another in a text since an earlier release, without the earlier words.

    None where that has no text by the same policy.
    """
    found = next((each for each in before if each.profile == text.profile), None)
    if found is None:
        return None
    return change_list(found.transcript, text.transcript, with_before=False)


def texts_of(store: Store, release: StudyRelease) -> tuple[ReleasedText, ...]:
    """Return the texts of a release, withdrawn or not. Raises StorageError."""
    with store.database.read() as connection:
        key = store.keyring.recording(connection, release.recording_id)
    return read_texts(store.blobs.read(key, release.blob))


def take_release(
    store: Store, actor_id: str, study_id: str, release_id: str, profile: str = ""
) -> OpenedRelease:
    """Return a release for somebody who takes away its text by one of its policies. It is audited.

    Raises what `open_release` and its `text` raise, and ConsentError where somebody in the text did
    not agree to be quoted, or to be in an archive.
    """
    return take_releases(store, actor_id, study_id, [release_id], profile)[0]


def take_releases(
    store: Store, actor_id: str, study_id: str, release_ids: Sequence[str], profile: str = ""
) -> list[OpenedRelease]:
    """Return some releases as `take_release` does, all or none. Each is audited."""
    with store.database.read() as connection:
        releases = [standing_release(connection, study_id, each) for each in release_ids]
        book = book_in(store, connection, study_id)
    taken = [opened(store, each) for each in releases]
    for each in taken:  # before any of them is written down as taken
        require_may_leave(book, each.release.recording_id, each.text(profile))
    with store.database.write() as connection:
        for each in taken:
            standing_release(connection, study_id, each.release.id)
            _note(store, connection, actor_id, study_id, each.release, Action.EXPORTED)
    return taken


def open_release(
    store: Store, actor_id: str, study_id: str, release_id: str, action: Action
) -> OpenedRelease:
    """Return a release for somebody who reads it here or takes its facts. It is audited as that.

    What its people said is taken by `take_release`. Raises UsageError `not_found` or `withdrawn`,
    StorageError.
    """
    with store.database.write() as connection:
        release = standing_release(connection, study_id, release_id)
        _note(store, connection, actor_id, study_id, release, action)
    return opened(store, release)


def _note(  # an event of the audit has all of these
    store: Store,
    connection: Connection,
    actor_id: str,
    study_id: str,
    release: StudyRelease,
    action: Action,
) -> None:
    event = AuditEvent(action, actor_id, study_id, release.recording_id, subject_id=release.id)
    store.audit.record(connection, event)


def opened(store: Store, release: StudyRelease) -> OpenedRelease:
    """Return a release with its texts. Raises StorageError; so does asking for those before it."""

    def before() -> tuple[ReleasedText, ...]:
        with store.database.read() as connection:
            earlier = release_before(connection, release)
        return texts_of(store, earlier) if earlier else ()

    return OpenedRelease(release, texts_of(store, release), before)


def release_file(  # every one of them says which file
    store: Store,
    actor_id: str,
    study_id: str,
    release_id: str,
    kind: str = STORED,
    profile: str = "",
) -> ReleaseFile:
    """Return a release as a file in a format, by key, and by one of its policies. It is audited.

    Raises UsageError `format_not_served`, and what `take_release` raises.
    """
    if kind not in FORMATS:
        raise UsageError("format_not_served", f"Releases are written as {', '.join(FORMATS)}.")
    opened = take_release(store, actor_id, study_id, release_id, profile)
    text = opened.text(profile)
    data = written_as(kind, text, opened.release.number)
    return ReleaseFile(data, f"{opened.stem(text)}.{kind}", FORMATS[kind].media_type)


def written_as(kind: str, text: ReleasedText, number: int) -> bytes:
    """Return the file of a text in a format, by key; the same text gives the same bytes."""
    told = numbered(text, number)
    return write_taken(told) if kind == STORED else FORMATS[kind].write(told.transcript)


def numbered(text: ReleasedText, number: int) -> ReleasedText:
    """Return a text that knows which release of its recording it is, so that files can say it."""
    return replace(text, transcript=replace(text.transcript, release_number=number))


def summary_of(release: StudyRelease, code: str) -> ReleaseSummary:
    """Return a release as lists show it, under the code of its recording."""
    return ReleaseSummary(
        id=release.id,
        recording_id=release.recording_id,
        code=code,
        number=release.number,
        size_bytes=release.blob.size_bytes,
        released_by=release.released_by,
        created_at_ms=release.created_at_ms,
        withdrawn_at_ms=release.withdrawn_at_ms,
    )


def standing_release(connection: Connection, study_id: str, release_id: str) -> StudyRelease:
    """Return a release whose files may be given. Raises UsageError `not_found` or `withdrawn`."""
    release = known_release(connection, study_id, release_id)
    if release.withdrawn_at_ms is not None:
        raise UsageError(
            "withdrawn",
            "This release was withdrawn, so nobody gets its file any more. Look for a later one.",
        )
    return release


def known_release(connection: Connection, study_id: str, release_id: str) -> StudyRelease:
    """Return a release of a study. Raises UsageError `not_found`."""
    release = release_in(connection, study_id, release_id)
    if release is None:
        raise UsageError("not_found", "There is no such release in this study.")
    return release


def version_stem(text: ReleasedText, number: int) -> str:
    """Return what the names of the files of a version begin with."""
    return f"{file_stem(text.transcript.code)}-v{number}"
