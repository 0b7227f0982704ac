"""What happens to each type of identifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.finding import Action, EntityType


class Style(StrEnum):
    """How a replacement reads: `[TOWN_1]`-like labels, or roles such as `[P03]` from the roster."""

    LABEL = "label"
    ROLE = "role"


@dataclass(frozen=True)
class Policy:
    """What a study decided for each entity type. A type without a rule is not sought."""

    name: str
    style: Style
    actions: Mapping[EntityType, Action]

    @property
    def sought(self) -> frozenset[EntityType]:
        """Types that detectors must serve, or the job stops (fail closed)."""
        return frozenset(kind for kind, action in self.actions.items() if action is not Action.KEEP)
