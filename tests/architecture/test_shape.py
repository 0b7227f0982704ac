"""The shape of the code: small files, one direction of imports, no unfinished business."""

import ast
import re
import subprocess
import sys
import tomllib
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


def imported(path: Path) -> set[str]:
    """Top-level names that a file imports; name lists are imported by a string."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= {"faker"} if node.value.startswith("faker.") else set()
    return {name.partition(".")[0] for name in names}


def test_whatever_is_imported_is_declared_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared, optional = (
        {re.split(r"[<>=]", requirement)[0].lower().replace("-", "_") for requirement in group}
        for group in (
            project["dependencies"],
            [
                requirement
                for extra in ("evaluate", "postgres", "pyannote", "s3")
                for requirement in project["optional-dependencies"][extra]
            ],
        )
    )
    pinned = (ROOT / "configs" / "constraints.txt").read_text().lower().replace("-", "_")
    for name in declared:
        assert f"\n{name.replace('.', '_')}==" in pinned, f"{name} is not pinned"
    distributions = {
        "argon2": "argon2_cffi",
        "docx": "python_docx",
        "yaml": "pyyaml",
        "whisper": "openai_whisper",
        "pyannote": "pyannote.metrics",
        "pycrfsuite": "python_crfsuite",
    }
    own = {"transcriber", "configs"}
    for path in SOURCES:
        for name in imported(path) - own - set(sys.stdlib_module_names):
            wanted = distributions.get(name, name)
            assert wanted in declared | optional, f"{path.name} imports {name}"


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


def test_the_web_server_starts_without_loading_an_engine() -> None:
    listed = "import sys, transcriber.web.server; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"torch", "scipy", "numba", "spacy", "presidio_analyzer", "faster_whisper", "av"}
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


def test_ci_runs_the_test_command_of_the_readme() -> None:
    (command,) = [
        line.strip()
        for line in (ROOT / "README.md").read_text().splitlines()
        if line.startswith("    ") and line.endswith("pytest")
    ]
    assert command in (ROOT / ".ci" / "run").read_text()
