"""Who speaks when, as a meeting program wrote it down beside the recording."""

from dataclasses import dataclass

from transcriber.domain.transcript import Speaker, Turn


@dataclass(frozen=True, slots=True)
class ToldSpeakers:
    """Turns whose times may be some seconds off, and their speakers in order of appearance.

    No name is in it: a speaker's id is `S1`, `S2`, … and the label is the study's where the roster
    has one, else the id.
    """

    turns: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
