"""Identifiers of a REFI-QDA project: random to look at, and the same each time.

A GUID made from a label or a name could be looked up by trying names (RFC 9562, 6.5). These are
drawn from a digest of the whole text, so whoever does not have the text cannot guess one.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from uuid import UUID


def guids(seed: str) -> Iterator[str]:
    """Yield one GUID after another: upper case, without braces, none twice.

    ATLAS.ti writes them so, and no reader is known that refuses the form.
    """
    for number in count():
        digest = sha256(f"{seed}/{number}".encode()).digest()
        yield str(UUID(bytes=digest[:16], version=4)).upper()
