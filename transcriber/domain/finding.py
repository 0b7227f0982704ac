"""What may identify somebody, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EntityType(StrEnum):
    """The kinds of identifier, direct ones first (DESIGN: findings.json)."""

    PERSON = "PERSON"
    LOCATION = "LOCATION"
    ORGANISATION = "ORGANISATION"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    HANDLE = "HANDLE"
    ID = "ID"
    POSTCODE = "POSTCODE"
    ADDRESS = "ADDRESS"
    OCCUPATION = "OCCUPATION"
    FAMILY = "FAMILY"
    EVENT = "EVENT"
    HEALTH = "HEALTH"
    RELIGION = "RELIGION"
    NATIONALITY = "NATIONALITY"
    LANGUAGE = "LANGUAGE"


INDIRECT = frozenset(
    {
        EntityType.OCCUPATION,
        EntityType.FAMILY,
        EntityType.EVENT,
        EntityType.HEALTH,
        EntityType.RELIGION,
        EntityType.NATIONALITY,
        EntityType.LANGUAGE,
    }
)
"""Identify only in combination: flagged for the reviewer, not replaced by default."""


IN_WORDS: Mapping[EntityType, str] = {
    EntityType.PERSON: "people",
    EntityType.LOCATION: "places",
    EntityType.ORGANISATION: "organisations",
    EntityType.DATE: "dates",
    EntityType.AGE: "ages",
    EntityType.PHONE: "telephone numbers",
    EntityType.EMAIL: "e-mail addresses",
    EntityType.URL: "web addresses",
    EntityType.HANDLE: "user names",
    EntityType.ID: "numbers and codes",
    EntityType.POSTCODE: "postcodes",
    EntityType.ADDRESS: "addresses",
    EntityType.OCCUPATION: "work",
    EntityType.FAMILY: "family",
    EntityType.EVENT: "events",
    EntityType.HEALTH: "health",
    EntityType.RELIGION: "religion",
    EntityType.NATIONALITY: "origin",
    EntityType.LANGUAGE: "language",
}
"""What people call them, several at once."""


PERSON_SOURCE = "person"
"""The source of a finding that somebody marked."""


class Action(StrEnum):
    """What a policy does with a finding."""

    REPLACE = "replace"
    GENERALISE = "generalise"
    KEEP = "keep"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a recording a finding was spoken: word numbers inclusive, times in milliseconds."""

    first_word: int
    last_word: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A detected identifier: `text == input_text[start:end]`, offsets in code points.

    `source` says who found it (`roster`, `roster-sound`, a recogniser's name); `entity` is the
    key under which all mentions of one person, place or number get one replacement; `part` names a
    place outside the body text, such as a header. `action` and `replacement` are None until the
    policy has been applied.
    """

    start: int
    end: int
    entity_type: EntityType
    text: str
    score: float
    source: str
    entity: str = ""
    place: Place | None = None
    part: str | None = None
    action: Action | None = None
    replacement: str | None = None
