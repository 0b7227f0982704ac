"""Labels of the speakers of one recording.

A label never claims to know who somebody is: the labels on the roster stay free for the people who
have them, until a person says which voice is whose.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count

from transcriber.domain.labels import Labels
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Speaker, Transcript
from transcriber.stages.interview.roles import guess_role

_STUDY_CODE = re.compile(r"(INT|FG)(\d+)")

Allot = Callable[[Sequence[str]], Sequence[str]]
"""Gives these speakers of the recording labels that nobody else in the study has: `P01`, …"""


def label_speakers(
    transcript: Transcript, recording: Recording, labels: Labels, allot: Allot
) -> Transcript:
    """Return the transcript with a label for every speaker.

    Whoever seems to lead the talk is `INT` or `MOD`, with the guess beside it. All others are
    participants: `P01`, `P02`, … through the whole study, in the order in which they are first
    heard; in groups of a study with unlinked labels `FG1_P1`, `FG1_P2`, …
    """
    found = guess_role(transcript, recording.kind)
    leader = found[0] if found else None
    others = [speaker.id for speaker in transcript.speakers if speaker.id != leader]
    if recording.kind is Kind.GROUP and labels is Labels.UNLINKED:
        given = [f"{_group(recording)}_P{place}" for place in range(1, len(others) + 1)]
    else:
        given = list(allot(others))
    named = dict(zip(others, given, strict=True))
    speakers = [
        Speaker(leader, found[1].role.value, found[1])
        if found and speaker.id == leader
        else replace(speaker, label=named[speaker.id])
        for speaker in transcript.speakers
    ]
    return replace(transcript, speakers=tuple(speakers))


def roster_labels(roster: Roster) -> frozenset[str]:
    """Return the labels that belong to people on the roster, in capitals."""
    return frozenset(person.label.upper() for person in roster.participants if person.label)


def _group(recording: Recording) -> str:
    """Return `FG1` for the code FG01; a code that is a file's own name may not become a label."""
    code = _STUDY_CODE.fullmatch(recording.code)
    return f"{code[1]}{int(code[2])}" if code else "FG"


Voice = tuple[str, str]
"""Code of a recording, and a speaker's id in it."""


def next_labels(
    taken: Mapping[Voice, str], recording: str, speakers: Sequence[str], reserved: Collection[str]
) -> dict[Voice, str]:
    """Return the label of each of these speakers: the one that it has, else the next free one.

    `taken` are the study's labels so far. A label that has come to be `reserved`, because the
    roster gives it to somebody, is given up.
    """
    used = {*taken.values(), *reserved}
    free = (label for n in count(1) if (label := f"P{n:02d}") not in used)
    given: dict[Voice, str] = {}
    for speaker in speakers:
        theirs = taken.get((recording, speaker))
        if theirs is None or theirs in reserved:
            theirs = next(free)
        given[recording, speaker] = theirs
    return given
