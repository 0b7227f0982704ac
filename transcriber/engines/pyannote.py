"""Tell voices apart with pyannote.audio and its community-1 model, from a folder on this machine.

The library reports how long each file is and how many speakers were asked for to its makers unless
told not to before it is imported; some of its models are names of files elsewhere, and some of its
pipelines send the sound to a service. None of that happens here: the reporting is off, and a folder
that does not hold all of a local pipeline is refused before anything is loaded.
"""

import hashlib
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from transcriber.domain.errors import EngineFailed, EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.model import LOCAL_PIPELINES
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn, Voice
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.protocols import Progress

PACKAGE = "pyannote.audio"

SILENT = {
    "PYANNOTE_METRICS_ENABLED": "0",  # pyannote.audio.telemetry.metrics
    "OTEL_SDK_DISABLED": "true",  # the OpenTelemetry SDK that it reports with
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""Environment that must stand before pyannote.audio is imported: it is read at import."""

MODELS = ("segmentation", "embedding", "plda")
"""Parameters of the pipeline that name a model; each must lie in the folder itself."""

IN_FOLDER = "$model/"
"""How `config.yaml` says "beside me" (pyannote.audio 4)."""

WEIGHTS = frozenset({".bin", ".npz", ".pt", ".ckpt", ".safetensors", ".onnx"})

PROGRESS_TOTAL = 1000
STEPS = {"segmentation": (0, 300), "embeddings": (300, 1000)}
"""The two steps that take time, as stretches of the progress; how long each takes is a guess."""


class PyannoteDiariser:
    """Diariser for any number of voices; runs on the GPU when there is one."""

    name = "pyannote"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def provenance(self) -> Mapping[str, str]:
        """Return version, model name and one SHA-256 for settings and weights of the model.

        The hash is that of what `sha256sum` prints for the files, sorted by path. Raises
        EngineMissing when the package or the model is not installed.
        """
        try:
            release = version(PACKAGE)
        except PackageNotFoundError:
            raise package_missing() from None
        check_folder(self._folder)
        return {
            "pyannote.audio": release,
            "model": self._folder.name,
            "weights_sha256": self._weights_sha256,
        }

    def diarise(
        self,
        audio: Audio,
        speech: Sequence[Interval],
        count: SpeakerCount,
        progress: Progress,
    ) -> Diarisation:
        """Return turns in order of start, within the recording; they overlap where people do.

        The model finds speech itself: of `speech` it only matters whether there is any. Voices
        have no prints: they would be of another model than those that stretches are compared by.
        Progress counts thousandths. Raises EngineMissing when package or model
        are not usable and EngineFailed when the library breaks. Holds the recording in memory as
        32-bit floats: 230 MB an hour.
        """
        if not speech:
            return Diarisation()
        with _quiet():
            pipeline = self._pipeline
            try:
                import torch

                waveform = torch.from_numpy(as_float(read_samples(audio))).unsqueeze(0)
                output = pipeline(
                    {"waveform": waveform, "sample_rate": SAMPLE_RATE_HZ},
                    **_bounds(count),
                    hook=_Hook(progress),
                )
            except Exception as error:  # What a model can raise is not listed anywhere.
                raise _failed() from error
        progress(PROGRESS_TOTAL, PROGRESS_TOTAL)
        annotation = getattr(output, "speaker_diarization", output)
        return _diarisation(annotation, audio.duration_ms)

    @cached_property
    def _pipeline(self) -> Any:
        check_folder(self._folder)
        pipeline_class = _pipeline_class()
        try:
            import torch

            pipeline = pipeline_class.from_pretrained(self._folder)
            pipeline.to(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
        except Exception as error:  # As above.
            raise _failed() from error
        return pipeline

    @cached_property
    def _weights_sha256(self) -> str:
        together = hashlib.sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.suffix in WEIGHTS or path == self._folder / "config.yaml":
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                together.update(f"{digest}  {path.relative_to(self._folder).as_posix()}\n".encode())
        return together.hexdigest()


def check_folder(folder: Path) -> None:
    """Make sure that a folder holds a whole local pipeline.

    Raises EngineMissing when a part is missing, would come from elsewhere, or works elsewhere.
    """
    try:
        settings = yaml.safe_load((folder / "config.yaml").read_text())
        pipeline = settings["pipeline"]
        models = [pipeline["params"][name] for name in MODELS if name in pipeline["params"]]
        whole = bool(models) and all(
            model.startswith(IN_FOLDER) and (folder / model.removeprefix(IN_FOLDER)).exists()
            for model in models
        )
        local = pipeline["name"] in LOCAL_PIPELINES
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        whole, local = False, True
    if not local:
        raise EngineMissing(
            "pyannote_not_local",
            "This speaker model does not work on this machine alone, so it is not used: recordings "
            "never leave. Install the community-1 model with `transcriber models add FOLDER`.",
        )
    if not whole:
        raise EngineMissing(
            "pyannote_model_missing",
            "The pyannote speaker model is not there, or a part of it is missing. "
            "Install all of it with `transcriber models add FOLDER`.",
        )


def package_missing() -> EngineMissing:
    """Return the error for a machine without pyannote.audio."""
    return EngineMissing(
        "pyannote_missing",
        "pyannote.audio is not installed. Run `pip install 'transcriber[pyannote]'`.",
    )


def _failed() -> EngineFailed:
    return EngineFailed(
        "diarisation_failed",
        "The pyannote speaker model stopped while it worked, perhaps for want of memory. "
        "Close other programs and run again; `transcriber doctor` shows whether it is whole.",
    )


def _pipeline_class() -> Any:
    os.environ.update(SILENT)
    try:
        from pyannote.audio import Pipeline
    except ModuleNotFoundError as error:
        if error.name in {"pyannote", PACKAGE}:
            raise package_missing() from error
        raise not_starting() from error
    except Exception as error:  # A torchaudio made for another torch raises OSError and others.
        raise not_starting() from error
    return Pipeline


def not_starting() -> EngineMissing:
    """Return the error for a package that is there and cannot be imported, and why that may be."""
    torch, torchaudio = _release("torch"), _release("torchaudio")
    if torch and torchaudio and torch != torchaudio:
        return EngineMissing(
            "torch_mismatch",
            f"pyannote.audio does not start because torch {torch} and torchaudio {torchaudio} do "
            "not fit together. Install both with the same number, from one source.",
        )
    return EngineMissing(
        "pyannote_broken",
        "pyannote.audio is installed but does not start. Run "
        "`pip install --force-reinstall 'transcriber[pyannote]'`.",
    )


def _release(package: str) -> str | None:
    """Return major and minor version: the two libraries are built in pairs of these."""
    try:
        found = re.match(r"\d+\.\d+", version(package))
    except PackageNotFoundError:
        return None
    return found.group() if found else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings of pyannote and lightning from the terminal.

    They speak of reading files, which this module does itself, and of training.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _bounds(count: SpeakerCount) -> dict[str, int | None]:
    if count.exact is not None:
        return {"num_speakers": count.exact}
    return {"min_speakers": count.minimum, "max_speakers": count.maximum}


class _Hook:
    """Called by pyannote after each step, and often during the two long ones."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0

    def __call__(
        self,
        step_name: str,
        step_artifact: object,
        file: object = None,
        total: int | None = None,
        completed: int | None = None,
    ) -> None:
        start, end = STEPS.get(step_name, (0, 0))
        share = min(completed / total, 1) if completed is not None and total else 0
        done = start + round((end - start) * share)
        if done > self._done:
            self._done = done
            self._progress(done, PROGRESS_TOTAL)


def _diarisation(annotation: Any, duration_ms: int) -> Diarisation:
    """Round to milliseconds, clip to the recording, and name speakers by first appearance."""
    found = []
    for segment, _, label in annotation.itertracks(yield_label=True):
        start_ms = max(round(segment.start * 1000), 0)
        end_ms = min(round(segment.end * 1000), duration_ms)
        if start_ms < end_ms:
            found.append((start_ms, end_ms, str(label)))
    found.sort()
    labels = dict.fromkeys(label for _, _, label in found)
    names = {label: f"S{number}" for number, label in enumerate(labels, start=1)}
    return Diarisation(
        tuple(Turn(names[label], Interval(start, end)) for start, end, label in found),
        tuple(Voice(name) for name in names.values()),
    )
