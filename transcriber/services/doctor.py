"""What works on this machine, what does not, and the command that mends it.

Libraries are imported in processes of their own: one that is broken, or crashes, is a finding.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from transcriber.domain.errors import EngineMissing
from transcriber.domain.model import DEFAULT_MODEL, Model, ModelKind, best
from transcriber.engines import pyannote
from transcriber.services.machine import Machine, look
from transcriber.storage.model_folder import ModelFolder

PROBE_S = 120
"""A library that is not imported by then hangs; the slowest takes five seconds on busy cores."""

LITTLE_DISK_BYTES = 2_000_000_000
"""A recording of four hours is 460 MB of samples, and is copied for listening."""


class State(StrEnum):
    """How far an engine is from working."""

    READY = "ready"
    NO_MODEL = "no model"
    MISSING = "not installed"
    BROKEN = "does not start"


class Task(StrEnum):
    """What recordings need, in order; each needs one engine that is ready."""

    SOUND = "reads sound"
    SPEECH = "finds speech"
    WORDS = "writes words"
    VOICES = "tells voices apart"
    IDENTIFIERS = "finds identifiers"


@dataclass(frozen=True, slots=True)
class Engine:
    """A library that does a task; `probe` are the statements that show it works.

    `model` is the kind of model that must be installed besides.
    """

    name: str
    task: Task
    package: str
    probe: str
    model: ModelKind | None = None


ENGINES = (
    Engine("PyAV", Task.SOUND, "av", "import av"),
    Engine(
        "Silero",
        Task.SPEECH,
        "faster-whisper",
        "from faster_whisper.vad import get_vad_model; get_vad_model()",
    ),
    Engine(
        "faster-whisper",
        Task.WORDS,
        "faster-whisper",
        "import ctranslate2, faster_whisper",
        ModelKind.FASTER_WHISPER,
    ),
    Engine("openai-whisper", Task.WORDS, "openai-whisper", "import whisper", ModelKind.WHISPER),
    Engine("PocketSphinx", Task.WORDS, "pocketsphinx", "import pocketsphinx"),
    Engine(
        "pyannote.audio",
        Task.VOICES,
        "pyannote.audio",
        "from pyannote.audio import Pipeline",
        ModelKind.PYANNOTE,
    ),
    Engine("Resemblyzer", Task.VOICES, "resemblyzer", "import resemblyzer"),
    Engine(
        "Presidio",
        Task.IDENTIFIERS,
        "presidio-analyzer",
        "import presidio_analyzer, presidio_anonymizer",
    ),
)
"""In the order in which `auto` takes those of one task."""

GRAPHICS = (
    "import torch\n"
    "if torch.cuda.is_available():\n"
    "    device = torch.cuda.get_device_properties(0)\n"
    "    print(device.name, '%.0f GB' % (device.total_memory / 1e9), sep=', ')\n"
)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about one engine; `version` is None when it is not installed."""

    engine: Engine
    version: str | None
    state: State


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do. `needed` when recordings cannot be worked on without it."""

    needed: bool
    sentence: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that was found out. `takes` is what `auto` would use for words and for voices."""

    machine: Machine
    engines: tuple[Examined, ...]
    models: tuple[Model, ...]
    takes: Mapping[Task, str | None]
    advice: tuple[Advice, ...]

    @property
    def works(self) -> bool:
        """Whether recordings can be transcribed and redacted."""
        return not any(advice.needed for advice in self.advice)


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of statements run in a process of their own."""

    worked: bool
    printed: str


def examine(store: ModelFolder, data: Path, language: str = "en") -> Diagnosis:
    """Look at engines, models and machine; nothing is changed and nothing leaves.

    `data` is the folder whose disk results would go to, `language` what `auto` is asked for.
    """
    models = store.models()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as side_by_side:
        graphics = side_by_side.submit(probe, GRAPHICS)
        engines = tuple(side_by_side.map(lambda engine: _examine(engine, models), ENGINES))
    gpu = graphics.result()
    machine = look(data, gpu.printed if gpu.worked else "")
    takes: dict[Task, str | None] = {
        Task.WORDS: _words(engines, models, language),
        Task.VOICES: _first_ready(engines, Task.VOICES),
    }
    damaged = [stored.model for stored in store.stored() if not stored.intact]
    advice = (
        *_needed(engines),
        *_broken(engines),
        *_better(engines, takes),
        *_damaged(damaged),
        *_room(machine),
    )
    return Diagnosis(machine, engines, models, takes, tuple(advice))


def probe(statements: str) -> Probed:
    """Run statements in a Python of their own, offline and silent, and see whether they work."""
    environment = {**os.environ, **pyannote.SILENT, "TRANSFORMERS_OFFLINE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - the statements are constants of this module
            # -P: a file in the current folder must not pass for a library.
            [sys.executable, "-P", "-W", "ignore", "-c", statements],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Probed(False, "")
    return Probed(done.returncode == 0, done.stdout.strip())


def _examine(engine: Engine, models: Iterable[Model]) -> Examined:
    release = release_of(engine.package)
    if release is None:
        return Examined(engine, None, State.MISSING)
    if not probe(engine.probe).worked:
        return Examined(engine, release, State.BROKEN)
    whole = any(model.kind is engine.model and _usable(model) for model in models)
    state = State.READY if engine.model is None or whole else State.NO_MODEL
    return Examined(engine, release, state)


def release_of(package: str) -> str | None:
    """Return the version of an installed package, None when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _usable(model: Model) -> bool:
    if model.kind is not ModelKind.PYANNOTE:
        return True
    try:
        pyannote.check_folder(model.path)
    except EngineMissing:
        return False
    return True


