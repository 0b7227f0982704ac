"""What is destroyed by the rules of a study, in words."""

from collections.abc import Sequence

from transcriber.domain.retention import Due, Held, counted

HELD = {
    Held.SOUND: ("the sound of 1 recording", "the sound of {} recordings"),
    Held.TRANSCRIPT: ("1 named transcript", "{} named transcripts"),
    Held.KEY: ("the key of who is who", "{} keys of who is who"),
}
"""What a study keeps for as long as it promised: one of it, and several."""


def in_words(some: Sequence[Due]) -> str:
    """Return `The sound of 3 recordings, 2 named transcripts`; nothing where nothing is due."""
    told = ", ".join(
        (one if number == 1 else many).format(number)
        for held, number in counted(some).items()
        for one, many in [HELD[held]]
    )
    return told[:1].upper() + told[1:]
