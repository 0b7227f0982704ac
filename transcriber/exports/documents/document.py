"""What every transcript that people bring can do, whatever its format."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

from transcriber.domain.errors import InputError

Replacement = tuple[int, int, str]
"""Start and end in code points, end exclusive, and the text to write there."""


class Document(Protocol):
    """A transcript of somebody, read into memory."""

    @property
    def text(self) -> str:
        """The body: a plain text file exactly, else paragraphs, cells or cue texts joined by LF."""

    @property
    def parts(self) -> Mapping[str, str]:
        """Text that stands elsewhere, such as headers, by the name of the place."""

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return the file in its own format with replacements and the mark.

        Replacements do not overlap. One that crosses a line border is written where it starts; the
        rest of its stretch is deleted.
        """


def empty() -> InputError:
    """Return the error for a file without words."""
    return InputError("empty", "This file holds no words. Nothing was stored. Export it again.")


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """Return `text` with every replacement made."""
    for start, end, new in sorted(replacements, key=lambda r: (r[0], r[1]), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def by_line(lines: Sequence[str], replacements: Iterable[Replacement]) -> list[list[Replacement]]:
    """Share replacements in the lines joined by LF out to the lines, with offsets in each line.

    A replacement over several lines goes to the line where it starts; its stretch in the others is
    deleted.
    """
    shares: list[list[Replacement]] = [[] for _ in lines]
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    number = 0
    for start, end, new in sorted(replacements, key=lambda r: (r[0], r[1])):
        while number + 1 < len(lines) and starts[number + 1] <= start:
            number += 1
        offset = starts[number]
        shares[number].append((start - offset, min(end - offset, len(lines[number])), new))
        for later in range(number + 1, len(lines)):
            if starts[later] >= end:
                break
            if lines[later]:
                shares[later].append((0, min(end - starts[later], len(lines[later])), ""))
    return shares


def replaced_lines(lines: Sequence[str], replacements: Iterable[Replacement]) -> list[str]:
    """Return the lines with the replacements in their text joined by LF made; none is lost."""
    shares = by_line(lines, replacements)
    return [replaced(line, share) for line, share in zip(lines, shares, strict=True)]
