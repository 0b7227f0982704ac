"""What made a transcript: written into it, so that anyone can say later how it came about."""

from dataclasses import asdict

from transcriber import __version__
from transcriber.domain.recording import IngestedRecording
from transcriber.domain.transcript import Recognition
from transcriber.pipeline.work import Work


def provenance(
    work: Work, ingested: IngestedRecording, recognition: Recognition
) -> dict[str, object]:
    """Engines, models, versions, settings and times that made the words and turns."""
    recogniser, recording = work.engines.recogniser, work.job.recording
    return {
        "transcriber": __version__,
        "parts": [asdict(part) for part in ingested.parts],
        "speech_detection": {"engine": work.engines.speech_detector.name},
        "recognition": {
            "engine": recogniser.name,
            **recogniser.provenance(),
            "names_told": recognition.vocabulary_size,
        },
        **_diarisation(work, ingested),
        "settings": {
            "language": recording.language,
            "speakers": asdict(recording.speakers),
            "trim": asdict(recording.trim),
            "tracks": recording.tracks,
            "side_by_side": recording.side_by_side,
        },
        "took_ms": dict(sorted(work.took_ms.items())),
    }


def _diarisation(work: Work, ingested: IngestedRecording) -> dict[str, object]:
    """Say what told voices apart; nothing when that was not asked for."""
    diariser = work.engines.diariser
    engine = "speakers-file" if work.job.told else diariser.name
    if "diarise" in work.failures:
        failed = work.failures["diarise"].code
        return {"diarisation": {"engine": engine, "failed": failed}}
    if "diarise" not in work.results:
        return {}
    if ingested.apart:
        return {"diarisation": {"engine": "tracks"}}
    models = {} if work.job.told else diariser.provenance()
    found: dict[str, object] = {"diarisation": {"engine": engine, **models}}
    if "compare" in work.results:
        comparer = work.engines.voice_comparer
        found["word_speakers"] = {"engine": comparer.name, **comparer.provenance()}
    return found
