"""Tables that a spreadsheet shows and never runs (CWE-1236, RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet runs cells that start so; the last four are full-width forms of the first."""


def write_csv(
    headings: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> bytes:
    """Return UTF-8 with LF, a heading line first; cells that look like formulas get a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def harmless(cell: object) -> object:
    """Return text that would start a formula with a quote before it, anything else unchanged.

    What begins with quotes and then like a formula gets one too: whoever takes one quote away from
    every cell that begins so has all cells as they were. Line ends become LF: `csv` leaves a lone
    CR unquoted, and readers take it for the end of a row.
    """
    if not isinstance(cell, str):
        return cell
    quote = "'" if cell.lstrip(" '").startswith(FORMULA_STARTS) else ""
    return quote + cell.replace("\r\n", "\n").replace("\r", "\n")
