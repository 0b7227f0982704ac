"""The study's entities while one recording is pseudonymised: found, made, numbered, named."""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.domain.entity import Entity, Invented
from transcriber.domain.finding import EntityType


class Ledger:
    """Entities by type and key; remembers which of them are new or changed."""

    def __init__(self, known: Sequence[Entity]) -> None:
        self._by_id = {entity.id: entity for entity in known}
        self._ids = {(entity.entity_type, entity.key): entity.id for entity in known}
        self._next_id = max(self._by_id, default=0) + 1
        self._highest: dict[EntityType, int] = {}
        for entity in known:
            number = max(entity.number or 0, self._highest.get(entity.entity_type, 0))
            self._highest[entity.entity_type] = number
        self._changed: set[int] = set()

    def __getitem__(self, identity: int) -> Entity:
        return self._by_id[identity]

    @property
    def changed(self) -> tuple[Entity, ...]:
        """What the register has to keep."""
        return tuple(self._by_id[number] for number in sorted(self._changed))

    def of_type(self, kind: EntityType) -> list[Entity]:
        """Return all entities of one type."""
        return [entity for entity in self._by_id.values() if entity.entity_type is kind]

    def find(self, kind: EntityType, key: str) -> int | None:
        """Return the entity with this key."""
        return self._ids.get((kind, key))

    def add(self, kind: EntityType, key: str) -> int:
        """Make an entity."""
        identity = self._next_id
        self._next_id += 1
        self._keep(Entity(identity, kind, key))
        self._ids[kind, key] = identity
        return identity

    def grow(self, identity: int, key: str) -> int:
        """Give an entity the fuller key that is now known of it.

        One that has it already, and was never written, takes the shorter one instead.
        """
        entity = self._by_id[identity]
        other = self._ids.pop((entity.entity_type, key), None)
        del self._ids[entity.entity_type, entity.key]
        self._rename(identity, key)
        if other is not None:
            self._rename(other, entity.key)
        return identity

    def heard(self, identity: int, form: str) -> None:
        """Note in which form an entity was mentioned."""
        entity = self._by_id[identity]
        if form not in entity.forms:
            self._keep(replace(entity, forms=entity.forms | {form}))

    def wrote(self, identity: int, recording: str, form: str) -> None:
        """Note that a mention in this form was replaced in a recording, if it has a code."""
        self.heard(identity, form)
        entity = self._by_id[identity]
        if recording and (recording, form) not in entity.written:
            self._keep(replace(entity, written=entity.written | {(recording, form)}))

    def written_in(self, kind: EntityType, recording: str) -> dict[str, str]:
        """Return whose forms were replaced in a recording, by keys, where it was one's only."""
        owners: dict[str, set[str]] = {}
        for entity in self.of_type(kind):
            for code, form in entity.written:
                if code == recording:
                    owners.setdefault(form, set()).add(entity.key)
        return {form: next(iter(keys)) for form, keys in owners.items() if len(keys) == 1}

    def number(self, identity: int, taken: frozenset[int] = frozenset()) -> int:
        """Return the number in an entity's label, allotted once; `taken` are never allotted."""
        entity = self._by_id[identity]
        if entity.number is None or entity.number in taken:
            number = self._highest.get(entity.entity_type, 0) + 1
            while number in taken:
                number += 1
            self._highest[entity.entity_type] = number
            entity = replace(entity, number=number)
            self._keep(entity)
        assert entity.number is not None
        return entity.number

    def name(self, identity: int, invented: Invented) -> None:
        """Give an entity its invented name."""
        if self._by_id[identity].invented != invented:
            self._keep(replace(self._by_id[identity], invented=invented))

    def _rename(self, identity: int, key: str) -> None:
        entity = self._by_id[identity]
        self._ids[entity.entity_type, key] = identity
        self._keep(replace(entity, key=key))

    def _keep(self, entity: Entity) -> None:
        self._by_id[entity.id] = entity
        self._changed.add(entity.id)
