"""The computer that the work is done on: processor, memory, disk."""

import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from transcriber.engines.cores import cores


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to work with; sizes in bytes, None where the system does not tell.

    `gpu` is None when there is none that the libraries can use.
    """

    python: str
    system: str
    cores: int
    gpu: str | None
    memory_bytes: int | None
    free_memory_bytes: int | None
    free_disk_bytes: int
    free_temporary_bytes: int


def look(data: Path, gpu: str) -> Machine:
    """Look at the machine; `data` is the folder whose disk counts, `gpu` empty when none works."""
    there = next(folder for folder in (data, *data.absolute().parents) if folder.is_dir())
    total, free = _memory()
    return Machine(
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cores=cores(),
        gpu=gpu or None,
        memory_bytes=total,
        free_memory_bytes=free,
        free_disk_bytes=shutil.disk_usage(there).free,
        free_temporary_bytes=shutil.disk_usage(tempfile.gettempdir()).free,
    )


def _memory() -> tuple[int | None, int | None]:
    """Return all and available memory; a container's limit counts as all there is."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        kilobytes = {
            name: int(rest.split()[0]) for name, _, rest in (s.partition(":") for s in lines)
        }
        total, free = kilobytes["MemTotal"] * 1024, kilobytes["MemAvailable"] * 1024
    except (OSError, ValueError, KeyError, IndexError):
        return None, None
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no container, or the word "max"
        return total, free
    return min(total, limit), min(free, limit)
