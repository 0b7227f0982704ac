"""How a study's recordings are dealt with here, as it is set up now: counts and kinds, no names."""

from collections.abc import Mapping
from dataclasses import dataclass

from transcriber.domain.access import Role
from transcriber.domain.policy import Policy
from transcriber.domain.study_terms import StudyTerms


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are kept: on this machine, or on another one that the settings name."""

    database_here: bool
    files_here: bool
    broker_here: bool
    key_from_command: bool
    anchors_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Processing:
    """What a record of processing and an assessment are written from.

    `engines` are those that the releases of the study name, or are installed where there is none
    yet. `participants` counts the roster, `webhooks` the addresses that are told what happens,
    `holds` the legal holds that stand.
    """

    study: str
    made_at_ms: int
    individual: int
    groups: int
    participants: int
    releases: int
    engines: tuple[str, ...]
    policies: tuple[Policy, ...]
    terms: StudyTerms
    roles: Mapping[Role, int]
    administrators: int
    webhooks: int
    holds: int
    single_sign_on: bool
    places: Places
    version: str
