"""Words with times below an utterance: they follow what is replaced in its text."""

from collections.abc import Sequence
from typing import TypeAlias

from transcriber.exports.documents.document import Replacement, replaced

Record: TypeAlias = dict[str, object]


def is_words(value: object, key: str) -> bool:
    """Tell whether `value` is a list of objects that each have a string under `key`."""
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get(key), str) for item in value
    )


def follow(
    line: str, words: Sequence[Record], key: str, replacements: Sequence[Replacement]
) -> list[Record] | None:
    """Return the words as they stand after the replacements in `line`.

    Words under one replacement become one, from the start of the first to the end of the last; a
    word of which nothing is left goes. None when the words are not those of the line.
    """
    spans = _spans(line, [str(word[key]).strip() for word in words])
    if spans is None:
        return None
    result: list[Record] = []
    following = 0
    for first, last, changes in _groups(spans, replacements):
        result += words[following:first]
        start, end = spans[first][0], spans[last][1]
        shifted = [(s - start, min(e, end) - start, new) for s, e, new in changes]
        text = _replaced(line[start:end], shifted)
        if text.strip():
            result.append(_joined(words[first], words[last], key, text))
        following = last + 1
    return result + list(words[following:])


def _replaced(text: str, changes: Sequence[Replacement]) -> str:
    """Replace, also what begins before the text, in the white space before its first word."""
    return replaced(text, [(max(start, 0), end, new) for start, end, new in changes])


def _spans(line: str, words: Sequence[str]) -> list[tuple[int, int]] | None:
    spans = []
    position = 0
    for word in words:
        start = line.find(word, position)
        # Between words stands white space only; anything else would slip through unseen.
        if start < 0 or line[position:start].strip():
            return None
        position = start + len(word)
        spans.append((start, position))
    return None if line[position:].strip() else spans


def _groups(
    spans: Sequence[tuple[int, int]], replacements: Sequence[Replacement]
) -> list[tuple[int, int, list[Replacement]]]:
    """Group replacements that touch the same words: first and last word, both inclusive."""
    groups: list[tuple[int, int, list[Replacement]]] = []
    for change in sorted(replacements):
        start, end, _ = change
        touched = [n for n, (s, e) in enumerate(spans) if s < end and e > start]
        if not touched:
            continue
        if groups and groups[-1][1] >= touched[0]:
            first, _, changes = groups.pop()
            groups.append((first, touched[-1], [*changes, change]))
        else:
            groups.append((touched[0], touched[-1], [change]))
    return groups


def _joined(first: Record, last: Record, key: str, text: str) -> Record:
    joined = first | {key: text}
    joined |= {name: last[name] for name in ("end", "end_ms") if name in last and name in first}
    if "redacted" in first:
        joined["redacted"] = True
    return joined
