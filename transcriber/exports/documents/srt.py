"""SubRip files: cue texts are the body; there is nothing else in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from transcriber.domain.errors import InputError
from transcriber.exports.documents.cues import SRT_MARKUP, Cue, blocks, cue_of, rewritten, visible
from transcriber.exports.documents.document import Replacement, by_line, empty
from transcriber.exports.documents.plain import decode
from transcriber.exports.srt import MARK_TIMES


@dataclass(frozen=True)
class SrtFile:
    """A SubRip file."""

    cues: tuple[Cue, ...]

    @cached_property
    def _lines(self) -> list[str]:
        return [visible(cue.payload, SRT_MARKUP) for cue in self.cues]

    @property
    def text(self) -> str:
        """The cue texts without tags, joined by LF."""
        return "\n".join(self._lines)

    @property
    def parts(self) -> Mapping[str, str]:
        """Nothing: SubRip knows no comments."""
        return {}

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return SubRip whose first cue, number 0 and 1 ms long, is the mark.

        SubRip has no comments. Before the first cue the mark belongs to no speaker, and the numbers
        and times of all other cues stay. What stands behind the times is left out.
        """
        if part_replacements:
            raise KeyError("a SubRip file has no parts")
        written = [f"0\n{MARK_TIMES}\n{mark}"]
        shares = by_line(self._lines, text_replacements)
        for position, (cue, share) in enumerate(zip(self.cues, shares, strict=True), 1):
            if cue.times == MARK_TIMES and cue.payload == mark:
                continue
            number = cue.number if cue.number.isdecimal() else str(position)
            text = rewritten(cue.payload, SRT_MARKUP, share, {})
            written.append(f"{number}\n{cue.times.replace('.', ',')}\n{text}".rstrip("\n"))
        return ("\n\n".join(written) + "\n").encode()


def open_srt(data: bytes) -> SrtFile:
    """Read SubRip. Raises InputError `not_text`, `bad_srt`, or `empty` without words.

    A blank line inside a cue, which careless programs write, does not end it.
    """
    cues: list[Cue] = []
    for block in blocks(decode(data)):
        if cue := cue_of(block):
            cues.append(cue)
        elif cues:
            payload = "\n".join(filter(None, [cues[-1].payload, *block]))
            cues[-1] = replace(cues[-1], payload=payload)
        else:
            raise InputError(
                "bad_srt",
                "This file does not begin with a numbered subtitle and its times. Export it again.",
            )
    if not any(cue.payload for cue in cues):
        raise empty()
    return SrtFile(tuple(cues))
