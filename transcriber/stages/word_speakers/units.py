"""Cut words into units: stretches that one person says in one go."""

import re
from collections.abc import Iterator, Sequence

from transcriber.domain.transcript import Word

PAUSE_MS = 500
"""Half a second is heard as a pause (noScribe pull request 351, the unit that repaired most)."""

_SENTENCE_END = re.compile(r"""[.?!\u2026]["'\u2019\u201d)\]]*$""")


def units(words: Sequence[Word]) -> Iterator[range]:
    """Yield the numbers of the words of each unit: up to a sentence's end or a pause."""
    first = 0
    for number in range(1, len(words) + 1):
        if number < len(words):
            before, word = words[number - 1], words[number]
            pause_ms = word.start_ms - before.end_ms
            if pause_ms < PAUSE_MS and not _SENTENCE_END.search(before.text):
                continue
        yield range(first, number)
        first = number
