"""From uploaded files to a recording on one timeline that is ready to be heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, IngestedRecording, Recording, Track
from transcriber.stages.protocols import Decoder, Progress, SpeechDetector
from transcriber.stages.regions import merged, plan_regions
from transcriber.stages.timeline import Timeline

SAMPLES_NAME = "samples.s16"
"""All of the recording; with tracks apart, `samples-1.s16` and so on stand beside it."""


@dataclass(frozen=True)
class Ears:
    """What listens to a file: a decoder and a speech detector."""

    decoder: Decoder
    detector: SpeechDetector


def ingest(
    sources: Sequence[Path],
    recording: Recording,
    workspace: Path,
    ears: Ears,
    progress: Progress,
) -> IngestedRecording:
    """Decode `sources`, the files of one recording, and find out where somebody speaks.

    They are joined in order, or mixed where they are one speaker's each, and what lies outside the
    recording's trim is cut off; every time from here on counts from the start of what is left.
    Raises InputError when a file cannot be used, when nothing is left or nobody speaks,
    StorageError when the disk refuses, EngineMissing without a detector; nothing is left in the
    workspace then.
    """
    timeline = Timeline(sources, recording, workspace, ears.decoder, progress)
    mix = workspace / SAMPLES_NAME
    try:
        if recording.side_by_side:
            audio, audios, parts = timeline.side_by_side(mix)
        else:
            audio, parts = timeline.joined(mix, None)
            audios = _tracks(timeline) if recording.tracks else ()
        if audios:
            heard = _apart(audios, ears.detector)
            speech = _heard(
                merged([place for track in heard for place in track.speech], audio.duration_ms)
            )
        else:
            speech = _heard(ears.detector.speech(audio))
            heard = (Track(audio, speech, plan_regions(speech, audio.duration_ms)),)
        return IngestedRecording(audio, speech, heard, parts, apart=bool(audios))
    except BaseException:
        for left in workspace.glob("samples*.s16*"):
            left.unlink()
        raise


def _heard(speech: Sequence[Interval]) -> tuple[Interval, ...]:
    if not speech:
        raise InputError(
            "no_speech",
            "No speech was found in this recording. Nothing was stored. "
            "Listen to it, check that the right microphone was on, and drop another file here.",
        )
    return tuple(speech)


def _tracks(timeline: Timeline) -> tuple[Audio, ...]:
    """Decode each track of the files by itself."""
    if timeline.tracks < 2:
        raise InputError(
            "one_track",
            "This recording has one track only, so its speakers were not recorded apart. "
            "Leave out --tracks: who is speaking is then found from the voices. If each speaker "
            "has a file, give all of them with --side-by-side.",
        )
    return tuple(
        timeline.joined(timeline.workspace / f"samples-{number + 1}.s16", number)[0]
        for number in range(timeline.tracks)
    )


def _apart(audios: Sequence[Audio], detector: SpeechDetector) -> tuple[Track, ...]:
    """Find what each track's own speaker says."""
    from transcriber.stages.cross_talk import own_speech

    speech = own_speech(audios, [detector.speech(audio) for audio in audios])
    return tuple(
        Track(audio, own, plan_regions(own, audio.duration_ms))
        for audio, own in zip(audios, speech, strict=True)
    )
