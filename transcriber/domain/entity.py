"""Whom or what the mentions of a study mean: the private half of every replacement."""

from dataclasses import dataclass, field

from transcriber.domain.finding import EntityType


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented name in its parts. A place has a `first` only; empty means not invented yet."""

    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, place, organisation or number of a study.

    `id` is its own within the study; `key` is the fullest plain form known of it, its own among
    entities of one type; `forms` are all plain forms in which it was mentioned. `written` says in
    which recording, by its code, which form was replaced already: what was written of a recording
    stays when later ones show that a name may mean somebody else too. `number` stands in its label
    and is None until a label is asked for.
    """

    id: int
    entity_type: EntityType
    key: str
    forms: frozenset[str] = frozenset()
    number: int | None = None
    invented: Invented = field(default_factory=Invented)
    written: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_written(self) -> bool:
        """Whether something stands for it in a transcript."""
        return self.number is not None or self.invented != Invented()
