"""The shape of the code: small files, one direction of imports, no unfinished business."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "transcriber").rglob("*.py"))
MAX_LINES = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def test_imports_point_one_way() -> None:
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_file_is_short_and_named_for_what_it_holds(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES
    assert path.stem not in VAGUE


def test_the_domain_imports_the_standard_library_only() -> None:
    for path in (ROOT / "transcriber" / "domain").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("transcriber.domain")


def test_help_answers_without_loading_an_engine() -> None:
    listed = (
        "import sys; from transcriber.cli.parser import build_parser; "
        "build_parser(); print(*sys.modules)"
    )
    modules = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"torch", "numpy", "presidio_analyzer", "rich", "pydantic", "av", "yaml"}
    assert heavy.isdisjoint(modules)


def test_every_command_and_option_is_in_the_readme() -> None:
    from transcriber.cli.parser import build_parser

    readme = (ROOT / "README.md").read_text()
    (commands,) = build_parser()._subparsers._group_actions  # type: ignore[union-attr]
    assert isinstance(commands.choices, dict)
    for name, command in commands.choices.items():
        assert f"transcriber {name}" in readme
        for action in command._actions:
            for option in action.option_strings:
                if option.startswith("--") and option != "--help":
                    assert option in readme, f"{name} {option}"
