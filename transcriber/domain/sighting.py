"""An identifier that somebody saw in a release, and where else it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that identify somebody: how they are compared, and whether they are said by name.

    What is a name is sought by its sound as well; `is_person` says whose sounds to go by.
    """

    form: tuple[str, ...]
    is_name: bool
    is_person: bool


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """A stretch of tokens in a paragraph of a released text that is one of the sought words.

    `paragraph` counts from 1, as people quote it; `turn` is its id over versions. `first_ms` and
    `last_ms` are when the first and the last token start. `by_sound`: it only sounds like them.
    """

    paragraph: int
    turn: str
    first_ms: int
    last_ms: int
    by_sound: bool
