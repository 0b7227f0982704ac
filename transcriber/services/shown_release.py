"""A release as its page shows it: how it was checked, and what changed since the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transcriber.domain.audit import Action
from transcriber.exports.change_list import Change, change_list
from transcriber.exports.release_json import ReleasedText, read_texts
from transcriber.services.numbered_talk import TalkPage, talk_page
from transcriber.services.releases import (
    ReleaseSummary,
    known_release,
    open_release,
    summary_of,
)
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import release_before


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """A release with how it was checked, and why it was withdrawn, None where it stands.

    `texts` are one for each policy, the one that was signed first. `changes` are those since the
    release before it, None where they are not told.
    """

    summary: ReleaseSummary
    texts: tuple[ReleasedText, ...]
    why_withdrawn: str | None
    changes: tuple[Change, ...] | None

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.summary.withdrawn_at_ms is None

    @property
    def manifest(self) -> Mapping[str, Any]:
        """How the text that was signed was checked."""
        return self.texts[0].facts


def show_release(
    store: Store, actor_id: str, study_id: str, release_id: str, *, with_withdrawn: bool
) -> ShownRelease:
    """Return a release and what changed since the one before. It is audited.

    What must not be read any more is told `with_withdrawn` only: the changes of a withdrawn
    release, the earlier words of those since one, and the reason.

    Raises UsageError `not_found`, StorageError.
    """
    with store.database.write() as connection:
        release = known_release(connection, study_id, release_id)
        earlier = release_before(connection, release)
        codes = store.recordings.codes(connection, study_id, [release.recording_id])
        why = store.sign_offs.why_withdrawn(connection, release)
        key = store.keyring.recording(connection, release.recording_id)
        event = AuditEvent(
            Action.VIEWED, actor_id, study_id, release.recording_id, subject_id=release.id
        )
        store.audit.record(connection, event)
    texts = read_texts(store.blobs.read(key, release.blob))
    changes = None
    if earlier is not None and (with_withdrawn or release.withdrawn_at_ms is None):
        before = read_texts(store.blobs.read(key, earlier.blob))
        changes = change_list(
            before[0].transcript,
            texts[0].transcript,
            with_before=with_withdrawn or earlier.withdrawn_at_ms is None,
        )
    return ShownRelease(
        summary_of(release, codes[release.recording_id]),
        texts,
        why if with_withdrawn else None,
        changes,
    )


@dataclass(frozen=True, slots=True)
class ReadRelease:
    """A page of one text of a release, and by which `profiles` there are others."""

    code: str
    number: int
    profiles: tuple[str, ...]
    profile: str
    page: TalkPage


def read_release_text(  # which text, and which page of it
    store: Store, actor_id: str, study_id: str, release_id: str, profile: str, page: int
) -> ReadRelease:
    """Return a page of a release for somebody who reads it here. It is audited.

    A further profile is compared with the text that was signed. Raises what `open_release` raises.
    """
    opened = open_release(store, actor_id, study_id, release_id, Action.VIEWED)
    text, signed = opened.text(profile), opened.texts[0]
    against = None if text is signed else signed.transcript
    return ReadRelease(
        text.transcript.code,
        opened.release.number,
        tuple(each.profile for each in opened.texts if each.profile),
        text.profile,
        talk_page(text.transcript, page, against),
    )
