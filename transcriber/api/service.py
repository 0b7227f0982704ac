"""How the service itself is, for those who run it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from transcriber.api.answers import Model, problems
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.doctor import examine
from transcriber.services.models import model_folder
from transcriber.services.service_state import service_state
from transcriber.services.store import Store
from transcriber.services.store_health import store_health

router = APIRouter(prefix="/service", tags=["service"])
StoreOf = Annotated[Store, Depends(store_of)]
Runs = Annotated[Principal, Needs(Permission.MANAGE_SERVICE)]


class QueueModel(Model):
    """What waits for workers in one queue, and what they have in hand."""

    name: str
    ready: int
    running: int
    silent: int
    """In hand of a worker that has not been heard of for a lease."""
    oldest_ms: int | None
    """For how long the longest waiting job has been there."""


class StateModel(Model):
    """The service at a glance."""

    version: str
    database: str
    queues: list[QueueModel]
    unsent: int
    """Messages to workers that the broker has not taken yet."""
    stored_bytes: int
    free_disk_bytes: int | None
    free_scratch_bytes: int | None


class EngineModel(Model):
    """A library that does a task."""

    name: str
    task: str
    version: str | None
    state: str


class AdviceModel(Model):
    """What somebody should do."""

    needed: bool
    """Whether nothing can be transcribed before."""
    sentence: str
    command: str | None


class ExaminationModel(Model):
    """What the doctor found."""

    works: bool
    engines: list[EngineModel]
    advice: list[AdviceModel]


@router.get("/state", responses=problems(503))
def state(store: StoreOf, _: Runs) -> StateModel:
    """Show queues, disk and version."""
    found = service_state(store)
    return StateModel(
        version=found.version,
        database=found.database,
        queues=[
            QueueModel(
                name=queue.name,
                ready=queue.ready,
                running=queue.running,
                silent=queue.silent,
                oldest_ms=queue.oldest_ms,
            )
            for queue in found.queues
        ],
        unsent=found.unsent,
        stored_bytes=found.stored_bytes,
        free_disk_bytes=found.free_disk_bytes,
        free_scratch_bytes=found.free_scratch_bytes,
    )


@router.get("/examination", responses=problems(503))
def examination(store: StoreOf, _: Runs) -> ExaminationModel:
    """Examine engines, models and store of the machine that answers: takes half a minute."""
    found = examine(model_folder(), store.settings.data_folder)
    health = store_health(store.settings, lambda done, total: None)
    advice = (*found.advice, *(health.advice if health else ()))
    return ExaminationModel(
        works=found.works,
        engines=[
            EngineModel(
                name=each.engine.name,
                task=each.engine.task.value,
                version=each.version,
                state=each.state.value,
            )
            for each in found.engines
        ],
        advice=[
            AdviceModel(needed=each.needed, sentence=each.sentence, command=each.command)
            for each in advice
        ],
    )
