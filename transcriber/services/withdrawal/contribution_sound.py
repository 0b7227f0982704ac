"""The sound of a recording without what one participant said: its files, and the copy to listen to.

Files are written anew as WAV at 16 kHz, a channel for each track: all that the service ever hears
of them. Outside of what is gone their samples are what they were; tags, pictures and names of files
are not carried over. Sound in the clear lies in the private folder of `storage/scratch.py` alone.
"""

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineFailed, InputError, RedactionRefused, disk_errors
from transcriber.domain.interval import Interval
from transcriber.domain.recording import (
    BYTES_PER_SAMPLE,
    SAMPLE_RATE_HZ,
    Audio,
    IngestedRecording,
    Recording,
    ReviewCopy,
)
from transcriber.domain.released_sound import Fill
from transcriber.engines.silenced.fill import FADE_MS, Spans, filled, spans_of
from transcriber.engines.silenced.source import blocks
from transcriber.services.review.sound import ReviewSound
from transcriber.services.store import Store
from transcriber.stages.pcm import SAMPLES_PER_MS
from transcriber.stages.protocols import Decoder, ReviewEncoder
from transcriber.stages.review_copy import review_copy
from transcriber.stages.timeline import Timeline
from transcriber.storage.files import PRIVATE_FILE_MODE, sha256_of
from transcriber.storage.scratch import Scratch

BLOCK_SAMPLES = 60 * SAMPLE_RATE_HZ
LONGEST_WAV_BYTES = (1 << 32) - (1 << 16)
"""The format counts bytes in 32 bits."""


@dataclass(frozen=True)
class SourceSilencer:
    """What sound is taken out of files with: a decoder, an encoder for the copy, and a folder."""

    decoder: Decoder
    encoder: ReviewEncoder
    scratch: Scratch


def usual_silencer(store: Store) -> SourceSilencer:
    """Return the one by the settings. Raises StorageError without a folder to work in."""
    from transcriber.engines.pyav.decoder import PyAvDecoder  # heavy, and hardly ever needed
    from transcriber.engines.review_copy import AacEncoder

    return SourceSilencer(PyAvDecoder(), AacEncoder(), Scratch(store.settings.scratch))


@dataclass(frozen=True)
class Gone:
    """What must not be heard any more, in milliseconds of the recording, padding included.

    `spoken` is when they speak: where each speaker has a track, theirs is the loudest there.
    `theirs` are the stretches without speech that nobody wrote down.
    """

    stretches: tuple[Interval, ...]
    spoken: tuple[Interval, ...]
    theirs: tuple[Interval, ...]


@dataclass(frozen=True)
class SilencedSound:
    """Files in the workspace: those of the recording, and the copy; none where these were lost."""

    files: tuple[Path, ...]
    copy: ReviewCopy | None


def silenced_sound(
    sources: Sequence[Path],
    recording: Recording,
    copy: ReviewSound | None,
    gone: Gone,
    silencer: SourceSilencer,
    workspace: Path,
) -> SilencedSound:
    """Write the files of a recording anew, and its copy where it has one.

    Files that cannot be decoded any more are not written: then the copy is made from the former
    copy, and where that cannot be read either, there is none. What cannot be rewritten is not kept.
    Raises StorageError, EngineFailed, and RedactionRefused where something would still be heard.
    """
    try:
        files = _files(sources, recording, gone, silencer, workspace) if sources else ()
    except InputError:
        files = ()
    if copy is None:
        return SilencedSound(files, None)
    if files:
        audio = _timeline(files, recording, silencer, workspace)
    else:
        former = _former(copy, gone, workspace)
        if former is None:
            return SilencedSound((), None)
        audio = former
    _require_silent(audio, spans_of(gone.stretches, audio.sample_count))
    ingested = IngestedRecording(audio, (), (), ())
    return SilencedSound(files, review_copy(ingested, workspace, silencer.encoder, lambda *_: None))


def _files(
    sources: Sequence[Path],
    recording: Recording,
    gone: Gone,
    silencer: SourceSilencer,
    workspace: Path,
) -> tuple[Path, ...]:
    decoded = [
        _tracks(source, number, recording, silencer.decoder, workspace)
        for number, source in enumerate(sources)
    ]
    begins = _begins(decoded, recording)
    apart = list(zip(decoded, begins, strict=True)) if recording.tracks else []
    if recording.side_by_side:
        apart = [([tracks[0] for tracks in decoded], begins[0])]
    # Whose track it is can be heard only before anything is silenced.
    own = [loudest for tracks, begin in apart for loudest in _loudest(tracks, gone.spoken, begin)]
    for tracks, begin in zip(decoded, begins, strict=True):
        for track in tracks:
            _silence(track, _moved(gone.stretches, begin, track, recording))
    for track in own:
        _silence(track, spans_of([Interval(0, track.duration_ms + 1)], track.sample_count))
    return tuple(
        _wav(tracks, workspace / f"silenced-{number}.wav") for number, tracks in enumerate(decoded)
    )


def _tracks(
    source: Path, number: int, recording: Recording, decoder: Decoder, workspace: Path
) -> list[Audio]:
    """Decode a file whole: each track where these are one speaker's each, else all of it mixed."""
    found = decoder.decode(source, workspace / f"all-{number}.s16", lambda *_: None)
    if not recording.tracks or found.tracks < 2:
        return [found.audio]
    found.audio.path.unlink()
    return [
        decoder.decode(
            source, workspace / f"all-{number}-{track}.s16", lambda *_: None, track=track
        ).audio
        for track in range(found.tracks)
    ]


