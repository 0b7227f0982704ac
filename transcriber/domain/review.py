"""What checking has made of a recording: findings as they were judged, turns as they were checked.

All of it follows from the machine's transcript, what was found in it, and the list of events
(`domain/edit.py`); nothing of it is kept anywhere else.
"""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.edit import Edit
from transcriber.domain.finding import Finding


class Origin(StrEnum):
    """How an event came into the list.

    By a person; as the undoing of one batch or its redoing; by detection that looked again; or
    with a decision for the whole study.
    """

    PERSON = "person"
    UNDO = "undo"
    REDO = "redo"
    MACHINE = "machine"
    STUDY = "study"


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the list: `number` counts from 0, and one `batch` is one step to undo.

    `decided_by` is an account, None for the machine; the time is UTC in milliseconds.
    """

    number: int
    edit: Edit
    batch: str
    origin: Origin = Origin.PERSON
    decided_by: str | None = None
    created_at_ms: int = 0


class FindingState(StrEnum):
    """What people made of a finding. Only what was rejected leaves as it was said."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding of the version at hand, with its replacement as it would leave.

    `event` is the number of the event that decided on it, None where none did. `for_all` says that
    this was a decision for all mentions at once. A person added what was `missed` where the machine
    had found nothing.
    """

    finding: Finding
    state: FindingState
    event: int | None = None
    for_all: bool = False
    missed: bool = False

    @property
    def leaves(self) -> bool:
        """Whether the words leave as they were said."""
        return self.state is FindingState.REJECTED


@dataclass(frozen=True, slots=True)
class ReviewTurn:
    """A segment of the version at hand; word numbers, both inclusive.

    It is `heard` and `read` when all of its words were, after their last change; `stale` when that
    was so of some of them until something changed. `noted` and `withheld` hold of any of them.
    """

    first_word: int
    last_word: int
    speaker: str | None
    heard: bool
    read: bool
    stale: bool
    noted: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class Withheld:
    """Words of which nothing leaves; `event` is the number of the event that says so."""

    event: int
    first_word: int
    last_word: int
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote on some words for whoever checks after them."""

    event: int
    first_word: int
    last_word: int
    text: str
    written_by: str | None
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far checking is; the times are lengths of turns in milliseconds.

    `bulk_accepted` are findings on which nobody decided one by one.
    """

    speech_ms: int
    heard_ms: int
    read_ms: int
    findings: int
    undecided: int
    bulk_accepted: int
    stale_turns: int
