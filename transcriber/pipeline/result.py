"""Results of stages as records: JSON, and the files in the workspace that it names.

A path in a result is kept relative to the workspace, so that another machine with another
workspace reads the same record.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from transcriber.stages.protocols import Record


def to_record(kind: Any, result: Any, took_ms: int, workspace: Path) -> Record:
    """Write a result of type `kind` as a record; all its files lie in the workspace."""
    portable = _moved(result, lambda path: path.relative_to(workspace))
    files = tuple(dict.fromkeys(path.as_posix() for path in _paths(portable)))
    return Record(bytes(_adapter(kind).dump_json(portable)), took_ms, files)


def from_record(kind: Any, record: Record, workspace: Path) -> Any:
    """Read a result of type `kind` back."""
    portable = _adapter(kind).validate_json(record.result)
    return _moved(portable, lambda path: workspace / path) if record.files else portable


def _moved(value: Any, move: Callable[[Path], Path]) -> Any:
    """Return `value` with every path in it, however deep, moved."""
    if isinstance(value, Path):
        return move(value)
    if isinstance(value, tuple):
        items = tuple(_moved(item, move) for item in value)
        return value if all(map(operator.is_, items, value)) else items
    if is_dataclass(value) and not isinstance(value, type):
        inner = {field.name: getattr(value, field.name) for field in fields(value)}
        moved = {name: _moved(item, move) for name, item in inner.items()}
        differing = {name: item for name, item in moved.items() if item is not inner[name]}
        return replace(value, **differing) if differing else value
    return value


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _paths(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _paths(getattr(value, field.name))


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
