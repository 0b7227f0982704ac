"""The files of one recording on its one timeline: decoded, trimmed, and joined or mixed."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, Part, Recording, Trim
from transcriber.stages.pcm import read_samples
from transcriber.stages.protocols import Decoder, Progress

SHORTEST_MS = 500
"""Less is left by mistake: no sentence is shorter."""

_BLOCK_MS = 60_000


class Timeline:
    """The files of one recording, decoded as often as one of its tracks is asked for."""

    def __init__(
        self,
        sources: Sequence[Path],
        recording: Recording,
        workspace: Path,
        decoder: Decoder,
        progress: Progress,
    ) -> None:
        self.workspace = workspace
        self.tracks = 0
        self._sources = sources
        self._recording = recording
        self._decoder = decoder
        self._progress = _Shares(progress, [source.stat().st_size for source in sources])

    def joined(self, destination: Path, track: int | None) -> tuple[Audio, tuple[Part, ...]]:
        """Write one track, or all of them mixed, of the files one after another to `destination`.

        Raises InputError when too little is left, or a part has another number of tracks.
        """
        parts: list[Part] = []
        passed_ms = 0  # of the joined files, before anything is cut off
        sample_count = 0
        piece = destination.with_name(destination.name + ".piece")
        for number in range(len(self._sources)):
            trim = _within(self._recording.trim, passed_ms)
            if trim is None:
                break
            audio, source_ms = self._decoded(number, piece if number else destination, trim, track)
            start_ms = _ms(sample_count)
            if number:
                _append(piece, destination)
            sample_count += audio.sample_count
            if audio.sample_count:
                parts.append(self._part(number, start_ms, _ms(sample_count), trim))
            passed_ms += source_ms
        _require_some(sample_count, passed_ms)
        return Audio(destination, sample_count), tuple(parts)

    def side_by_side(self, destination: Path) -> tuple[Audio, tuple[Audio, ...], tuple[Part, ...]]:
        """Write each file by itself beside `destination`, and all of them mixed to it.

        The files begin at the same moment; one that ends early is silent from there on. Raises
        InputError when too little is left.
        """
        trim = self._recording.trim
        audios: list[Audio] = []
        longest_ms = 0
        for number in range(len(self._sources)):
            own = destination.with_stem(f"{destination.stem}-{number + 1}")
            audio, source_ms = self._decoded(number, own, trim, None)
            audios.append(audio)
            longest_ms = max(longest_ms, source_ms)
        _require_some(max(audio.sample_count for audio in audios), longest_ms)
        parts = tuple(
            self._part(number, 0, audio.duration_ms, trim) for number, audio in enumerate(audios)
        )
        return _mixed(audios, destination), tuple(audios), parts

    def _decoded(
        self, number: int, destination: Path, trim: Trim, track: int | None
    ) -> tuple[Audio, int]:
        """Decode one file; return its sound and how much of it was gone through."""
        progress = self._progress.of(number, first_pass=track is None)
        found = self._decoder.decode(self._sources[number], destination, progress, trim, track)
        if self.tracks and found.tracks != self.tracks and self._recording.tracks:
            raise InputError(
                "tracks_differ",
                "The parts of this recording have different numbers of tracks, so it is not known "
                "which belong together. Leave out --tracks.",
            )
        self.tracks = found.tracks
        return found.audio, found.source_ms

    def _part(self, number: int, start_ms: int, end_ms: int, trim: Trim) -> Part:
        return Part(self._recording.parts_sha256[number], start_ms, end_ms, trim.start_ms)


class _Shares:
    """Joins the progress of several files into one, by their sizes in bytes.

    Tracks are decoded after the mix and cost no progress of their own: how many there are is not
    known when the total has to be.
    """

    def __init__(self, progress: Progress, sizes: Sequence[int]) -> None:
        self._progress = progress
        self._sizes = sizes

    def of(self, number: int, *, first_pass: bool) -> Progress:
        """Return what the decoder of file `number` reports to."""
        before, size, total = sum(self._sizes[:number]), self._sizes[number], sum(self._sizes)

        def report(done: int, out_of: int) -> None:
            if first_pass and out_of:
                self._progress(before + size * done // out_of, total)

        return report


def _require_some(sample_count: int, source_ms: int) -> None:
    if _ms(sample_count) < SHORTEST_MS:
        raise InputError(
            "nothing_left",
            f"This recording ends after {source_ms / 1000:.1f} s, so between --start and "
            "--stop nothing is left of it. Choose other times.",
        )


def _within(trim: Trim, passed_ms: int) -> Trim | None:
    """Return the part of `trim` that a file starting at `passed_ms` has, None when it has none."""
    start_ms = max(trim.start_ms - passed_ms, 0)
    if trim.stop_ms is None:
        return Trim(start_ms)
    stop_ms = trim.stop_ms - passed_ms
    return Trim(start_ms, stop_ms) if stop_ms > start_ms else None


def _append(piece: Path, destination: Path) -> None:
    with piece.open("rb") as source, destination.open("ab") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    piece.unlink()


def _mixed(audios: Iterable[Audio], destination: Path) -> Audio:
    """Add up the tracks; where several voices together are too loud, they are clipped."""
    tracks = tuple(audios)
    longest = max(tracks, key=lambda audio: audio.sample_count)
    with destination.open("wb") as file:
        for start_ms in range(0, longest.duration_ms + 1, _BLOCK_MS):
            block = Interval(start_ms, start_ms + _BLOCK_MS)
            total = np.zeros(len(read_samples(longest, block)), dtype=np.int32)
            for audio in tracks:
                samples = read_samples(audio, block)
                total[: len(samples)] += samples
            file.write(np.clip(total, -32_768, 32_767).astype("<i2").tobytes())
    return Audio(destination, longest.sample_count)


def _ms(sample_count: int) -> int:
    return sample_count * 1000 // SAMPLE_RATE_HZ
