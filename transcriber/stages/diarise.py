"""Find out which voice speaks when."""

from itertools import pairwise

from transcriber.domain.errors import EngineFailed
from transcriber.domain.recording import IngestedRecording, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn, Voice
from transcriber.stages.protocols import Diariser, Progress


def diarise(
    ingested: IngestedRecording, count: SpeakerCount, diariser: Diariser, progress: Progress
) -> Diarisation:
    """Return the turns of a recording in order of start, all of them within it, and its voices.

    Where each speaker has a track, turns are the speech in it and no voice is compared. Progress
    is in the engine's own unit. Raises EngineFailed when the engine's turns are out of order or
    outside the recording, because words would then go to the wrong people in silence.
    """
    if ingested.apart:
        return _turns_of_tracks(ingested)
    found = diariser.diarise(ingested.audio, ingested.speech, count, progress)
    turns = found.turns
    ordered = all(
        first.interval.start_ms <= second.interval.start_ms for first, second in pairwise(turns)
    )
    if not ordered or any(turn.interval.end_ms > ingested.audio.duration_ms for turn in turns):
        raise EngineFailed(
            "diarisation_invalid",
            "The speaker model returned turns out of order or outside the recording; "
            "nothing was attributed.",
        )
    return found


def track_speakers(ingested: IngestedRecording) -> tuple[str | None, ...]:
    """Return the speaker of each track: `S1`, `S2`, … by first word; None where it is not known.

    A track on which nobody speaks has no speaker, and nothing to say either.
    """
    if not ingested.apart:
        return (None,) * len(ingested.heard)
    speaking = [number for number, track in enumerate(ingested.heard) if track.speech]
    speaking.sort(key=lambda number: ingested.heard[number].speech[0])
    labels = {number: f"S{place}" for place, number in enumerate(speaking, start=1)}
    return tuple(labels.get(number) for number in range(len(ingested.heard)))


def _turns_of_tracks(ingested: IngestedRecording) -> Diarisation:
    turns = [
        Turn(speaker, stretch)
        for track, speaker in zip(ingested.heard, track_speakers(ingested), strict=True)
        if speaker is not None
        for stretch in track.speech
    ]
    turns.sort(key=lambda turn: (turn.interval, turn.speaker))
    speakers = dict.fromkeys(turn.speaker for turn in turns)
    return Diarisation(tuple(turns), tuple(Voice(speaker) for speaker in speakers))
