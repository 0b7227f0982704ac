"""Who talks how much and how: figures of one recording.

Words of the field: a *pause* is silence within one speaker's talk, a *gap* silence between two
speakers; talk at once is an *overlap*, and whoever comes in during another's talk and goes on when
that one has stopped takes the turn over (Heldner and Edlund, "Pauses, gaps and overlaps in
conversations", Journal of Phonetics 38, 2010).
"""

from dataclasses import dataclass

from transcriber.domain.interval import Interval


@dataclass(frozen=True, slots=True)
class SpeakerTalk:
    """What one speaker's talk comes to; times in milliseconds.

    - `talk_ms`: time in which he or she speaks, also while others do; `share`: of that of all.
    - `turns`, `longest_turn_ms`: turns and the longest, listening sounds not counted as turns.
    - `listening`: listening sounds: of a second at most, within somebody else's talk.
    - `words`: words that were recognised.
    - `overlapped_ms`: talk while somebody else talks too.
    - `interrupts`, `interrupted`: how often he or she takes over while somebody speaks, and is.
    - `pauses_ms`: silence within his or her talk; `gaps_ms`: silence that he or she ends after
      somebody else spoke.
    """

    speaker: str
    talk_ms: int
    share: float
    turns: int
    longest_turn_ms: int
    listening: int
    words: int
    overlapped_ms: int
    interrupts: int
    interrupted: int
    pauses_ms: int
    gaps_ms: int


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """The figures of all speakers in order of first talk, and what belongs to nobody.

    `stretches` are when each of them talks. `silence_ms` is all time in which nobody does, that
    before the first and after the last talk included; `overlap_ms` all in which several do.
    """

    duration_ms: int
    speakers: tuple[SpeakerTalk, ...]
    stretches: tuple[tuple[Interval, ...], ...]
    silence_ms: int
    overlap_ms: int
