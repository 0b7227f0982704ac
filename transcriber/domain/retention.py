"""How long a study keeps what identifies people: rules, the days they give, and what is due.

Three things are kept for as long as a promise allows: the sound of a recording, its named
transcript (the machine's words, what was found in them and what people decided), and the study's
key of who is who. Releases are none of these and stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

DAY_MS = 24 * 60 * 60 * 1000


class Held(StrEnum):
    """What is destroyed by itself, apart from the rest."""

    SOUND = "sound"
    """The files as they were recorded, copies to listen to, outlines, samples of voices."""
    TRANSCRIPT = "transcript"
    """All that says what was said before anything was replaced; the sound goes with it."""
    KEY = "pseudonyms"
    """Who is who in a study: its key, its roster, and decisions on names of the whole study."""


class Why(StrEnum):
    """By which rule something is destroyed."""

    AFTER_RELEASE = "after_release"
    ON_DATE = "on_date"
    ASKED = "asked"
    """A person asked for it."""
    RETURNED = "returned"
    """It was destroyed before, and was in a backup that was put back."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Until when one thing is kept; with both, whichever comes first. Neither: a person decides.

    A date is the day in UTC at whose beginning nothing may be left any more.
    """

    days_after_release: int | None = None
    on: date | None = None

    def due(self, released_at_ms: int | None) -> tuple[int, Why] | None:
        """Return when it is due, in UTC milliseconds, and by which part of the rule.

        `released_at_ms` is None before there is a release that stands.
        """
        found = []
        if self.days_after_release is not None and released_at_ms is not None:
            after_ms = released_at_ms + self.days_after_release * DAY_MS
            found.append((after_ms, Why.AFTER_RELEASE))
        if self.on is not None:
            start = datetime(self.on.year, self.on.month, self.on.day, tzinfo=UTC)
            found.append((round(start.timestamp() * 1000), Why.ON_DATE))
        return min(found, default=None)


BY_HAND = Rule()
"""Nothing happens by itself."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The rules of a study, and how many days before it is told what will be destroyed."""

    sound: Rule = BY_HAND
    transcript: Rule = BY_HAND
    key: Rule = BY_HAND
    warning_days: int = 14

    def rule(self, held: Held) -> Rule:
        """Return the rule for one thing."""
        return {Held.SOUND: self.sound, Held.TRANSCRIPT: self.transcript, Held.KEY: self.key}[held]

    @property
    def sound_at_latest(self) -> Rule:
        """Until when sound is kept: not for longer than words, which could be made of it again."""
        days = (self.sound.days_after_release, self.transcript.days_after_release)
        dates = (self.sound.on, self.transcript.on)
        return Rule(
            min((each for each in days if each is not None), default=None),
            min((each for each in dates if each is not None), default=None),
        )


UNLIMITED = Retention()
"""Everything is kept until somebody erases it."""


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """What a plan has to know of a recording: when the first release that stands was made.

    `gone` says what of it was destroyed already; `held` that somebody forbade destroying it.
    """

    id: str
    released_at_ms: int | None
    gone: frozenset[Held] = frozenset()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """What is destroyed when, and by which rule; of a recording, or of a study for its key.

    One that is `held` is passed over for as long as it is.
    """

    held_thing: Held
    subject_id: str
    due_at_ms: int
    why: Why
    held: bool = False


@dataclass(frozen=True, slots=True)
class KeptStudy:
    """A study as a plan sees it. `key_gone` once nobody can say any more who is who."""

    id: str
    retention: Retention
    recordings: Sequence[KeptRecording] = field(default=())
    held: bool = False
    key_gone: bool = False


def plan(study: KeptStudy) -> tuple[Due, ...]:
    """Return all that the rules of a study will destroy, what comes first first.

    The days of the key count from when the last recording was released, and not before each is.
    """
    found = []
    for recording in study.recordings:
        held = study.held or recording.held
        words = study.retention.transcript.due(recording.released_at_ms)
        sound = study.retention.sound_at_latest.due(recording.released_at_ms)
        for thing, due in ((Held.SOUND, sound), (Held.TRANSCRIPT, words)):
            if due is not None and thing not in recording.gone:
                found.append(Due(thing, recording.id, *due, held))
    if not study.key_gone:
        key = study.retention.key.due(_all_released_at_ms(study.recordings))
        held = study.held or any(recording.held for recording in study.recordings)
        if key is not None:
            found.append(Due(Held.KEY, study.id, *key, held))
    # Sound before words where both are due at once: destroying the words asks that it is gone.
    order = list(Held)
    return tuple(sorted(found, key=lambda due: (due.due_at_ms, order.index(due.held_thing))))


def _all_released_at_ms(recordings: Sequence[KeptRecording]) -> int | None:
    times = [recording.released_at_ms for recording in recordings]
    known = [time for time in times if time is not None]
    return max(known) if known and len(known) == len(times) else None


class Status(StrEnum):
    """What a release may be called (GDPR recital 26; the ICO's guidance on anonymisation)."""

    PSEUDONYMISED = "pseudonymised"
    """Somebody could still be named: sound, named transcript or key are there."""
    ANONYMISED = "anonymised"
    """All three are destroyed, and a person has assessed that nobody can be named any more."""


def status_of(gone: frozenset[Held], *, key_gone: bool, assessed: bool) -> Status:
    """Return what a release of a recording may be called."""
    nothing_left = {Held.SOUND, Held.TRANSCRIPT} <= gone and key_gone
    return Status.ANONYMISED if nothing_left and assessed else Status.PSEUDONYMISED


HOUR_MS = 60 * 60 * 1000

STEADY_MS = 6 * HOUR_MS
"""A clock that jumped has to go on evenly for so long before it is believed: a wrong one is set
right by then, and a machine that is on in working hours only is on for so long."""

LONGEST_GAP_MS = 3 * HOUR_MS
"""Between two looks, which are minutes apart; a longer step is a jump of the clock, or an outage.

No smaller jump can be told from a slow machine, so nothing is destroyed earlier than this after
it is due."""


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """When a look was last taken, and since when the clock has gone evenly; UTC milliseconds."""

    last_ms: int
    steady_since_ms: int


def look(before: ClockSeen | None, now_ms: int) -> ClockSeen:
    """Return what is known of the clock after looking at it once more."""
    if before is None or not 0 <= now_ms - before.last_ms <= LONGEST_GAP_MS:
        return ClockSeen(now_ms, now_ms)
    return ClockSeen(now_ms, before.steady_since_ms)


def is_believed(seen: ClockSeen) -> bool:
    """Whether a clock has gone evenly for long enough to destroy anything by it."""
    return seen.last_ms - seen.steady_since_ms >= STEADY_MS


def due_now(planned: Sequence[Due], now_ms: int) -> tuple[Due, ...]:
    """Return what is to be destroyed by a clock that is believed, without what is held."""
    return tuple(
        due for due in planned if not due.held and due.due_at_ms + LONGEST_GAP_MS <= now_ms
    )


def warned_of(planned: Sequence[Due], now_ms: int, warning_days: int) -> tuple[Due, ...]:
    """Return what people are to be told of: what is due within the days of the warning."""
    until_ms = now_ms + warning_days * DAY_MS
    return tuple(due for due in planned if due.due_at_ms <= until_ms)


def counted(planned: Sequence[Due]) -> Mapping[Held, int]:
    """Count what is planned by what it is."""
    return {thing: n for thing in Held if (n := sum(due.held_thing is thing for due in planned))}
