"""WebVTT files: cue texts are the body; header, notes and voices are parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from transcriber.domain.errors import InputError
from transcriber.exports.documents.cues import (
    VTT_MARKUP,
    Cue,
    annotations,
    blocks,
    comment,
    cue_of,
    rewritten,
    visible,
)
from transcriber.exports.documents.document import Replacement, by_line, empty, replaced_lines
from transcriber.exports.documents.plain import decode

_SETTING = re.compile(
    "vertical:(?:rl|lr)|align:(?:start|center|middle|end|left|right)"
    r"|(?:line|position|size):-?[\d.]+%?(?:,(?:start|center|end|line-left|line-right))?"
)
_SIGNATURE = "WEBVTT"


@dataclass(frozen=True, slots=True)
class _Aside:
    """A block that is no cue: a note, a style sheet, a region."""

    part: str
    text: str


@dataclass(frozen=True)
class VttFile:
    """A WebVTT file."""

    header: str
    contents: tuple[Cue | _Aside, ...]

    @property
    def _cues(self) -> list[Cue]:
        return [item for item in self.contents if isinstance(item, Cue)]

    @cached_property
    def _voices(self) -> list[str]:
        return list(dict.fromkeys(v for cue in self._cues for v in annotations(cue.payload)))

    @cached_property
    def _lines(self) -> list[str]:
        return [visible(cue.payload, VTT_MARKUP) for cue in self._cues]

    @property
    def text(self) -> str:
        """The cue texts without tags, entities resolved, joined by LF."""
        return "\n".join(self._lines)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """`header`, `note-1` …, and `voices`: every voice once, one a line."""
        parts = {"header": self.header}
        parts |= {item.part: item.text for item in self.contents if isinstance(item, _Aside)}
        parts["voices"] = "\n".join(self._voices)
        return {name: text for name, text in parts.items() if text}

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return WebVTT with the mark as a NOTE.

        Times, positions and tags stay. Cue identifiers other than numbers and the classes of tags
        are left out: they may hold anything.
        """
        voices = dict(
            zip(
                self._voices,
                replaced_lines(self._voices, part_replacements.get("voices", ())),
                strict=True,
            )
        )
        header = comment(self.header, part_replacements.get("header", ()))
        written = [_SIGNATURE + (f" {header}" if header else ""), f"NOTE {mark}"]
        shares = iter(by_line(self._lines, text_replacements))
        for item in self.contents:
            if isinstance(item, Cue):
                text = rewritten(item.payload, VTT_MARKUP, next(shares), voices)
                written.append(f"{_head(item)}\n{text}")
            elif item.text.split() != ["NOTE", *mark.split()]:
                written.append(comment(item.text, part_replacements.get(item.part, ())))
        return ("\n\n".join(block.rstrip("\n") for block in written if block) + "\n").encode()


def _head(cue: Cue) -> str:
    settings = [setting for setting in cue.settings.split() if _SETTING.fullmatch(setting)]
    line = " ".join([cue.times.replace(",", "."), *settings])
    return f"{cue.number}\n{line}" if cue.number.isdecimal() else line


def open_vtt(data: bytes) -> VttFile:
    """Read WebVTT. Raises InputError `not_text`, `bad_vtt`, or `empty` without cues."""
    found = list(blocks(decode(data)))
    if not found[0][0].startswith(_SIGNATURE):
        raise InputError(
            "bad_vtt",
            "This file does not begin with WEBVTT, so it is not a WebVTT file. Export it again.",
        )
    found[0][0] = found[0][0].removeprefix(_SIGNATURE)
    header, found[0] = _split_header(found[0])
    contents: list[Cue | _Aside] = []
    for number, block in enumerate(block for block in found if block):
        cue = cue_of(block)
        contents.append(cue or _Aside(f"{_kind(block)}-{number + 1}", "\n".join(block)))
    if not any(isinstance(item, Cue) and item.payload for item in contents):
        raise empty()
    return VttFile("\n".join(header).strip(), tuple(contents))


def _split_header(block: list[str]) -> tuple[list[str], list[str]]:
    """Part the header from a cue that follows it without a blank line."""
    for number, line in enumerate(block):
        if cue_of([line]):
            return block[:number], block[number:]
    return block, []


def _kind(block: list[str]) -> str:
    first = block[0].split()[0]
    return first.lower() if first in {"NOTE", "STYLE", "REGION"} else "block"
