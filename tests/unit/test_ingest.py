"""Files are joined on one timeline, trimmed to the sample, and each part knows its place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import (
    SAMPLE_RATE_HZ,
    WHOLE,
    Audio,
    IngestedRecording,
    Kind,
    Part,
    Recording,
    Trim,
)
from transcriber.stages.ingest import Ears, ingest
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples
from transcriber.stages.protocols import Decoded, Progress


class CountingDecoder:
    """Each file is a text of numbers: its length in ms, its first sample, its tracks."""

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        length_ms, first, tracks = map(int, source.read_text().split())
        stop_ms = min(length_ms, trim.stop_ms or length_ms)
        samples = np.arange(length_ms * SAMPLES_PER_MS) // SAMPLES_PER_MS + first
        kept = samples[trim.start_ms * SAMPLES_PER_MS : stop_ms * SAMPLES_PER_MS]
        destination.write_bytes((kept + 10_000 * (track or 0)).astype("<i2").tobytes())
        progress(stop_ms, stop_ms)
        return Decoded(Audio(destination, len(kept)), stop_ms, tracks)


class EverybodyTalks:
    """Hears speech everywhere."""

    name = "fake"

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        return (Interval(0, audio.duration_ms),) if audio.sample_count else ()


class NobodyTalks(EverybodyTalks):
    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        return ()


Ingest = Callable[..., IngestedRecording]


@pytest.fixture
def go(tmp_path: Path) -> Ingest:
    def run(
        *files: str, trim: Trim = WHOLE, tracks: bool = False, side_by_side: bool = False
    ) -> IngestedRecording:
        sources = []
        for number, content in enumerate(files):
            sources.append(tmp_path / f"{number}.wav")
            sources[-1].write_text(content)
        hashes = tuple(f"hash{number}" for number in range(len(files)))
        recording = Recording(
            "X", "", Kind.GROUP, hashes, trim=trim, tracks=tracks, side_by_side=side_by_side
        )
        seen: list[tuple[int, int]] = []
        workspace = tmp_path / "work"
        workspace.mkdir()
        ears = Ears(CountingDecoder(), EverybodyTalks())
        result = ingest(sources, recording, workspace, ears, lambda *at: seen.append(at))
        assert len({total for _, total in seen}) == 1
        assert seen == sorted(seen)
        return result

    return run


def test_one_file_is_one_part(go: Ingest) -> None:
    result = go("5000 0 1")
    assert result.audio.duration_ms == 5_000
    assert result.parts == (Part("hash0", 0, 5_000, 0),)
    assert len(result.heard) == 1
    assert not result.apart


def test_parts_are_joined_in_order_and_know_their_place(go: Ingest) -> None:
    result = go("2000 0 1", "3000 10000 1", "1000 20000 1")
    samples = read_samples(result.audio)
    assert len(samples) == 6 * SAMPLE_RATE_HZ
    assert [int(samples[at * SAMPLES_PER_MS]) for at in (0, 1_999, 2_000, 4_999, 5_000)] == [
        0,
        1_999,
        10_000,
        12_999,
        20_000,
    ]
    assert result.parts == (
        Part("hash0", 0, 2_000, 0),
        Part("hash1", 2_000, 5_000, 0),
        Part("hash2", 5_000, 6_000, 0),
    )


def test_a_trim_counts_on_the_joined_timeline(go: Ingest) -> None:
    result = go("2000 0 1", "3000 10000 1", "1000 20000 1", trim=Trim(2_500, 4_000))
    assert result.parts == (Part("hash1", 0, 1_500, 500),)
    assert int(read_samples(result.audio)[0]) == 10_500
    assert result.audio.duration_ms == 1_500


def test_a_trim_over_a_border_takes_from_both_parts(go: Ingest) -> None:
    result = go("2000 0 1", "3000 10000 1", trim=Trim(1_500, 3_000))
    assert result.parts == (Part("hash0", 0, 500, 1_500), Part("hash1", 500, 1_500, 0))
    samples = read_samples(result.audio)
    assert [int(samples[at * SAMPLES_PER_MS]) for at in (0, 500)] == [1_500, 10_000]


def test_a_trim_that_leaves_nothing_is_refused(go: Ingest) -> None:
    with pytest.raises(InputError) as caught:
        go("2000 0 1", "3000 0 1", trim=Trim(9_000))
    assert caught.value.code == "nothing_left"
    assert "5.0 s" in caught.value.sentence


def test_each_track_is_heard_by_itself(go: Ingest) -> None:
    result = go("2000 5 2", "1000 100 2", tracks=True)
    assert result.apart
    assert [int(read_samples(track.audio)[0]) for track in result.heard] == [5, 10_005]
    assert {track.audio.duration_ms for track in result.heard} == {3_000}
    everybody = [place for track in result.heard for place in track.speech]
    assert result.speech == tuple(joined(everybody))


def test_files_side_by_side_are_tracks_on_one_timeline(go: Ingest) -> None:
    result = go("3000 5 1", "2000 100 2", side_by_side=True)
    assert result.apart
    assert [track.audio.duration_ms for track in result.heard] == [3_000, 2_000]
    assert [int(read_samples(track.audio)[0]) for track in result.heard] == [5, 100]
    mix = read_samples(result.audio)
    assert len(mix) == 3 * SAMPLE_RATE_HZ
    assert [int(mix[at * SAMPLES_PER_MS]) for at in (0, 1_999, 2_000)] == [105, 4_103, 2_005]
    assert result.parts == (Part("hash0", 0, 3_000, 0), Part("hash1", 0, 2_000, 0))


def test_a_trim_of_files_side_by_side_is_the_same_in_each(go: Ingest) -> None:
    result = go("3000 5 1", "1500 100 1", "1000 9 1", trim=Trim(1_000, 2_500), side_by_side=True)
    assert [track.audio.duration_ms for track in result.heard] == [1_500, 500, 0]
    assert int(read_samples(result.audio)[0]) == 1_005 + 1_100
    assert result.parts[1] == Part("hash1", 0, 500, 1_000)


def test_loud_voices_together_are_clipped(go: Ingest) -> None:
    result = go("1000 20000 1", "2000 14000 1", side_by_side=True)
    assert int(read_samples(result.audio).max()) == 32_767


def test_a_trim_behind_the_end_of_all_files_is_refused(go: Ingest) -> None:
    with pytest.raises(InputError) as caught:
        go("3000 5 1", "1500 100 1", trim=Trim(9_000), side_by_side=True)
    assert caught.value.code == "nothing_left"
    assert "3.0 s" in caught.value.sentence


@pytest.mark.parametrize(
    ("files", "code"),
    [(("2000 0 1",), "one_track"), (("2000 0 2", "2000 0 3"), "tracks_differ")],
)
def test_tracks_that_are_not_there_are_refused(
    go: Ingest, tmp_path: Path, files: tuple[str, ...], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        go(*files, tracks=True)
    assert caught.value.code == code
    assert list((tmp_path / "work").iterdir()) == []


def test_a_recording_in_which_nobody_speaks_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    source.write_text("2000 0 1")
    work = tmp_path / "work"
    work.mkdir()
    recording = Recording("X", "", Kind.GROUP, ("hash",))
    with pytest.raises(InputError) as caught:
        ingest([source], recording, work, Ears(CountingDecoder(), NobodyTalks()), lambda *_: None)
    assert caught.value.code == "no_speech"
    assert list(work.iterdir()) == []
