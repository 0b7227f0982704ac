"""Subtitle cues: text with markup, whose visible characters can be replaced.

Rules: WebVTT (W3C), section 4.2.2 (cue text) and 6.4 (its parsing); SubRip has no standard, players
understand b, i, u and font.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from transcriber.exports.documents.document import Replacement, replaced
from transcriber.exports.wording import one_line, writable

_ENTITY = r"&(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
_CLOCK = r"\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})"
_TIME = re.compile(rf"{_CLOCK}\s*-->{_CLOCK}(.*)")
_BLANK = re.compile(r"[ \t]*")

VTT_MARKUP = re.compile(
    rf"</?(?P<tag>v|c|i|b|u|ruby|rt|lang)(?:\.[^\s<>]*)?(?:[ \t\n](?P<annotation>[^<>]*))?>"
    rf"|<(?P<time>[\d:.]+)>|(?P<entity>{_ENTITY})"
)
SRT_MARKUP = re.compile(r"</?(?P<tag>b|i|u|font)(?:\s[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue as it stands in the file; `times` is its timing line without settings."""

    number: str
    times: str
    settings: str
    payload: str


def blocks(text: str) -> Iterator[list[str]]:
    """Split a file into its blocks: runs of lines between blank lines, one timing line in each."""
    block: list[str] = []
    for line in re.split("\r\n|\n|\r", text):
        if _TIME.fullmatch(line) and any(map(_TIME.fullmatch, block)):
            number = [block.pop()] if block[-1].isdigit() else []
            yield block
            block = number
        if _BLANK.fullmatch(line):
            if block:
                yield block
            block = []
        else:
            block.append(line)
    if block:
        yield block


def cue_of(block: Sequence[str]) -> Cue | None:
    """Read a block as a cue; None when neither its first nor its second line holds times."""
    for number, line in enumerate(block[:2]):
        if match := _TIME.fullmatch(line):
            times = f"{match[1]} --> {match[2]}"
            identifier = block[0].strip() if number else ""
            return Cue(identifier, times, match[3].strip(), "\n".join(block[number + 1 :]))
    return None


def visible(payload: str, markup: re.Pattern[str]) -> str:
    """Return what a viewer reads: no tags, entities resolved."""
    return "".join(unescape(piece) if shown else "" for shown, piece in _atoms(payload, markup))


def annotations(payload: str) -> list[str]:
    """Return the voices and languages that WebVTT tags name."""
    found = (match["annotation"] for match in VTT_MARKUP.finditer(payload))
    return [writable(unescape(name)).strip() for name in found if name and name.strip()]


def rewritten(
    payload: str,
    markup: re.Pattern[str],
    replacements: Iterable[Replacement],
    voices: dict[str, str],
) -> str:
    """Return the payload with replacements in what is visible, and voices renamed.

    Tags stay where they are without their classes and attributes, which may hold anything. Escapes
    are written anew. No line is blank, for a blank line would end the cue.
    """
    escaped = markup is VTT_MARKUP
    atoms = _atoms(payload, markup)
    shown = [piece if kind else None for kind, piece in atoms]
    pieces = [_escaped(unescape(p)) if escaped else p for p in shown if p is not None]
    shares = [(start, end, one_line(new)) for start, end, new in replacements]
    pieces.append("")
    for start, end, new in sorted(shares, reverse=True):
        written = _escaped(new) if escaped else new
        if start == end:
            pieces[start] = written + pieces[start]
        else:
            pieces[start:end] = [written] + [""] * (end - start - 1)
    return _joined(atoms, pieces, markup, voices)


def _joined(
    atoms: Sequence[tuple[bool, str]],
    pieces: list[str],
    markup: re.Pattern[str],
    voices: dict[str, str],
) -> str:
    result: list[str] = []
    taken = iter(pieces)
    for shown, piece in atoms:
        result.append(next(taken, "") if shown else _tag(piece, markup, voices))
    result.extend(taken)
    lines = "".join(result).split("\n")
    return "\n".join(line for line in lines if not _BLANK.fullmatch(line))


def _atoms(payload: str, markup: re.Pattern[str]) -> list[tuple[bool, str]]:
    """Split into tags (False) and visible characters (True), an entity being one character."""
    atoms: list[tuple[bool, str]] = []
    position = 0
    for match in markup.finditer(payload):
        atoms += [(True, character) for character in payload[position : match.start()]]
        entity = match.groupdict().get("entity")
        whole = entity is None or len(unescape(entity)) == 1
        atoms += [(entity is not None, match[0])] if whole else [(True, c) for c in match[0]]
        position = match.end()
    return atoms + [(True, character) for character in payload[position:]]


def _tag(tag: str, markup: re.Pattern[str], voices: dict[str, str]) -> str:
    match = markup.fullmatch(tag)
    assert match is not None
    if match.groupdict().get("time"):
        return tag
    if tag.startswith("</"):
        return f"</{match['tag']}>"
    name = (match.groupdict().get("annotation") or "").strip()
    voice = voices.get(writable(unescape(name)).strip(), "") if name else ""
    return f"<{match['tag']} {_escaped(one_line(voice))}>" if voice else f"<{match['tag']}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def comment(text: str, replacements: Iterable[Replacement]) -> str:
    """Return a block other than a cue with replacements, still one block and not a cue."""
    lines = replaced(text, replacements).replace("-->", "->").split("\n")
    return "\n".join(line for line in lines if not _BLANK.fullmatch(line))
