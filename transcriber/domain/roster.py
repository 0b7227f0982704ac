"""Names that a study knows before any recording is heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part: a name, other names for the same person, and the study's label."""

    name: str
    label: str | None = None
    aliases: tuple[str, ...] = ()
    pronoun: str | None = None
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Known names by kind. `keep` holds what must never be redacted."""

    participants: tuple[Participant, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name on it once, those most likely to be said first."""
        taking_part = [n for person in self.participants for n in (person.name, *person.aliases)]
        return tuple(dict.fromkeys((*taking_part, *self.people, *self.places, *self.organisations)))


NOBODY_KNOWN = Roster()
"""No name is known beforehand."""
