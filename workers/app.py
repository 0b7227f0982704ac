"""Celery's application. Every setting stands here with its reason.

The broker carries the ids of steps and nothing else. The database decides who works on what, so a
message may be lost, doubled or late (docs/workers.md).
"""

from celery import Celery
from kombu import Exchange, Queue

from transcriber.services.settings import QUEUES, load_settings
from workers import redis_messages
from workers.schedule import SWEEP_QUEUE, beat_schedule

SETTINGS = load_settings()

redis_messages.use(
    redis_messages.Unscripted if SETTINGS.has_own_broker else redis_messages.Forgettable
)

app = Celery("transcriber", broker=SETTINGS.broker, include=["workers.tasks"])

app.conf.update(
    # JSON carries ids; anything that could carry objects could carry text, or code.
    task_serializer="json",
    accept_content=["json"],
    # Celery's own, which may also be ended while it starts.
    worker_pool="workers.pool:Pool",
    # Results are in the database. A second place for them would be a second place to leak from.
    task_ignore_result=True,
    result_backend=None,
    # Events and remote control would tell everybody at the broker what is going on here.
    worker_send_task_events=False,
    task_send_sent_event=False,
    worker_enable_remote_control=False,
    # A message is confirmed when its step has ended, not when it begins: of a killed worker the
    # message is still there.
    task_acks_late=True,
    # The same when only the child was killed. A message that comes back finds the lease of the
    # killed child still running and ends at once, so this makes no loop.
    task_reject_on_worker_lost=True,
    # Whoever is busy holds no message that somebody else could act on.
    worker_prefetch_multiplier=1,
    # A broker that went away must not kill work that goes on without it.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # It comes back, at some time; until then a worker waits.
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        # How long a message may be unconfirmed before Redis gives it to another worker, who then
        # finds a lease. With no result backend this is the one place where it is set.
        "visibility_timeout": SETTINGS.workers.redelivery_s,
        # A worker waits for Redis as long as it takes, but notices that it is gone.
        "socket_keepalive": True,
        "socket_connect_timeout": 5,
        "health_check_interval": 10,
    },
    # Publishing must not hang where the broker is away: the outbox keeps the message.
    task_publish_retry=False,
    broker_connection_timeout=5,
    # Libraries keep the most memory that they ever took, so children are replaced.
    worker_max_tasks_per_child=SETTINGS.workers.steps_a_child,
    worker_max_memory_per_child=SETTINGS.workers.memory_mib * 1024,  # in KiB
    # A step that hangs, in a library that looks at nothing, is killed with its child.
    task_time_limit=SETTINGS.workers.longest_step_s,
    # A stop waits this long for what is nearly done; the rest is put back (workers/child.py).
    worker_soft_shutdown_timeout=SETTINGS.workers.stop_wait_s,
    worker_enable_soft_shutdown_on_idle=False,
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in (*QUEUES, SWEEP_QUEUE)],
    task_default_queue="cpu",
    task_create_missing_queues=False,
    beat_schedule=beat_schedule(SETTINGS.lease.seconds),
    # In memory: there is nothing to remember, and one file less to look after.
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=max(SETTINGS.lease.seconds / 16, 0.05),
    timezone="UTC",
    # Ours stays as it is: nothing that a library logs about arguments gets in (workers/logs.py).
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
)
