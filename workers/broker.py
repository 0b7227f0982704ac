"""The broker as the outbox sees it."""

import logging

from kombu.exceptions import OperationalError

from transcriber.services.settings import QUEUES
from transcriber.storage.database.outbox import Outbox
from workers.app import app

STEP = "transcriber.step"

_log = logging.getLogger(__name__)


def relay(outbox: Outbox) -> None:
    """Send what the outbox holds; where the broker is away, the next sweep does."""
    try:
        outbox.relay(_send)
    except OperationalError:
        _log.warning("the broker is away: messages wait in the outbox")


def messages_waiting() -> dict[str, int]:
    """Return how many messages each queue holds that nobody has taken yet."""
    with app.connection_for_read() as connection, connection.channel() as channel:
        return {
            name: app.amqp.queues[name].bind(channel).queue_declare().message_count
            for name in QUEUES
        }


def _send(queue: str, step_id: str) -> None:
    app.send_task(STEP, args=[step_id], queue=queue)
