"""The files of sentences and slots beside this module."""

from functools import cache
from importlib.resources import files
from pathlib import Path

TEMPLATES = ("peer", "life", "work", "talk", "bodies", "news", "podcast", "things", "negatives")


def _lines(name: str) -> list[str]:
    corpus = Path(str(files("transcriber.training") / "corpus" / name))
    lines = (line.strip() for line in corpus.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@cache
def templates() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the sentences with slots of every register."""
    return tuple((name, tuple(_lines(f"{name}.txt"))) for name in TEMPLATES)


@cache
def sections(name: str) -> dict[str, list[str]]:
    """Return the lists of a file by the heading in brackets that they stand under."""
    parts: dict[str, list[str]] = {}
    separator = "|" if name.endswith(".ini") else ","
    for line in _lines(name):
        if line.startswith("[") and line.endswith("]"):
            items = parts.setdefault(line[1:-1], [])
        else:
            items += [item.strip() for item in line.split(separator) if item.strip()]
    return parts
