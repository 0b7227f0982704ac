"""A register of pseudonyms for one process, for tests."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from transcriber.domain.entity import Entity
from transcriber.stages.interview.labels import Voice, next_labels

T = TypeVar("T")


class MemoryRegister:
    """Keeps entities as long as it lives."""

    def __init__(self) -> None:
        self._entities: dict[int, Entity] = {}
        self._labels: dict[Voice, str] = {}

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(self._entities.values())

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        changed, result = decide(self.entities)
        self._entities |= {entity.id: entity for entity in changed}
        return result

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        self._labels |= next_labels(self._labels, recording, speakers, reserved)
        return tuple(self._labels[recording, speaker] for speaker in speakers)
