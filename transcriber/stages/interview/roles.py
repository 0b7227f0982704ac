"""Who looks like the interviewer or moderator: a guess with its reasons, or none.

The one who leads an interview asks most of the questions and leaves most of the talk to others
(issue 5). The rule is ours. What it says is offered as a label and always marked as a guess.
"""

from collections import Counter

from transcriber.domain.recording import Kind
from transcriber.domain.transcript import Role, RoleGuess, Transcript
from transcriber.stages.interview.questions import questions

ROLES = {Kind.INDIVIDUAL: Role.INTERVIEWER, Kind.GROUP: Role.MODERATOR}

MOST = 0.6
"""The leader's share of all questions, at least; of two people who chat each asks half."""

SURE_QUESTIONS = 3
"""With fewer questions, only one who also opens the talk is taken for the leader."""

LEAST_QUESTIONS = 2

TALKS_AT_MOST = 0.6
"""Whoever talks more than this share of all words is not the one who listens."""


def guess_role(transcript: Transcript, kind: Kind) -> tuple[str, RoleGuess] | None:
    """Return the speaker who seems to lead the talk, and why; None when unsure."""
    spoken = [word for word in transcript.words if word.struck is None and word.speaker is not None]
    talk = Counter(word.speaker for word in spoken)
    asked = questions(transcript)
    if len(talk) < 2 or not asked:
        return None
    (speaker, number), total = asked.most_common(1)[0], asked.total()
    share = talk[speaker] / talk.total()
    opens = spoken[0].speaker == speaker
    enough = number >= (LEAST_QUESTIONS if opens else SURE_QUESTIONS)
    if not enough or number < MOST * total or share > TALKS_AT_MOST:
        return None
    return speaker, RoleGuess(ROLES[kind], number, total, round(share, 3), opens)
