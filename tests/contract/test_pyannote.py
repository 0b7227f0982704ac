"""The pyannote engine against a stand-in that honours pyannote.audio 4.0.7's interface.

The stand-in is a package on `sys.path`, found and imported as the real one would be. It answers
with real pyannote.core annotations, and keeps what it was given.
"""

import hashlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from transcriber.domain.errors import EngineFailed, EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.recording import ANY_COUNT, Audio, IngestedRecording, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn, Voice
from transcriber.engines.pyannote import PyannoteDiariser
from transcriber.stages.diarise import diarise

STAND_IN = """
import os
import warnings
from pathlib import Path
from types import SimpleNamespace

import torch
from pyannote.core import Annotation, Segment

AT_IMPORT = dict(os.environ)
CALLS = []
DEVICES = []
FOUND = [(0.0, 1.2004, "B"), (1.0, 2.0, "A"), (2.5, 99.0, "B"), (-0.5, 0.0001, "C")]
EXCLUSIVE = [(1.2004, 2.0, "A"), (0.0, 1.2004, "B"), (2.5, 99.0, "B"), (-0.5, 0.0001, "C")]
LEGACY = False
BREAK = None
warnings.warn("torchcodec is not installed correctly so built-in audio decoding will fail")


def annotation(tracks):
    made = Annotation(uri="waveform")
    for number, (start, end, label) in enumerate(tracks):
        made[Segment(start, end), number] = label
    return made


class Pipeline:
    @classmethod
    def from_pretrained(
        cls, checkpoint, revision=None, hparams_file=None, subfolder=None, token=None,
        cache_dir=None,
    ):
        if not (Path(checkpoint) / "config.yaml").is_file():
            import socket
            socket.create_connection(("huggingface.co", 443))
        return cls()

    def to(self, device):
        if not isinstance(device, torch.device):
            raise TypeError
        DEVICES.append(device.type)
        return self

    def __call__(
        self, file, num_speakers=None, min_speakers=None, max_speakers=None, hook=None
    ):
        warnings.warn("std(): degrees of freedom is <= 0")
        CALLS.append((file, num_speakers, min_speakers, max_speakers))
        if BREAK is not None:
            raise BREAK
        for step in ("segmentation", "embeddings"):
            for completed in (0, 1, 2, 3):
                hook(step, None, file=file, total=3, completed=completed)
            hook(step, object(), file=file)
            hook("speaker_counting", object(), file=file)
        hook("discrete_diarization", object(), file=file)
        if LEGACY:
            return annotation(FOUND)
        return SimpleNamespace(
            speaker_diarization=annotation(FOUND),
            exclusive_speaker_diarization=annotation(EXCLUSIVE),
            speaker_embeddings=None,
        )
"""