def _begins(decoded: Sequence[Sequence[Audio]], recording: Recording) -> list[int]:
    """Return at which sample of the recording each file begins; below 0 where it is trimmed."""
    at = -recording.trim.start_ms * SAMPLES_PER_MS
    if recording.side_by_side:
        return [at] * len(decoded)
    begins = []
    for tracks in decoded:
        begins.append(at)
        at += max(track.sample_count for track in tracks)
    return begins


def _moved(stretches: Sequence[Interval], begin: int, track: Audio, recording: Recording) -> Spans:
    """Return what is gone of a file as its samples: also what was trimmed, which nobody checked."""
    stop_ms = recording.trim.stop_ms
    inside = [
        (each.start_ms * SAMPLES_PER_MS - begin, each.end_ms * SAMPLES_PER_MS - begin)
        for each in stretches
    ]
    fade = FADE_MS * SAMPLES_PER_MS
    trimmed = [(-fade, -begin)]
    if stop_ms is not None:
        end = (stop_ms - recording.trim.start_ms) * SAMPLES_PER_MS - begin
        trimmed.append((end, track.sample_count + fade))
    return [
        (max(start, -fade), min(end, track.sample_count + fade))
        for start, end in (*inside, *trimmed)
        if end > 0 and start < track.sample_count and start < end
    ]


def _silence(audio: Audio, spans: Spans) -> None:
    """Write silence over some samples of a file in the workspace."""
    with disk_errors():
        samples = _mapped(audio)
        for span in spans:
            low, high = max(span[0], 0), min(span[1], audio.sample_count)
            for first in range(low, high, BLOCK_SAMPLES):
                last = min(first + BLOCK_SAMPLES, high)
                samples[first:last] = filled(samples[first:last], first, [span], Fill.SILENCE)


def _loudest(tracks: Sequence[Audio], spoken: Sequence[Interval], begin: int) -> list[Audio]:
    """Return the track that is loudest where somebody speaks: theirs; none where all are silent."""
    if len(tracks) < 2:
        return []
    energies = [_energy(track, spoken, begin) for track in tracks]
    most = max(energies)
    return [tracks[energies.index(most)]] if most else []


def _energy(track: Audio, spoken: Sequence[Interval], begin: int) -> float:
    samples = _mapped(track)
    energy = 0.0
    for stretch in spoken:
        low = max(stretch.start_ms * SAMPLES_PER_MS - begin, 0)
        high = min(stretch.end_ms * SAMPLES_PER_MS - begin, track.sample_count)
        for first in range(low, high, BLOCK_SAMPLES):
            block = samples[first : min(first + BLOCK_SAMPLES, high)].astype(np.float64)
            energy += float(np.square(block).sum())
    return energy


def _wav(tracks: Sequence[Audio], path: Path) -> Path:
    """Write tracks as the channels of a file; a track that ends early is silent from there on.

    Raises InputError where it would be longer than the format can tell.
    """
    length = max(track.sample_count for track in tracks)
    if length * len(tracks) * BYTES_PER_SAMPLE > LONGEST_WAV_BYTES:
        raise InputError("too_long", "This recording is too long to be written anew.")
    with disk_errors(), path.open("wb") as file:
        path.chmod(PRIVATE_FILE_MODE)
        with wave.open(file, "wb") as written:
            written.setnchannels(len(tracks))
            written.setsampwidth(BYTES_PER_SAMPLE)
            written.setframerate(SAMPLE_RATE_HZ)
            written.setnframes(length)
            for first in range(0, length, BLOCK_SAMPLES):
                count = min(BLOCK_SAMPLES, length - first)
                block = np.zeros((count, len(tracks)), dtype="<i2")
                for number, track in enumerate(tracks):
                    samples = _mapped(track)[first : first + count]
                    block[: len(samples), number] = samples
                written.writeframes(block.tobytes())
    for track in tracks:
        track.path.unlink()
    return path


def _timeline(
    files: Sequence[Path], recording: Recording, silencer: SourceSilencer, workspace: Path
) -> Audio:
    """Hear what was written, as it is heard whenever a recording is worked on."""
    with disk_errors():
        named = replace(recording, parts_sha256=tuple(map(sha256_of, files)))
    timeline = Timeline(files, named, workspace, silencer.decoder, lambda *_: None)
    mix = workspace / "silenced.s16"
    if recording.side_by_side:
        return timeline.side_by_side(mix)[0]
    return timeline.joined(mix, None)[0]


def _former(copy: ReviewSound, gone: Gone, workspace: Path) -> Audio | None:
    """Return the sound of the former copy without what is gone, None where it cannot be read."""
    path, count = workspace / "copy.s16", 0
    try:
        with copy.open() as source, disk_errors(), path.open("wb") as file:
            path.chmod(PRIVATE_FILE_MODE)
            for samples in blocks(source):
                file.write(samples.astype("<i2").tobytes())
                count += len(samples)
    except EngineFailed:
        return None
    audio = Audio(path, count)
    _silence(audio, spans_of(gone.stretches, count))
    return audio


def _require_silent(audio: Audio, spans: Spans) -> None:
    """Raise RedactionRefused where anything is heard in a stretch, but for its faded ends."""
    samples, fade = _mapped(audio), FADE_MS * SAMPLES_PER_MS
    for start, end in spans:
        low, high = max(start + fade, 0), min(end - fade, audio.sample_count)
        for first in range(low, high, BLOCK_SAMPLES):
            if samples[first : min(first + BLOCK_SAMPLES, high)].any():
                raise RedactionRefused(
                    "sound_left",
                    "Something is still heard where the sound should be gone, so nothing was "
                    "changed. Please report this.",
                )


def _mapped(audio: Audio) -> "NDArray[np.int16]":
    """Return the samples of a file in the workspace, to be read and written."""
    return np.memmap(audio.path, dtype="<i2", mode="r+", shape=(audio.sample_count,))
