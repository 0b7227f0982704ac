"""What a study agreed on besides names and policy: consent, retention, and where releases go."""

from dataclasses import dataclass
from enum import StrEnum


class HandOff(StrEnum):
    """What a release is delivered as: a program for coding, or a plain form."""

    NVIVO = "nvivo"
    ATLAS_TI = "atlas_ti"
    MAXQDA = "maxqda"
    QUALCODER = "qualcoder"
    TAGUETTE = "taguette"
    FOLDER = "folder"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class StudyTerms:
    """What participants agreed to and what was promised to them.

    `voice_comparison` allows voice prints, which are biometric data; `archiving` allows a deposit
    with a data archive. `retention_days` after sign-off the sound and the key of who is who are
    destroyed; None leaves that to a person.
    """

    voice_comparison: bool = False
    archiving: bool = False
    retention_days: int | None = None
    hand_off: tuple[HandOff, ...] = ()


UNDECIDED = StudyTerms()
"""Nothing is allowed, nothing promised, and nothing is handed on."""
