"""What the doctor says of machines on which libraries are there, broken, or missing.

The libraries are stand-ins on the path, found and imported as real ones would be.
"""

import argparse
import json
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from transcriber.cli.doctor import as_json, command, print_diagnosis
from transcriber.domain.model import ModelKind
from transcriber.services.doctor import Diagnosis, State, Task, examine
from transcriber.storage.model_folder import Candidate, ModelFolder

VERSIONS = {
    "av": "18.1.0",
    "faster-whisper": "1.2.1",
    "openai-whisper": "20250625",
    "pocketsphinx": "5.1.1",
    "presidio-analyzer": "2.2.366",
    "pyannote.audio": "4.0.7",
    "resemblyzer": "0.1.4",
    "torch": "2.8.0+cpu",
    "torchaudio": "2.8.0",
}
MODULES = {
    "av.py": "",
    "ctranslate2.py": "",
    "faster_whisper/__init__.py": "",
    "faster_whisper/vad.py": "def get_vad_model(): pass",
    "pocketsphinx.py": "",
    "presidio_analyzer.py": "",
    "presidio_anonymizer.py": "",
    "pyannote/audio/__init__.py": "class Pipeline: pass",
    "resemblyzer.py": "",
    "torch.py": "class cuda:\n    is_available = staticmethod(lambda: False)",
    "whisper.py": "",
}
BROKEN = "raise OSError('undefined symbol')"
CRASHING = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"
GPU = """
class cuda:
    is_available = staticmethod(lambda: True)
    class get_device_properties:
        name = "NVIDIA Something"
        total_memory = 24e9
        def __init__(self, number): pass
"""
PIPELINE = """
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params: {segmentation: $model/segmentation, embedding: $model/embedding}
"""


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of stand-ins, which is all that is installed."""
    folder = tmp_path / "libraries"
    for name, source in MODULES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    for package, release in VERSIONS.items():
        distribution(folder, package, release)
    rest = [place for place in sys.path if "site-packages" not in place]
    monkeypatch.setattr(sys, "path", [str(folder), *rest])
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def distribution(folder: Path, package: str, version: str) -> None:
    metadata = folder / f"{package.replace('-', '_')}.dist-info" / "METADATA"
    metadata.parent.mkdir(exist_ok=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")


def uninstall(folder: Path, package: str) -> None:
    (folder / f"{package.replace('-', '_')}.dist-info" / "METADATA").unlink()
    (folder / f"{package.replace('-', '_')}.dist-info").rmdir()


@pytest.fixture
def store(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models")


def add(store: ModelFolder, kind: ModelKind, name: str, files: dict[str, str]) -> None:
    brought = store.root.parent / f"stick-{name}"
    for file, content in files.items():
        (brought / file).parent.mkdir(parents=True, exist_ok=True)
        (brought / file).write_text(content)
    weights = next(iter(files))
    places = {file: brought / file for file in files}
    store.add(Candidate(kind, name, places, weights, name.endswith(".en")), "2026-01-01")


def add_pyannote(store: ModelFolder) -> None:
    files = {"config.yaml": PIPELINE, "segmentation/a.bin": "a", "embedding/a.bin": "b"}
    add(store, ModelKind.PYANNOTE, "community-1", files)


def states(diagnosis: Diagnosis) -> dict[str, State]:
    return {examined.engine.name: examined.state for examined in diagnosis.engines}


def told(diagnosis: Diagnosis, *, needed: bool) -> str:
    return "\n".join(
        f"{advice.sentence}\n{advice.command}"
        for advice in diagnosis.advice
        if advice.needed is needed
    )


def test_with_models_the_best_engines_are_taken(libraries: Path, store: ModelFolder) -> None:
    add(store, ModelKind.WHISPER, "large-v3", {"model.pt": "weights"})
    add(store, ModelKind.FASTER_WHISPER, "small.en", {"model.bin": "weights"})
    add_pyannote(store)

    diagnosis = examine(store, libraries)

    assert diagnosis.works
    assert set(states(diagnosis).values()) == {State.READY}
    assert diagnosis.takes == {
        Task.WORDS: "faster-whisper small.en",
        Task.VOICES: "pyannote.audio",
    }
    assert "models pull" not in told(diagnosis, needed=False)
    assert examine(store, libraries, "sv").takes[Task.WORDS] == "openai-whisper large-v3"


def test_without_models_the_built_in_engines_work_and_better_ones_are_named(
    libraries: Path, store: ModelFolder
) -> None:
    diagnosis = examine(store, libraries / "not" / "yet" / "there")

    assert diagnosis.works
    assert states(diagnosis)["faster-whisper"] is State.NO_MODEL
    assert diagnosis.takes == {Task.WORDS: "PocketSphinx", Task.VOICES: "Resemblyzer"}
    assert "transcriber models pull small.en" in told(diagnosis, needed=False)
    assert "models pull community-1 --engine pyannote" in told(diagnosis, needed=False)
    assert diagnosis.machine.gpu is None
    assert diagnosis.machine.cores >= 1
    assert diagnosis.machine.free_disk_bytes > 0


@pytest.mark.parametrize("source", [BROKEN, CRASHING, "import not_there"])
@pytest.mark.parametrize(
    ("module", "engine", "package"),
    [
        ("av.py", "PyAV", "av==18.1.0"),
        ("faster_whisper/vad.py", "Silero", "faster-whisper==1.2.1"),
        ("presidio_anonymizer.py", "Presidio", "presidio-analyzer==2.2.366"),
    ],
)
def test_a_needed_engine_that_does_not_start_is_found(
    libraries: Path, store: ModelFolder, module: str, engine: str, package: str, source: str
) -> None:
    (libraries / module).write_text(source)

    diagnosis = examine(store, libraries)

    assert not diagnosis.works
    assert states(diagnosis)[engine] is State.BROKEN
    assert engine in told(diagnosis, needed=True)
    assert f"pip install --force-reinstall --no-deps {package}" in told(diagnosis, needed=True)


def test_a_needed_engine_that_is_missing_is_found(libraries: Path, store: ModelFolder) -> None:
    uninstall(libraries, "pocketsphinx")

    diagnosis = examine(store, libraries)

    assert not diagnosis.works
    assert diagnosis.takes[Task.WORDS] is None
    assert "Nothing here writes words" in told(diagnosis, needed=True)
    assert "pip install pocketsphinx" in told(diagnosis, needed=True)


def test_a_broken_engine_does_not_stop_work_that_another_can_do(
    libraries: Path, store: ModelFolder
) -> None:
    add_pyannote(store)
    (libraries / "resemblyzer.py").write_text(BROKEN)

    diagnosis = examine(store, libraries)

    assert diagnosis.works
    assert diagnosis.takes[Task.VOICES] == "pyannote.audio"
    assert "Resemblyzer is installed but does not start" in told(diagnosis, needed=False)


def test_torch_and_torchaudio_that_do_not_fit_are_named(
    libraries: Path, store: ModelFolder
) -> None:
    (libraries / "pyannote" / "audio" / "__init__.py").write_text(BROKEN)
    distribution(libraries, "torchaudio", "2.6.0")

    diagnosis = examine(store, libraries)

    assert diagnosis.works
    assert states(diagnosis)["pyannote.audio"] is State.BROKEN
    assert "torch 2.8 and torchaudio 2.6" in told(diagnosis, needed=False)


def test_a_damaged_model_is_named_and_not_taken(libraries: Path, store: ModelFolder) -> None:
    add(store, ModelKind.FASTER_WHISPER, "small.en", {"model.bin": "weights"})
    (store.root / "faster-whisper" / "small.en" / "model.bin").write_text("wei")

    diagnosis = examine(store, libraries)

    assert diagnosis.takes[Task.WORDS] == "PocketSphinx"
    assert "faster-whisper model small.en is damaged" in told(diagnosis, needed=False)


def test_a_gpu_is_named(libraries: Path, store: ModelFolder) -> None:
    (libraries / "torch.py").write_text(GPU)

    assert examine(store, libraries).machine.gpu == "NVIDIA Something, 24 GB"


def test_it_reads_well_at_80_columns(libraries: Path, store: ModelFolder) -> None:
    (libraries / "av.py").write_text(BROKEN)
    add(store, ModelKind.FASTER_WHISPER, "small.en", {"model.bin": "weights"})
    diagnosis = examine(store, libraries)
    screen = StringIO()

    print_diagnosis(Console(file=screen, width=80), diagnosis)

    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "Reads sound PyAV 18.1.0 does not start" in text
    assert "Models faster-whisper small.en (0 MB)" in text
    assert "Taken for words faster-whisper small.en" in text
    assert "To mend" in text
    assert text.endswith("Recordings cannot be worked on until this is mended.")
    assert json.loads(as_json(diagnosis))["works"] is False


def test_this_machine_can_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The real libraries, as they are installed here; nothing is stored yet, nor afterwards."""
    monkeypatch.setenv("TRANSCRIBER_HOME", str(tmp_path))
    status = command(argparse.Namespace(json=True, store=False, remove_unknown=False))

    record = json.loads(capsys.readouterr().out)
    assert status == 0
    assert record["works"] is True
    ready = {engine["name"] for engine in record["engines"] if engine["state"] == "ready"}
    assert {"PyAV", "Silero", "PocketSphinx", "Resemblyzer", "Presidio"} <= ready
    assert record["auto"]["words"]
    assert record["store"] is None
    assert not list(tmp_path.iterdir())
