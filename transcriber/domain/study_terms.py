"""What a study agreed on besides names and policy: consent, retention, and where releases go."""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.retention import UNLIMITED, Retention


class HandOff(StrEnum):
    """What a release is delivered as: a program for coding, or a plain form."""

    NVIVO = "nvivo"
    ATLAS_TI = "atlas_ti"
    MAXQDA = "maxqda"
    QUALCODER = "qualcoder"
    TAGUETTE = "taguette"
    FOLDER = "folder"
    WEBHOOK = "webhook"


class Listening(StrEnum):
    """How much of a recording has to be heard before its transcript may leave."""

    EVERYTHING = "everything"
    RISKY = "risky"
    """The most doubtful turns, and a random share of the others."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Checking:
    """What sign-off asks for: names decided, sound heard, the text read as it will leave.

    With `second_reviewer` two people have to sign the same text.
    """

    entities: bool = True
    listening: Listening = Listening.EVERYTHING
    cold_read: bool = True
    second_reviewer: bool = False


EVERYTHING_CHECKED = Checking()
"""All three passes, signed by one person."""


@dataclass(frozen=True, slots=True)
class StudyTerms:
    """What participants agreed to and what was promised to them.

    `voice_comparison` allows voice prints, which are biometric data; `archiving` allows a deposit
    with a data archive. `retention` says when what identifies people is destroyed. `checking` says
    what has to be done before a transcript may leave. With `release_sound` the sound leaves with
    each text that is signed from then on, without what that leaves out; the voice still identifies
    the person. With `consent_per_person` what is not on record for a participant counts as not
    agreed.
    """

    voice_comparison: bool = False
    archiving: bool = False
    retention: Retention = UNLIMITED
    hand_off: tuple[HandOff, ...] = ()
    checking: Checking = EVERYTHING_CHECKED
    release_sound: bool = False
    consent_per_person: bool = False


UNDECIDED = StudyTerms()
"""Nothing is allowed, nothing promised, and nothing is handed on."""
