"""The consents of a study: shown with who they are of, and changed by people."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.consent import Consent, ConsentBook
from transcriber.domain.errors import UsageError
from transcriber.domain.participation import is_participant
from transcriber.domain.transcript import SPEAKER_LABEL
from transcriber.services.consent.work import book_of, stop_or_take_up
from transcriber.services.recording_list import not_in_study
from transcriber.services.speakers_file import label_form, study_label
from transcriber.services.store import Store
from transcriber.services.studies import no_such_study, show_study
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.studies import lock_study

MOST_LABELS = 100
"""Of those who take part in one recording."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom consent is kept; `name` is the roster's, None where it has nobody of it."""

    label: str
    name: str | None


@dataclass(frozen=True, slots=True)
class ShownConsents:
    """The consents of a study, all of whom they may be, and the codes of its recordings by id.

    `leading` are labels on the roster of whoever leads the talk, by what they are called; they are
    asked for no consent. `unlabelled` counts people on it without a label: nothing can be kept of
    them.
    """

    book: ConsentBook
    people: tuple[Person, ...]
    leading: tuple[str, ...]
    unlabelled: int
    codes: Mapping[str, str]

    def of(self, label: str, recording_id: str | None = None) -> Consent:
        """Return what is kept of a label, nothing on record where there is none."""
        for consent in self.book.consents:
            if (consent.label, consent.recording_id) == (label, recording_id):
                return consent
        return Consent(label, recording_id)

    def exceptions(self, label: str) -> tuple[Consent, ...]:
        """Return what somebody said of single recordings."""
        return tuple(
            each for each in self.book.consents if each.label == label and each.recording_id
        )


def book_in(store: Store, connection: Connection, study_id: str) -> ConsentBook:
    """Return the consents of a study as they are now. Raises UsageError where there is none."""
    study = store.studies.get(connection, study_id)
    if study is None:
        raise no_such_study()
    return book_of(store, connection, study)


def consent_book(store: Store, study_id: str) -> ConsentBook:
    """Return the consents of a study as they are now. Raises UsageError where there is none."""
    with store.database.read() as connection:
        return book_in(store, connection, study_id)


def shown_consents(store: Store, study_id: str) -> ShownConsents:
    """Return what is kept, with all on the roster. Raises UsageError where there is no study."""
    study = show_study(store, study_id)
    with store.database.read() as connection:
        book = book_in(store, connection, study_id)
        codes = {each.id: each.recording.code for each in store.recordings.all(connection, study)}
    participants = study.agreed.roster.participants
    labelled = {label: each.name for each in participants if (label := study_label(each))}
    named = {label: name for label, name in labelled.items() if is_participant(label)}
    kept = (each.label for each in book.consents if is_participant(each.label))
    labels = dict.fromkeys([*named, *kept])
    return ShownConsents(
        book,
        tuple(Person(label, named.get(label)) for label in labels),
        tuple(label for label in labelled if label not in named),
        len(participants) - len(labelled),
        codes,
    )


def put_consents(
    store: Store, actor_id: str | None, study_id: str, given: Iterable[Consent]
) -> int:
    """Keep consents in the place of earlier ones of the same label; return how many. Audited.

    Work on recordings that they do not cover any more is stopped, and what waited only for them is
    taken up. Raises UsageError `bad_label`, `bad_dates` and `not_found`.
    """
    consents = [_checked(consent) for consent in given]
    with store.database.write() as connection:
        lock_study(connection, study_id)
        known = _recordings(store, connection, study_id, [each.recording_id for each in consents])
        for consent in consents:
            if consent.recording_id is not None and consent.recording_id not in known:
                raise not_in_study()
            store.consents.put(connection, study_id, consent)
        labels = [each.label for each in consents]
        theirs = store.consents.recordings_with(connection, study_id, labels)
        book = book_in(store, connection, study_id)
        stop_or_take_up(store, connection, book, actor_id, study_id, theirs)
        for recording_id in dict.fromkeys(consent.recording_id for consent in consents):
            event = AuditEvent(Action.CONSENT_CHANGED, actor_id, study_id, recording_id)
            store.audit.record(connection, event)
    return len(consents)


def who_takes_part(store: Store, study_id: str, recording_id: str) -> tuple[str, ...]:
    """Return the labels of those who take part in a recording. Raises UsageError `not_found`."""
    with store.database.read() as connection:
        if not _recordings(store, connection, study_id, [recording_id]):
            raise not_in_study()
        return store.consents.taking_part(connection, recording_id)


def say_who_takes_part(
    store: Store, actor_id: str | None, study_id: str, recording_id: str, labels: Collection[str]
) -> None:
    """Keep who takes part in a recording in the place of what was said before. Audited.

    Work on it is stopped where they did not agree to it, and taken up where it waited only for
    that. Raises UsageError `bad_label` and `not_found`.
    """
    told = participant_labels(labels)
    with store.database.write() as connection:
        lock_study(connection, study_id)
        if not _recordings(store, connection, study_id, [recording_id]):
            raise not_in_study()
        store.consents.say_taking_part(connection, recording_id, told)
        book = book_in(store, connection, study_id)
        stop_or_take_up(store, connection, book, actor_id, study_id, {recording_id: told})
        event = AuditEvent(Action.CONSENT_CHANGED, actor_id, study_id, recording_id)
        store.audit.record(connection, event)


def participant_labels(labels: Collection[str]) -> tuple[str, ...]:
    """Return labels as transcripts carry them, each once. Raises UsageError `bad_label`."""
    if len(labels) > MOST_LABELS:
        raise UsageError("bad_label", f"A recording has {MOST_LABELS} labels at most.")
    return tuple(dict.fromkeys(participant_label(label) for label in labels))


def participant_label(typed: str) -> str:
    """Return a label as transcripts carry it: `p 3` is `P_3`. Raises UsageError `bad_label`."""
    label = label_form(typed.strip())
    if not SPEAKER_LABEL.fullmatch(label) or not is_participant(label):
        raise UsageError(
            "bad_label",
            "A label of a participant begins with a letter and has letters, digits and underscores "
            "only, such as P01. Those who lead the talk (INT2, MOD) give no consent here.",
        )
    return label


def _checked(consent: Consent) -> Consent:
    given, until = consent.given_on, consent.withdraw_by
    if given is not None and until is not None and until < given:
        raise UsageError(
            "bad_dates", "The day until which they may withdraw is before the day of the consent."
        )
    if consent.label != participant_label(consent.label):
        raise UsageError("bad_label", "A label is written as transcripts carry it, such as P01.")
    return consent


def _recordings(
    store: Store, connection: Connection, study_id: str, wanted: Iterable[str | None]
) -> Collection[str]:
    """Return those of some ids that are recordings of the study, and are not erased."""
    ids = [recording_id for recording_id in wanted if recording_id is not None]
    return store.recordings.codes(connection, study_id, ids) if ids else ()
