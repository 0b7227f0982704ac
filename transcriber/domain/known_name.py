"""A name that a study knows from its earlier recordings."""

from dataclasses import dataclass

from transcriber.domain.finding import EntityType


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name as it was said, its type, and the key under which its mentions are gathered."""

    name: str
    entity_type: EntityType
    entity: str
