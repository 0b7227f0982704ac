"""Checked reading of values from JSON: a wrong file is named as such, without quoting it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from transcriber.domain.interval import Interval

T = TypeVar("T")


class WrongRecord(ValueError):
    """A value is missing or of another type than the schema says."""


def mapping(value: object) -> Mapping[str, object]:
    """Return `value` when it is an object. Raises WrongRecord."""
    if not isinstance(value, dict):
        raise WrongRecord
    return value


def items(record: Mapping[str, object], key: str, read: Callable[[object], T]) -> tuple[T, ...]:
    """Read each entry of the list under `key`. Raises WrongRecord."""
    value = record.get(key)
    if not isinstance(value, list):
        raise WrongRecord
    return tuple(read(item) for item in value)


def string(record: Mapping[str, object], key: str) -> str:
    """Return the string under `key`. Raises WrongRecord."""
    value = record.get(key)
    if not isinstance(value, str):
        raise WrongRecord
    return value


def optional_string(record: Mapping[str, object], key: str) -> str | None:
    """Return the string under `key`, None when it is absent or null. Raises WrongRecord."""
    return None if record.get(key) is None else string(record, key)


def count(record: Mapping[str, object], key: str) -> int:
    """Return the whole number from zero under `key`. Raises WrongRecord."""
    value = record.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WrongRecord
    return value


def number(record: Mapping[str, object], key: str) -> float:
    """Return the number under `key`. Raises WrongRecord."""
    value = record.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise WrongRecord
    return value


def interval(value: object) -> Interval:
    """Read `start_ms` and `end_ms`. Raises WrongRecord."""
    record = mapping(value)
    start, end = count(record, "start_ms"), count(record, "end_ms")
    if end < start:
        raise WrongRecord
    return Interval(start, end)
