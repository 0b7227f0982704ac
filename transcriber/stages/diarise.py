"""Find out which voice speaks when."""

from itertools import pairwise

from transcriber.domain.errors import EngineFailed
from transcriber.domain.recording import IngestedRecording, SpeakerCount
from transcriber.domain.transcript import Turn
from transcriber.stages.protocols import Diariser, Progress


def diarise(
    ingested: IngestedRecording, count: SpeakerCount, diariser: Diariser, progress: Progress
) -> tuple[Turn, ...]:
    """Return the turns of a recording in order of start, all of them within it.

    Progress is in the engine's own unit. Raises EngineFailed when the engine's turns are out of
    order or outside the recording, because words would then go to the wrong people in silence.
    """
    turns = diariser.diarise(ingested.audio, ingested.speech, count, progress)
    ordered = all(
        first.interval.start_ms <= second.interval.start_ms for first, second in pairwise(turns)
    )
    if not ordered or any(turn.interval.end_ms > ingested.audio.duration_ms for turn in turns):
        raise EngineFailed(
            "diarisation_invalid",
            "The speaker model returned turns out of order or outside the recording; "
            "nothing was attributed.",
        )
    return turns
