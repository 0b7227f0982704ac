"""Somebody takes back what they gave: who it is, and what of theirs was taken out."""

from dataclasses import dataclass

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
    known to the study.
    """

    labels: frozenset[str]
    entities: frozenset[str] = frozenset()
    replacements: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken out of one recording that stays: how much, and what became of its releases.

    `releases` are the ids of those that stood and were withdrawn, each with the id of the version
    that took its place.
    """

    turns: int
    words: int
    sound_ms: int
    mentions: int
    releases: tuple[tuple[str, str], ...] = ()
