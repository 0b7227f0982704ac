"""Somebody takes back what they gave: who it is, and what of theirs was taken out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CONTRIBUTION_WITHDRAWN = "[contribution withdrawn]"
"""Stands where a turn of theirs stood, in the transcript and in what leaves."""

NAME_WITHDRAWN = "[name withdrawn]"
"""Stands where somebody else mentioned them."""


def is_withdrawn(text: str) -> bool:
    """Whether this stands where something was taken back, so that nobody said it."""
    return text in (CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Who withdraws: their labels in transcripts, and what means them in the talk of others.

    `entities` are the keys of the findings that are mentions of them; `replacements` are what stood
    for them in texts that were signed, such as `[P03]`; `spellings` are their names as they are
    known to the study. `told` are types and keys of people, places and numbers that they alone
    spoke of.
    """

    labels: frozenset[str]
    entities: frozenset[str] = frozenset()
    replacements: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()

    def is_about(self, entity_type: str, entity: str) -> bool:
        """Whether a decision or an entry of the key is on them, or on what they alone told."""
        return entity in self.entities or (entity_type, entity) in self.told


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken out of one recording that stays: how much, and what became of its releases.

    `releases` are the ids of those that stood and were withdrawn, each with the id of the version
    that took its place. `sound_ms` is of them and their name, `unclear_ms` of speech besides that
    nobody wrote down: it is silenced, because nobody can tell whose it is.
    """

    turns: int
    words: int
    sound_ms: int
    mentions: int
    unclear_ms: int
    releases: tuple[tuple[str, str], ...] = ()


class Fate(StrEnum):
    """What becomes of a recording in which somebody speaks, or is mentioned, who withdraws."""

    ERASED = "erased"
    """All of it is theirs: nobody else speaks but whoever leads the talk."""
    TAKEN_OUT = "taken_out"
    """Others speak in it: it stays, without what was theirs."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A recording of a withdrawal: how much of it is theirs, and what becomes of it.

    `code` is None once it is erased. `mentions` counts mentions of them by others. `finished_at_ms`
    is UTC, None while it is to be done.

    Where they speak in a recording that stays, nobody can tell whose some of it is: `unclear_ms` is
    speech without words, which is silenced; `unknown_words` are words of an unknown speaker or of
    several at once, which stay, and so does their sound.
    """

    recording_id: str
    code: str | None
    fate: Fate
    turns: int = 0
    words: int = 0
    sound_ms: int = 0
    mentions: int = 0
    finished_at_ms: int | None = None
    unclear_ms: int = 0
    unknown_words: int = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a withdrawal that has begun does not go on: an error's code, and since when, UTC."""

    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """A release that is taken back; `next_number` is that of the version in its place, if any.

    `places_untold` counts the places it was handed off to that could not be told of the recall
    before the recording was erased. Nothing here tells them any more.
    """

    recording_id: str
    release_id: str
    number: int
    next_release_id: str | None = None
    next_number: int | None = None
    places_untold: int = 0


@dataclass(frozen=True, slots=True)
class CopyTaken:
    """Something left the service before: nothing here can erase it.

    `action` is the audit's name of what was done; `at_ms` is UTC.
    """

    action: str
    by_role: str
    at_ms: int
    recording_id: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a withdrawal will do, before anybody confirms it.

    `key_entries` counts what the register of pseudonyms holds on them, `decisions` what was decided
    on their names for the whole study. `not_ready` are codes of recordings without words, of which
    nobody can tell who speaks. `held` are codes of recordings that a legal hold keeps, `at_work` of
    those that are being worked on. `stamp` changes with anything that it tells.
    """

    labels: tuple[str, ...]
    on_roster: bool
    key_gone: bool
    key_entries: int
    decisions: int
    recordings: tuple[Affected, ...]
    recalled: tuple[Recalled, ...]
    copies: tuple[CopyTaken, ...]
    not_ready: tuple[str, ...]
    held: tuple[str, ...]
    at_work: tuple[str, ...]
    withdraw_by: date | None = None
    stamp: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way now."""
        return not (self.held or self.at_work)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a withdrawal did: ids, counts and times, and nobody's name. Times are UTC.

    `finished_at_ms` is None while it goes on, `stopped` while nothing stands in its way. `echoes`
    counts replies of others that may repeat what was withdrawn, each for a person to decide on.
    """

    id: str
    study_id: str
    started_at_ms: int
    finished_at_ms: int | None
    on_roster: bool
    key_entries: int
    decisions: int
    recordings: tuple[Affected, ...]
    recalled: tuple[Recalled, ...]
    copies: tuple[CopyTaken, ...]
    echoes: int = 0
    stopped: Stopped | None = None
