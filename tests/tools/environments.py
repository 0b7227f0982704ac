"""Environments of foreign programs: `python -m tests.tools.environments` makes them all."""

import fcntl
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path


@dataclass(frozen=True)
class Tool:
    """A program from PyPI in one version, and what it is called there."""

    requirement: str
    version: str

    @property
    def folder(self) -> Path:
        return user_cache_path("transcriber-tests") / f"{self.requirement}-{self.version}"

    def installed(self) -> Path:
        """Return its environment, made where it is not there whole yet."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_name(f"{self.folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._is_whole():
                self._make()
        return self.folder

    def program(self, name: str) -> str:
        """Return the path of a program of the environment."""
        return str(self.installed() / "bin" / name)

    def package_file(self, path: str) -> Path:
        """Return a file of its packages."""
        (found,) = self.installed().glob(f"lib/python3*/site-packages/{path}")
        return found

    def _is_whole(self) -> bool:
        return (self.folder / "whole").exists()

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)
        pip = [str(self.folder / "bin" / "pip"), "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, f"{self.requirement}=={self.version}"], check=True)
        (self.folder / "whole").touch()


QC = Tool("qualitative-coding", "1.7.8")
"""`qc`, which reads REFI-QDA projects and brings the standard's schema."""

TAGUETTE = Tool("taguette", "1.5.2")


if __name__ == "__main__":
    for tool in (QC, TAGUETTE):
        print(tool.installed())
