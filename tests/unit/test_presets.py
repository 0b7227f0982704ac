"""A preset names formats that are there, and its steps stand in the documentation."""

from pathlib import Path
from typing import get_args

import pytest

from transcriber.api.bundles import Tool
from transcriber.exports.bundle import folder_of
from transcriber.exports.formats import FORMATS
from transcriber.exports.presets import PRESETS, Preset

DOCS = Path(__file__).parents[2] / "docs" / "coding-tools.md"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_is_whole(preset: Preset) -> None:
    assert set(preset.formats) <= set(FORMATS)
    section = DOCS.read_text().partition(f"\n## {preset.tool}\n")[2].partition("\n## ")[0]
    for number, step in enumerate(preset.steps, start=1):
        assert f"{number}. {step}\n" in section
    told = " ".join(preset.steps)
    for key in preset.formats:
        assert f"folder {folder_of(key)}" in told


def test_the_interface_knows_the_same_tools() -> None:
    assert get_args(Tool) == tuple(PRESETS)
