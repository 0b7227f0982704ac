"""What a redacted transcript still says about people, and what it adds up to."""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.finding import EntityType

LIMIT = (
    "Nobody can say from a transcript how many people fit: that needs a list of everybody who "
    "might be meant. So this page counts nobody. It puts what is left in order, the most telling "
    "first, and a person decides."
)
"""Why there is no k-anonymity here."""


class About(StrEnum):
    """Of whom something was said."""

    SELF = "self"
    CLOSE = "close"
    """A relative, partner or friend of the participant."""
    OTHER = "other"
    """Somebody else the participant tells of: a colleague, a patient, a neighbour's child."""
    TOLD = "told"
    """The participant, but somebody else said it."""


class Strength(StrEnum):
    """How far a combination narrows down who is meant, most telling first."""

    POINTS = "points"
    NARROWS = "narrows"
    LITTLE = "little"


STRENGTHS = {
    Strength.POINTS: "may point at one person",
    Strength.NARROWS: "narrows it down",
    Strength.LITTLE: "says little",
}
"""The same in words for people."""


class Clue(StrEnum):
    """Why a colleague in the same service would know who is meant."""

    TOLD = "told"
    EVENT = "event"
    WORK = "work"
    STAFF = "staff"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class TalkTurn:
    """One speaker's talk: `talk.text[start:end]`. `label` is empty where nobody is named."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Talk:
    """A text that findings refer to, and who says which stretch of it, in order.

    `guessed` are labels of an interviewer that nobody has confirmed.
    """

    text: str
    turns: tuple[TalkTurn, ...]
    guessed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that the redacted text still says of a participant.

    `text` is what a reader of the redacted text sees. `start` and `end` are the first mention's
    offsets in the text before redaction. `shared` counts other participants of whom the same is
    said. `weight` has no unit: it orders.
    """

    entity_type: EntityType
    text: str
    about: About
    told_by: str
    start: int
    end: int
    turn: int
    generalised: bool
    common: bool
    mentions: int = 1
    shared: int = 0
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Combination:
    """Traces of different kinds that belong to one participant, the most telling first."""

    traces: tuple[Trace, ...]
    weight: float
    strength: Strength
    one_turn: bool


@dataclass(frozen=True, slots=True)
class InsiderClue:
    """A sentence of the redacted text by which a colleague would know who is meant."""

    clue: Clue
    told_by: str
    sentence: str
    traces: tuple[Trace, ...]
    start: int


@dataclass(frozen=True, slots=True)
class ParticipantRisk:
    """What is left of one participant. `speaks` is False for one who is only talked about."""

    label: str
    speaks: bool
    traces: tuple[Trace, ...]
    combinations: tuple[Combination, ...]
    clues: tuple[InsiderClue, ...]

    @property
    def strength(self) -> Strength:
        """That of the worst combination."""
        return self.combinations[0].strength if self.combinations else Strength.LITTLE

    @property
    def weight(self) -> float:
        """That of the worst combination, 0 without one."""
        return self.combinations[0].weight if self.combinations else 0.0


@dataclass(frozen=True, slots=True)
class ResidualRisk:
    """Everybody of whom something is left, worst first, and what nobody looked for."""

    participants: tuple[ParticipantRisk, ...]
    not_sought: tuple[EntityType, ...]
