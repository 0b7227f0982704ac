"""Work on recordings, stopped and taken up as the consent of those who take part changes."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.consent import ConsentBook
from transcriber.pipeline.order import State
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.job_steps import cancel_steps, refuse_steps, retry_steps
from transcriber.storage.database.jobs import jobs_of
from transcriber.storage.database.studies import Study

NO_CONSENT = "no_consent"
"""Why a job waits that was taken in before anybody said who takes part."""


def book_of(store: Store, connection: Connection, study: Study) -> ConsentBook:
    """Return the consents of a study as they are now."""
    return ConsentBook(
        study.agreed.terms.consent_per_person, store.consents.all(connection, study.id)
    )


def ask_anew(store: Store, connection: Connection, actor_id: str, study: Study) -> None:
    """Stop and take up work in a study that asks each person from now on, or does so no more."""
    book = book_of(store, connection, study)
    taking_part = {
        each.id: store.consents.taking_part(connection, each.id)
        for each in store.recordings.all(connection, study)
    }
    stop_or_take_up(store, connection, book, actor_id, study.id, taking_part)


def stop_or_take_up(
    store: Store,
    connection: Connection,
    book: ConsentBook,
    actor_id: str | None,
    study_id: str,
    taking_part: Mapping[str, Collection[str]],
) -> None:
    """Stop work on recordings that consent does not cover; take up what waited only for that.

    `taking_part` are the labels of those in each recording, by its id. Audited.
    """
    jobs = {each.recording_id: each for each in jobs_of(connection, list(taking_part))}
    for recording_id, job in jobs.items():
        why_not = book.why_not_worked_on(taking_part[recording_id], recording_id)
        waits = job.failure is not None and job.failure.failure_code == NO_CONSENT
        if job.state is State.FAILED and waits:
            retry_steps(connection, job.id)
            if why_not is None:
                event = AuditEvent(Action.JOB_RETRIED, actor_id, study_id, recording_id)
                store.audit.record(connection, event)
            else:
                refuse_steps(connection, job.id, NO_CONSENT, why_not)
        elif why_not is not None and cancel_steps(connection, job.id):
            event = AuditEvent(Action.JOB_CANCELLED, actor_id, study_id, recording_id)
            store.audit.record(connection, event)