def _ready(engines: Iterable[Examined], task: Task) -> list[Examined]:
    return [e for e in engines if e.engine.task is task and e.state is State.READY]


def _first_ready(engines: Iterable[Examined], task: Task) -> str | None:
    return next((examined.engine.name for examined in _ready(engines, task)), None)


def _words(engines: Sequence[Examined], models: Sequence[Model], language: str) -> str | None:
    """Return the recogniser that `auto` takes, with its model if it has one."""
    ready = _ready(engines, Task.WORDS)
    kinds = {examined.engine.model: examined.engine.name for examined in ready}
    model = best((model for model in models if model.kind in kinds), language)
    return f"{kinds[model.kind]} {model.name}" if model else kinds.get(None)


def _needed(engines: Sequence[Examined]) -> Iterable[Advice]:
    """Name the tasks for which nothing is ready, and how to bring their simplest engine back."""
    for task in Task:
        if not _ready(engines, task):
            built_in = [e for e in engines if e.engine.task is task and e.engine.model is None][-1]
            yield Advice(
                True,
                f"Nothing here {task}: {built_in.engine.name} {_reason(built_in)}.",
                _again(built_in),
            )


def _broken(engines: Sequence[Examined]) -> Iterable[Advice]:
    """Say what is wrong with engines that another one stands in for."""
    for examined in engines:
        if examined.state is not State.BROKEN or not _ready(engines, examined.engine.task):
            continue
        if examined.engine.model is ModelKind.PYANNOTE:
            yield Advice(False, pyannote.not_starting().sentence)
        else:
            yield Advice(
                False,
                f"{examined.engine.name} {_reason(examined)}; another engine stands in for it.",
                _again(examined),
            )


def _reason(examined: Examined) -> str:
    return "is not installed" if examined.version is None else "is installed but does not start"


def _again(examined: Examined) -> str:
    package = examined.engine.package
    if examined.version is None:
        return f"pip install {package}"
    return f"pip install --force-reinstall --no-deps {package}=={examined.version}"


def _better(engines: Sequence[Examined], takes: Mapping[Task, str | None]) -> Iterable[Advice]:
    """Say what would make words and voices better than the built-in engines do."""
    states = {examined.engine.model: examined.state for examined in engines}
    if takes[Task.WORDS] == "PocketSphinx":
        yield Advice(
            False,
            "No speech model is installed, so words come from the small built-in recogniser and "
            "will be wrong.",
            f"transcriber models pull {DEFAULT_MODEL}",
        )
    voices = states[ModelKind.PYANNOTE]
    if voices is State.NO_MODEL:
        yield Advice(
            False,
            "pyannote.audio has no model yet; with it, voices are told apart better.",
            "transcriber models pull community-1 --engine pyannote",
        )
    elif voices is State.MISSING:
        yield Advice(
            False,
            "pyannote.audio tells voices apart better than Resemblyzer. It needs a model too.",
            "pip install 'transcriber[pyannote]'",
        )


def _damaged(models: Sequence[Model]) -> Iterable[Advice]:
    for model in models:
        yield Advice(
            False,
            f"The {model.kind} model {model.name} is damaged and not used. Delete its folder and "
            "install it again.",
            "transcriber models list",
        )


def _room(machine: Machine) -> Iterable[Advice]:
    places = {
        "this folder": machine.free_disk_bytes,
        "temporary files": machine.free_temporary_bytes,
    }
    for place, free_bytes in places.items():
        if free_bytes < LITTLE_DISK_BYTES:
            yield Advice(
                False,
                f"The disk for {place} is nearly full: a long recording may not fit. "
                "Make at least 2 GB free.",
            )
