"""All that is held on one participant, as they may ask for it (GDPR Art. 15 and 20).

What is other people's is not in it (Art. 15(4)): in their own talk the names of others are
replaced, and of what others said about them only that they were mentioned. Times are UTC in
milliseconds, except `start_ms` and `end_ms`, which are in the recording.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What the study wrote down before any recording."""

    name: str
    label: str
    aliases: tuple[str, ...]
    pronoun: str | None
    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What stands for them in transcripts, and which spellings it stands for."""

    replacement: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """One of their turns: as said, with others' names replaced."""

    start_ms: int
    end_ms: int
    said: str


@dataclass(frozen=True, slots=True)
class ReleasedVersion:
    """What left of their talk in one release that stands, a paragraph a turn."""

    release_id: str
    number: int
    released_at_ms: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldMention:
    """Where somebody mentioned them, themselves included; `by` is the label of who spoke."""

    start_ms: int
    spelling: str
    by: str


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """What a person decided on a mention of them: `leaves` that it stands as it was said."""

    start_ms: int
    spelling: str
    leaves: bool
    by_role: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class HeldUse:
    """Who, by role, did what with a recording, how often, and when first and last."""

    by_role: str
    action: str
    times: int
    first_at_ms: int
    last_at_ms: int


@dataclass(frozen=True, slots=True)
class HeldRecording:
    """A recording in which they speak or are mentioned.

    `is_checked` says that a person signed its text; until then names of others may stand in it that
    the machine did not find. `destroyed_after_ms` is when the study's terms have its sound
    destroyed, None where no day follows from them yet, where it was destroyed, and where a legal
    hold, which `is_held` says, keeps it.
    """

    code: str
    kind: str
    added_at_ms: int
    is_checked: bool
    turns: tuple[HeldTurn, ...]
    released: tuple[ReleasedVersion, ...]
    mentions: tuple[HeldMention, ...]
    decisions: tuple[HeldDecision, ...]
    uses: tuple[HeldUse, ...]
    destroyed_after_ms: int | None
    sound_destroyed: bool
    words_destroyed: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class Held:
    """All of it; `labels` are those under which their turns were looked for.

    `not_ready` counts recordings of the study whose words are not there yet.
    """

    study: str
    labels: tuple[str, ...]
    made_at_ms: int
    roster: RosterEntry | None
    key: tuple[KeyEntry, ...]
    consent: tuple[str, ...]
    retention: tuple[str, ...]
    recordings: tuple[HeldRecording, ...]
    not_ready: int
