"""Which voice was heard before in the study."""

from collections import defaultdict
from collections.abc import Sequence
from math import fsum, sqrt

from transcriber.domain.transcript import Role, Voice
from transcriber.domain.voice_print import Proposal, VoicePrint

SAME = 0.8
"""Least similarity to somebody heard before; docs/measurements.md has the figures."""

SAME_LEADER = 0.5
"""The same for an interviewer or moderator, who is expected in every recording."""

LEADERS = frozenset(role.value for role in Role)


def propose(voices: Sequence[Voice], known: Sequence[VoicePrint]) -> tuple[Proposal, ...]:
    """Return who of the known people these voices sound like, the most alike first.

    `known` are prints of other recordings and of the same model. Nobody is two voices of one
    recording, and no voice is two people.
    """
    people: defaultdict[str, list[VoicePrint]] = defaultdict(list)
    for voice_print in known:
        people[voice_print.owner].append(voice_print)
    likeness = {
        (voice.speaker, owner): _similarity(voice.print, _mean(prints))
        for voice in voices
        if voice.print
        for owner, prints in people.items()
    }
    proposals: list[Proposal] = []
    taken: set[str] = set()
    for speaker, owner in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        similarity = likeness[speaker, owner]
        first = people[owner][0]
        least = SAME_LEADER if first.label in LEADERS else SAME
        if similarity < least or speaker in taken or owner in taken:
            continue
        taken |= {speaker, owner}
        proposals.append(
            Proposal(
                speaker=speaker,
                owner=owner,
                known_recording=first.recording,
                known_speaker=first.speaker,
                known_label=first.label,
                similarity=round(similarity, 3),
            )
        )
    return tuple(proposals)


def _similarity(one: Sequence[float], other: Sequence[float]) -> float:
    return fsum(a * b for a, b in zip(one, other, strict=True))


def _mean(prints: Sequence[VoicePrint]) -> list[float]:
    """Return the direction of the mean of a person's prints."""
    total = [fsum(column) for column in zip(*(p.vector for p in prints), strict=True)]
    length = sqrt(fsum(value * value for value in total)) or 1.0
    return [value / length for value in total]
