"""What Celery runs. Ids in, nothing out: the work is done in `transcriber.services`."""

from celery import shared_task

from transcriber.services.audit import note_end
from transcriber.services.hand_off.bring import hand_off_due
from transcriber.services.retention.purge import purge
from transcriber.services.sightings.marking import mark_recalled
from transcriber.services.webhooks import deliver_due
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from workers.broker import STEP, messages_waiting, relay
from workers.child import service, store
from workers.schedule import DELIVER, HAND_OFF, NOTE_AUDIT, PURGE, SWEEP


@shared_task(name=STEP)
def step(step_id: str) -> None:
    """Do the most urgent step of the queue that this one waits in, which may be another."""
    service().work_for(step_id)
    relay(service().outbox)


@shared_task(name=SWEEP)
def sweep() -> None:
    """Free the steps of silent workers, send again what the broker lost, and finish forgetting.

    Uploads that nobody goes on with are deleted too, and words for which a release was recalled
    are marked where that was interrupted, and withdrawals that were go on.
    """
    service().leases.expire()
    service().outbox.recover(messages_waiting())
    relay(service().outbox)
    service().forget()
    service().sweep_uploads()
    mark_recalled(store())
    finish_withdrawals(store())


@shared_task(name=PURGE)
def look_what_is_due() -> None:
    """Destroy what studies promised to keep no longer, and tell who is to be told before."""
    purge(store())


@shared_task(name=DELIVER)
def deliver() -> None:
    """Send what webhooks are to be told."""
    deliver_due(store())


@shared_task(name=HAND_OFF)
def hand_off() -> None:
    """Bring releases, and notices of recalls, to the destinations of their studies."""
    hand_off_due(store())


@shared_task(name=NOTE_AUDIT)
def note_audit() -> None:
    """Note outside the database how far the audit goes."""
    note_end(store())