CONFIG = """
dependencies: {pyannote.audio: 4.0.0}
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
"""
FILES = ("embedding/pytorch_model.bin", "plda/plda.npz", "segmentation/pytorch_model.bin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "community-1"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "README.md").write_text("Not part of the model.")
    return folder


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for packages, on the path and away from the network."""
    # Set the other way round, so that whatever the engine sets is undone after the test.
    for name, value in {
        "PYANNOTE_METRICS_ENABLED": "true",
        "OTEL_SDK_DISABLED": "false",
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_TELEMETRY": "0",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    monkeypatch.setattr(socket, "getaddrinfo", _no_network)
    packages = tmp_path / "packages"
    (packages / "pyannote" / "audio").mkdir(parents=True)
    _distribution(packages, "pyannote.audio", "4.0.7")
    monkeypatch.syspath_prepend(packages)
    yield packages
    if sys.modules.pop("pyannote.audio", None) is not None:
        vars(sys.modules["pyannote"]).pop("audio", None)


@pytest.fixture
def library(install: Path) -> Any:
    """The stand-in, as imported by the engine: what it kept can be read from it."""
    (install / "pyannote" / "audio" / "__init__.py").write_text(STAND_IN)

    class Later:
        def __getattr__(self, name: str) -> Any:
            return getattr(sys.modules["pyannote.audio"], name)

        def change(self, name: str, value: object) -> None:
            setattr(sys.modules["pyannote.audio"], name, value)

    return Later()


@pytest.fixture
def audio(tmp_path: Path) -> Audio:
    np.arange(64_000, dtype="<i2").tofile(tmp_path / "sound.s16")
    return Audio(tmp_path / "sound.s16", 64_000)


def _no_network(*_: object) -> None:
    raise AssertionError("nothing may go to the network")


def _distribution(packages: Path, name: str, version: str) -> None:
    info = packages / f"{name.replace('.', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def _quiet(*_: object) -> None:
    pass


SPEECH = (Interval(0, 3_000),)


def test_turns_are_in_order_rounded_clipped_and_named_by_first_appearance(
    library: Any, folder: Path, audio: Audio
) -> None:
    recording = IngestedRecording(audio, SPEECH, heard=(), parts=())

    found = diarise(recording, ANY_COUNT, PyannoteDiariser(folder), _quiet)

    assert found.turns == (
        Turn("S1", Interval(0, 1_200)),
        Turn("S2", Interval(1_000, 2_000)),
        Turn("S1", Interval(2_500, 4_000)),
    )
    assert found.voices == (Voice("S1"), Voice("S2"))


def test_a_plain_annotation_is_an_answer_too(library: Any, folder: Path, audio: Audio) -> None:
    diariser = PyannoteDiariser(folder)
    diariser.diarise(audio, SPEECH, ANY_COUNT, _quiet)
    library.change("LEGACY", True)

    turns = diariser.diarise(audio, SPEECH, ANY_COUNT, _quiet).turns

    assert [turn.interval for turn in turns] == [
        Interval(0, 1_200),
        Interval(1_000, 2_000),
        Interval(2_500, 4_000),
    ]


def test_it_reports_to_nobody(library: Any, folder: Path, audio: Audio) -> None:
    PyannoteDiariser(folder).diarise(audio, SPEECH, ANY_COUNT, _quiet)

    assert library.AT_IMPORT["PYANNOTE_METRICS_ENABLED"] == "0"
    assert library.AT_IMPORT["OTEL_SDK_DISABLED"] == "true"
    assert library.AT_IMPORT["HF_HUB_OFFLINE"] == "1"


def test_the_model_gets_the_sound_itself(library: Any, folder: Path, audio: Audio) -> None:
    PyannoteDiariser(folder).diarise(audio, SPEECH, ANY_COUNT, _quiet)

    ((file, *_),) = library.CALLS
    assert set(file) == {"waveform", "sample_rate"}
    assert file["sample_rate"] == 16_000
    assert file["waveform"].shape == (1, 64_000)
    assert file["waveform"].dtype == torch.float32
    assert file["waveform"][0, 16_384] == 0.5
    assert ["cuda" if torch.cuda.is_available() else "cpu"] == library.DEVICES


@pytest.mark.parametrize(
    ("count", "keywords"),
    [
        (SpeakerCount(3, 3), [3, None, None]),
        (SpeakerCount(2, 6), [None, 2, 6]),
        (ANY_COUNT, [None, 1, None]),
    ],
)
def test_speaker_counts_go_by_keyword(
    library: Any, folder: Path, audio: Audio, count: SpeakerCount, keywords: list[int | None]
) -> None:
    PyannoteDiariser(folder).diarise(audio, SPEECH, count, _quiet)

    ((_, *given),) = library.CALLS
    assert given == keywords


def test_progress_counts_up_to_an_unchanging_total(
    library: Any, folder: Path, audio: Audio
) -> None:
    seen: list[tuple[int, int]] = []

    PyannoteDiariser(folder).diarise(audio, SPEECH, ANY_COUNT, lambda *step: seen.append(step))

    done = [step for step, _ in seen]
    assert done == sorted(done)
    assert len(done) > 5
    assert {total for _, total in seen} == {1000}
    assert done[-1] == 1000


def test_no_speech_gives_no_turns_and_loads_nothing(install: Path, audio: Audio) -> None:
    assert PyannoteDiariser(install).diarise(audio, (), ANY_COUNT, _quiet) == Diarisation()


def test_provenance_names_version_model_and_weights(library: Any, folder: Path) -> None:
    listing = "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("config.yaml", *FILES)
    )

    assert PyannoteDiariser(folder).provenance() == {
        "pyannote.audio": "4.0.7",
        "model": "community-1",
        "weights_sha256": hashlib.sha256(listing.encode()).hexdigest(),
    }


@pytest.mark.parametrize("error", [RuntimeError("/secret/name.wav"), ValueError(), KeyError()])
def test_a_model_that_breaks_says_nothing_of_the_recording(
    library: Any, folder: Path, audio: Audio, error: Exception
) -> None:
    diariser = PyannoteDiariser(folder)
    diariser.diarise(audio, SPEECH, ANY_COUNT, _quiet)
    library.change("BREAK", error)

    with pytest.raises(EngineFailed) as caught:
        diariser.diarise(audio, SPEECH, ANY_COUNT, _quiet)
    assert "secret" not in caught.value.sentence


def _refusal(folder: Path, audio: Audio) -> EngineMissing:
    with pytest.raises(EngineMissing) as caught:
        PyannoteDiariser(folder).diarise(audio, SPEECH, ANY_COUNT, _quiet)
    return caught.value


@pytest.mark.parametrize("missing", ["config.yaml", *FILES])
def test_a_model_with_a_part_missing_is_refused_before_loading(
    library: Any, folder: Path, audio: Audio, missing: str
) -> None:
    (folder / missing).unlink()
    if missing != "config.yaml":
        (folder / missing).parent.rmdir()

    assert _refusal(folder, audio).code == "pyannote_model_missing"
    assert "pyannote.audio" not in sys.modules


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("$model/segmentation", "pyannote/segmentation-3.0", "pyannote_model_missing"),
        (".SpeakerDiarization", ".pyannoteai.sdk.SDK", "pyannote_not_local"),
        ("pipeline:", "else:", "pyannote_model_missing"),
        ("params:", "params: [", "pyannote_model_missing"),
    ],
)
def test_a_model_that_would_go_to_the_network_is_refused_before_loading(
    library: Any, folder: Path, audio: Audio, was: str, becomes: str, code: str
) -> None:
    (folder / "config.yaml").write_text(CONFIG.replace(was, becomes))

    assert _refusal(folder, audio).code == code
    assert "pyannote.audio" not in sys.modules


def test_without_the_package_it_says_how_to_get_it(
    folder: Path, audio: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyannote.audio", None)

    error = _refusal(folder, audio)

    assert error.code == "pyannote_missing"
    assert "pip install 'transcriber[pyannote]'" in error.sentence


@pytest.mark.parametrize(
    ("torchaudio", "code"), [("1.2.3+cu", "torch_mismatch"), (None, "pyannote_broken")]
)
def test_libraries_that_do_not_fit_together_are_named(
    install: Path, folder: Path, audio: Audio, torchaudio: str | None, code: str
) -> None:
    (install / "pyannote" / "audio" / "__init__.py").write_text(
        "raise OSError('undefined symbol in libtorchaudio.so')"
    )
    _distribution(install, "torchaudio", torchaudio or torch.__version__)

    error = _refusal(folder, audio)

    assert error.code == code
    assert ("torchaudio 1.2" in error.sentence) == (code == "torch_mismatch")
