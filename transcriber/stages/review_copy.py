"""What a person listens to while checking: the recording's one timeline, ready for a browser."""

from pathlib import Path

from transcriber.domain.recording import IngestedRecording, ReviewCopy
from transcriber.stages.peaks import peaks
from transcriber.stages.protocols import Progress, ReviewEncoder

NAME = "review"


def review_copy(
    ingested: IngestedRecording, workspace: Path, encoder: ReviewEncoder, progress: Progress
) -> ReviewCopy:
    """Write the copy into `workspace`. Raises StorageError."""
    path = workspace / f"{NAME}{encoder.suffix}"
    encoder.encode(ingested.audio, path, progress)
    return ReviewCopy(path, peaks(ingested.audio))
