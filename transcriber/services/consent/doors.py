"""Where consent is asked before something is done: work on a recording, and what leaves."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection

from transcriber.domain.consent import NOBODY_SAID, ConsentBook, ConsentTo
from transcriber.domain.errors import ConsentError
from transcriber.domain.participation import is_participant
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.voice_print import VoicePrint
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN
from transcriber.exports.release_json import ReleasedText
from transcriber.services.consent.book import (
    book_in,
    participant_labels,
)
from transcriber.services.consent.work import NO_CONSENT
from transcriber.services.review.released import is_said
from transcriber.services.speakers_file import study_label
from transcriber.services.store import Store
from transcriber.storage.database.memberships import members
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.studies import Study

FOR_ARCHIVES = frozenset({"archive", "open"})
"""Policies whose texts are made for a data archive, or for everybody."""


def taking_part(
    stated: Collection[str], told: ToldSpeakers | None, roster: Roster
) -> tuple[str, ...]:
    """Return who takes part in a new recording: who was stated, and whom its transcript names.

    Raises UsageError `bad_label`.
    """
    known = {
        label
        for each in roster.participants
        if (label := study_label(each)) and is_participant(label)
    }
    named = [speaker.label for speaker in told.speakers] if told else []
    return participant_labels([*stated, *(label for label in named if label in known)])


def require_may_be_made(
    store: Store,
    connection: Connection,
    study_id: str,
    labels: Collection[str],
    recording_id: str | None = None,
) -> None:
    """Raise ConsentError `no_consent` where a recording of these people is not to be worked on.

    Where the study asks for each person's consent, somebody has to say who takes part.
    """
    why_not = book_in(store, connection, study_id).why_not_worked_on(labels, recording_id)
    if why_not is not None:
        raise ConsentError(NO_CONSENT, why_not)


def has_to_wait(
    store: Store, connection: Connection, study_id: str, labels: Collection[str]
) -> bool:
    """Whether a recording of these people waits for somebody to say who takes part in it."""
    book = book_in(store, connection, study_id)
    return book.why_not_worked_on(labels) == NOBODY_SAID


def require_may_be_worked_on(store: Store, connection: Connection, recording_id: str) -> None:
    """Raise ConsentError `no_consent` where a recording that is there is not to be worked on."""
    labels = store.consents.taking_part(connection, recording_id)
    for row in rows_of(connection, [recording_id]):
        require_may_be_made(store, connection, row.study_id, labels, recording_id)


def quoted_in(text: RedactedTranscript) -> frozenset[str]:
    """Return the participants whose words stand in a text; what was withdrawn is no word."""
    return frozenset(
        turn.label
        for turn in text.turns
        if is_participant(turn.label) and is_said(turn) and turn.text != CONTRIBUTION_WITHDRAWN
    )


def not_to_be_quoted(
    book: ConsentBook, text: RedactedTranscript, recording_id: str
) -> tuple[str, ...]:
    """Return the labels of those who are quoted in a text and whose consent does not cover it."""
    return book.not_given(quoted_in(text), ConsentTo.QUOTED, recording_id)


def require_may_leave(book: ConsentBook, recording_id: str, text: ReleasedText) -> None:
    """Raise ConsentError `no_consent` where somebody in a text did not agree to be quoted.

    A text by the policy of an archive asks for their consent to that as well.
    """
    _require(book, recording_id, text.transcript, text.profile)


def require_drafts_may_leave(
    store: Store, recording_id: str, texts: Mapping[str, RedactedTranscript]
) -> None:
    """Raise ConsentError `no_consent` as `require_may_leave` does, for what a machine wrote.

    `texts` are by the name of the policy that each was written by.
    """
    with store.database.read() as connection:
        for row in rows_of(connection, [recording_id]):
            book = book_in(store, connection, row.study_id)
            for profile, text in texts.items():
                _require(book, recording_id, text, profile)


def require_study_compares_voices(store: Store, study: Study) -> None:
    """Raise ConsentError `no_consent` where people keep a study and its promises do not allow it.

    A study without members was made on the command line; there the consent file says it.
    """
    with store.database.read() as connection:
        is_kept = bool(members(connection, study.id))
    if is_kept and not study.agreed.terms.voice_comparison:
        raise ConsentError(
            "no_consent",
            "The promises of this study do not allow voices to be compared. Leave out "
            "--compare-voices, or tick that participants agreed to it under Promises.",
        )


def require_voices_may_be_compared(
    store: Store, recording_id: str, labels: Collection[str]
) -> None:
    """Raise ConsentError `no_consent` where somebody in a recording did not agree to that.

    `labels` are those of its voices; whoever was said to take part counts as well.
    """
    with store.database.read() as connection:
        there = {*labels, *store.consents.taking_part(connection, recording_id)}
        for row in rows_of(connection, [recording_id]):
            book = book_in(store, connection, row.study_id)
            book.require(there, ConsentTo.VOICES, recording_id)


def voices_left_out(store: Store, recording_id: str) -> Callable[[VoicePrint], bool]:
    """Return what tells a kept print of somebody whose consent does not cover comparing by now.

    The print is of any recording of the study that `recording_id` is in.
    """
    with store.database.read() as connection:
        (row,) = rows_of(connection, [recording_id])
        book = book_in(store, connection, row.study_id)
        study = store.studies.get(connection, row.study_id)
        stored = store.recordings.all(connection, study) if study else ()
    ids = {each.recording.code: each.id for each in stored}
    return lambda known: bool(
        book.not_given([known.label], ConsentTo.VOICES, ids.get(known.recording))
    )


def _require(book: ConsentBook, recording_id: str, text: RedactedTranscript, profile: str) -> None:
    labels = quoted_in(text)
    book.require(labels, ConsentTo.QUOTED, recording_id)
    if profile in FOR_ARCHIVES:
        book.require(labels, ConsentTo.ARCHIVED, recording_id)
