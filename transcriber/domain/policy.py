"""What happens to each type of identifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from transcriber.domain.finding import PERSON_SOURCE, Action, EntityType, Finding
from transcriber.domain.released_sound import USUAL_SOUND, SoundRule

REMOVED = frozenset({Action.REPLACE, Action.GENERALISE})
"""Actions after which something else stands in the text."""


class Style(StrEnum):
    """How a replacement reads.

    `[TOWN_1]`-like labels, an invented name for each person and place, or roles such as `[P03]`
    from the roster.
    """

    LABEL = "label"
    PSEUDONYM = "pseudonym"
    ROLE = "role"


class Locale(StrEnum):
    """Whose numbers, postcodes and order of day and month are meant (ISO 3166)."""

    GB = "GB"
    IE = "IE"
    US = "US"


class NerKind(StrEnum):
    """With which library a model of names is used."""

    SPACY = "spacy"
    GLINER = "gliner"
    TRANSFORMERS = "transformers"


@dataclass(frozen=True)
class NerModel:
    """A model of names that finds beside ours: a spaCy package, or a folder by its whole path."""

    kind: NerKind
    name: str


@dataclass(frozen=True)
class Policy:
    """What a study decided for each entity type. A type without a rule is not sought.

    `levels` says how far a type is generalised, where there is a choice. `models` are added to
    those that always search. `sound` says how the same is taken out of sound.
    """

    name: str
    style: Style
    actions: Mapping[EntityType, Action]
    levels: Mapping[EntityType, str] = field(default_factory=dict)
    locale: Locale = Locale.GB
    models: tuple[NerModel, ...] = ()
    sound: SoundRule = USUAL_SOUND

    @property
    def sought(self) -> frozenset[EntityType]:
        """Types that detectors must serve, or the job stops (fail closed)."""
        return frozenset(kind for kind, action in self.actions.items() if action is not Action.KEEP)

    @property
    def removed(self) -> frozenset[EntityType]:
        """Types of which something else stands in the text."""
        return frozenset(kind for kind, action in self.actions.items() if action in REMOVED)

    def concerns(self, finding: Finding) -> bool:
        """Whether the finding is this policy's business; what a person marked always is."""
        return finding.entity_type in self.sought or finding.source == PERSON_SOURCE


def joint(policies: Sequence[Policy]) -> Policy:
    """Return a policy that seeks whatever one of several seeks: one mark-up serves them all.

    Its models are those of all of them, each once.
    """
    sought = frozenset().union(*(policy.sought for policy in policies))
    models = tuple(dict.fromkeys(model for policy in policies for model in policy.models))
    actions = dict.fromkeys(sorted(sought), Action.REPLACE)
    return replace(policies[0], actions=actions, models=models)


def unsought(first: Policy, further: Policy) -> tuple[EntityType, ...]:
    """Return the types that a further policy looks for and the first does not, in order."""
    return tuple(sorted(further.sought - first.sought))
