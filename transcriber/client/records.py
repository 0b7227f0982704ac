"""What the service answers, as types. Fields that a newer service adds are passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class _Record:
    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Read an answer."""
        return cls(**{each.name: answer[each.name] for each in fields(cls) if each.name in answer})


@dataclass(frozen=True)
class StudyBrief(_Record):
    """A study in a list; `recordings` counts them by state. The time is UTC in milliseconds."""

    id: str
    name: str
    version: int
    created_at_ms: int
    recordings: Mapping[str, int]


@dataclass(frozen=True)
class Study(_Record):
    """A study; `version` is raised with every change."""

    id: str
    name: str
    version: int
    created_at_ms: int
    policies: list[str]
    terms: Mapping[str, Any]


@dataclass(frozen=True)
class Roster(_Record):
    """The names that a study knows beforehand; `version` is that of the study."""

    version: int = 0
    participants: list[Mapping[str, Any]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recording(_Record):
    """A recording; `state` is one of waiting, working, failed, cancelled, draft, ready, signed_off.

    `failure` has a `code` and a `sentence`. `duration_ms` is None until the sound was read.
    """

    id: str
    code: str
    kind: str
    created_at_ms: int
    duration_ms: int | None
    state: str
    job_id: str | None
    stages: list[Mapping[str, Any]]
    failure: Mapping[str, str] | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is being made of it."""
        return self.state not in ("waiting", "working")


@dataclass(frozen=True)
class Eta(_Record):
    """In how many milliseconds it ends: half of them end between `low_ms` and `high_ms`."""

    low_ms: float
    likely_ms: float
    high_ms: float
    words: str


@dataclass(frozen=True)
class Progress(_Record):
    """How far a recording is: `fraction` from 0 to 1; `eta` is None while nobody knows."""

    recording_id: str
    state: str
    stages: list[str]
    fraction: float
    eta: Eta | None
    failure_code: str | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Read an answer."""
        eta = Eta.of(answer["eta"]) if answer.get("eta") else None
        return super().of({**answer, "eta": eta})


@dataclass(frozen=True)
class Release(_Record):
    """What was signed off of a recording; it is never changed."""

    id: str
    recording_id: str
    code: str
    number: int
    size_bytes: int
    released_by: str | None
    created_at_ms: int
    withdrawn_at_ms: int | None = None
