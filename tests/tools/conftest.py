"""The released sample, and what `transcriber export` makes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.released_sample import release_of_the_sample
from transcriber.cli import main

Exporting = Callable[[str], Path]


@pytest.fixture(scope="package")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_of_the_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def exported(release: Path, tmp_path: Path) -> Exporting:
    """Export the sample for a tool and return the folder."""

    def export(preset: str) -> Path:
        out = tmp_path / preset
        # Every tool is given the plain text as well, to compare with what it has read.
        words = ["export", "--preset", preset, "--format", "txt", "--out", str(out), str(release)]
        assert main(words) == 0
        return out

    return export
