"""What every export says alike: the marks, the labels and talk that fits on one line.

Rules: DESIGN (Command line) for the marks; the label form is what NVivo, MAXQDA and ATLAS.ti all
recognise at the start of a paragraph, where MAXQDA reads at most 63 characters.
"""

import re
from dataclasses import replace

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.transcript import SPEAKER_LABEL, Coverage, Quality, Role, RoleGuess

DRAFT_SENTENCE = "draft words from the small built-in recogniser: expect many errors"
"""Carried by every file whose words came from the small built-in recogniser."""

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """Drop the characters that XML 1.0 and UTF-8 cannot hold."""
    return _UNWRITABLE.sub("", text)


def one_line(text: str) -> str:
    """Drop unwritable characters and turn every stretch of white space into one space."""
    return " ".join(filter(None, (writable(piece) for piece in text.split())))


def file_stem(code: str) -> str:
    """Return a code as a file name that every system, header and coding tool takes."""
    return re.sub("[^A-Za-z0-9_-]", "", code) or "transcript"


def marks(transcript: RedactedTranscript) -> tuple[str, ...]:
    """Return the sentences that every file of this transcript carries, the check first."""
    number = transcript.release_number
    release = () if number is None else (f"release {number}",)
    draft = (DRAFT_SENTENCE,) if transcript.quality is Quality.DRAFT else ()
    guessed = tuple(f"{label} is a guess from how people talk" for label in transcript.guessed)
    remarks = tuple(one_line(remark) for remark in transcript.remarks)
    return (transcript.checked.value, *release, *draft, *remarks, *guessed)


_ROLES = {Role.INTERVIEWER: "the interviewer", Role.MODERATOR: "the moderator"}


def guess_sentence(label: str, guess: RoleGuess) -> str:
    """Say which role a speaker seems to have, and why; always as a guess."""
    opens = ", and speaks first" if guess.opens else ""
    return (
        f"{label} looks like {_ROLES[guess.role]}: asks {guess.questions:,} of "
        f"{guess.all_questions:,} questions, {guess.talk_share:.0%} of the words{opens}. "
        "This is a guess; a person has to confirm it."
    )


def without_colons(text: str) -> str:
    """Replace colons: MAXQDA takes what stands before a colon for a speaker."""
    return re.sub(r"\s*:\s+", ", ", text).replace(":", ".")


def prepared_turns(transcript: RedactedTranscript) -> tuple[RedactedTurn, ...]:
    """Return the turns with tokens that every format can hold, without those left empty.

    Raises ValueError, without quoting it, for a label that is not capitals, digits and underscores:
    a label of another form may be a name.
    """
    turns = []
    for turn in transcript.turns:
        if not SPEAKER_LABEL.fullmatch(turn.label):
            raise ValueError("a speaker label must be 1-63 capitals, digits and underscores")
        tokens = (replace(token, text=one_line(token.text)) for token in turn.tokens)
        kept = tuple(token for token in tokens if token.text)
        if kept:
            turns.append(replace(turn, tokens=kept))
    return tuple(turns)


def coverage_record(coverage: Coverage) -> dict[str, object]:
    """Return coverage as the JSON formats hold it; milliseconds."""
    return {
        "speech_ms": coverage.speech_ms,
        "untranscribed_ms": coverage.untranscribed_ms,
        "untranscribed": [
            {"start_ms": gap.start_ms, "end_ms": gap.end_ms} for gap in coverage.untranscribed
        ],
    }
