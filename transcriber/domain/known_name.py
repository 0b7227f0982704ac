"""A name that a study knows from its earlier recordings."""

from dataclasses import dataclass

from transcriber.domain.finding import EntityType


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name as it was said, its type, and the key under which its mentions are gathered.

    `by_person` says that a person marked it: it is as certain as a name of the roster.
    """

    name: str
    entity_type: EntityType
    entity: str
    by_person: bool = False
