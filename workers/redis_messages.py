"""What a worker does with messages from Redis whose fate nobody depends on.

The database decides who works on what, and `transcriber.sweep` sends again what is missing. So a
message may be forgotten at any time, and a worker must never wait for one.
"""

from typing import Any

from kombu.transport import redis, virtual


class Forgettable(redis.QoS):  # type: ignore[misc]  # kombu has no types
    """Lets go of messages that cannot be confirmed.

    Kombu counts them as in hand otherwise, when Redis went away before they were confirmed: a
    worker whose hands are full then never asks for another message, nor notices that Redis is
    back (celery issues 8030, 8091 and 10205 tell of such workers).
    """

    def ack(self, delivery_tag: str) -> None:
        """Confirm a message, and let go of it in any case."""
        try:
            super().ack(delivery_tag)
        finally:
            self._let_go(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a message back, and let go of it in any case."""
        try:
            super().reject(delivery_tag, requeue)
        finally:
            self._let_go(delivery_tag)

    def _let_go(self, delivery_tag: str) -> None:
        if delivery_tag in self._delivered and delivery_tag not in self._dirty:
            virtual.QoS.ack(self, delivery_tag)


class Unscripted(Forgettable):
    """The same for a Redis that runs no scripts, as ours does.

    Kombu gives messages of killed workers away again under a lock that it takes by a script. That
    server ends with its workers, so what nobody confirms does not pile up.
    """

    def restore_visible(self, *_: Any, **__: Any) -> None:
        """Do nothing: the sweep does it."""


def use(kind: type[Forgettable]) -> None:
    """Let this process's connections to Redis keep messages so."""
    redis.Channel.QoS = kind
