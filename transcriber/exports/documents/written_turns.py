"""Who says what, and when, in the transcripts that people bring.

Teams writes WebVTT with `<v Name>`, and Word documents with `Name   0:03` above each turn; older
ones have `0:0:1.2 --> 0:0:3.4` above that. Zoom writes WebVTT with `Name: ` and text with
`[Name] 10:05:03`. Otter writes `Name  0:03` above each turn, in text and in Word. People write
`Name:`, or a tab.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.written import WrittenTurn
from transcriber.exports.documents.cues import (
    SRT_MARKUP,
    VTT_MARKUP,
    Cue,
    annotations,
    visible,
)
from transcriber.exports.documents.document import empty
from transcriber.exports.documents.named_cues import interval_of, label_of
from transcriber.exports.documents.plain import open_text
from transcriber.exports.documents.srt import open_srt
from transcriber.exports.documents.vtt import open_vtt
from transcriber.exports.documents.word import open_docx
from transcriber.stages.speaker_labels import label_spans

MOST_BYTES = 64 << 20
"""A transcript of a day is less than one."""

FEWEST_NAMED = 0.5
"""Share of cues with a name below which a colon is punctuation and not a label."""

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
_ABOVE = re.compile(
    rf"(?P<name>[^\W\d_][^\n]{{0,60}}?)[ \t\u00a0]+(?P<time>{_CLOCK})"  # Teams, Otter
    rf"|\[(?P<name_2>[^\]\n]{{1,60}})\][ \t]+(?P<time_2>{_CLOCK})"  # Zoom
)
_SPAN = re.compile(r"(\d+:\d{1,2}:\d{1,2}\.\d+) --> (\d+:\d{1,2}:\d{1,2}\.\d+)")
_LABELLED = re.compile(
    rf"(?:[\[(]?(?P<time>{_CLOCK})[\])]?[ \t]*)?(?P<label>[^\W\d_][^:\t\n]{{0,40}})(?::|\t)[ \t]*"
)


def read_written(data: bytes) -> tuple[WrittenTurn, ...]:
    """Read a docx, vtt, srt or txt by what it begins with.

    Raises InputError, whose sentence never quotes the file.
    """
    if len(data) > MOST_BYTES:
        raise InputError("too_big", "This transcript is too large to be one. Export it again.")
    if data.startswith(b"PK"):
        turns = _of_lines(open_docx(data).text.split("\n"))
    elif data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        cues = [item for item in open_vtt(data).contents if isinstance(item, Cue)]
        turns = _of_cues(cues, VTT_MARKUP)
    elif re.match(rb"(?:\xef\xbb\xbf)?\s*\d+\s*\r?\n\s*[\d:]+,\d{3} -->", data):
        turns = _of_cues(open_srt(data).cues, SRT_MARKUP)
    else:
        turns = _of_lines(open_text(data).text.splitlines())
    turns = [turn for turn in turns if turn.text.strip()]
    if not turns:
        raise empty()
    return tuple(turns)


def _of_cues(cues: Sequence[Cue], markup: re.Pattern[str]) -> list[WrittenTurn]:
    """One turn a cue; who spoke before goes on where a cue names nobody."""
    labels = [label_of(cue, markup) for cue in cues]
    tagged = markup is VTT_MARKUP and any(annotations(cue.payload) for cue in cues)
    by_label = not tagged and sum(label is not None for label in labels) >= FEWEST_NAMED * len(cues)
    turns: list[WrittenTurn] = []
    for cue, label in zip(cues, labels, strict=True):
        text = visible(cue.payload, markup)
        names = list(dict.fromkeys(annotations(cue.payload))) if tagged else []
        name = names[0] if len(names) == 1 else ""
        if by_label and label is not None:
            name, text = label, text.lstrip()[len(label) :].lstrip().removeprefix(":")
        elif by_label and turns:
            name = turns[-1].name
        place = next(interval_of(cue), None)
        turns.append(WrittenTurn(name, " ".join(text.split()), place))
    return turns


@dataclass
class _Line:
    """A line as far as it says who speaks, and when that begins and ends."""

    name: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


def _of_lines(lines: Sequence[str]) -> list[WrittenTurn]:
    found = list(_read(lines, _labels(lines)))
    starts = [line.start_ms for line in found]
    turns: list[WrittenTurn] = []
    for number, line in enumerate(found):
        if line.name is None and turns:
            # A paragraph goes on with what its speaker says.
            before = turns.pop()
            turns.append(
                WrittenTurn(before.name, f"{before.text} {line.text}".strip(), before.interval)
            )
            continue
        later = (at_ms for at_ms in starts[number + 1 :] if at_ms is not None)
        turns.append(WrittenTurn(line.name or "", line.text, _interval(line, next(later, None))))
    return turns


def _interval(line: _Line, next_ms: int | None) -> Interval | None:
    if line.start_ms is None:
        return None
    end_ms = line.end_ms if line.end_ms is not None else next_ms
    return Interval(line.start_ms, max(line.start_ms, end_ms or 0))


def _read(lines: Sequence[str], labels: frozenset[str]) -> Iterator[_Line]:
    span: re.Match[str] | None = None
    for raw in lines:
        line = raw.strip()
        if match := _SPAN.fullmatch(line):
            span = match
        elif span is not None and line:
            # Older Teams: times, then the name, then what was said.
            yield _Line(line, "", _ms(span[1]), _ms(span[2]))
            span = None
        elif match := _ABOVE.fullmatch(line):
            name, time = match["name"] or match["name_2"], match["time"] or match["time_2"]
            yield _Line(name.strip(), "", _ms(time))
        elif (match := _LABELLED.match(line)) and _plain(match["label"]) in labels:
            at_ms = _ms(match["time"]) if match["time"] else None
            yield _Line(match["label"].strip(), line[match.end() :], at_ms)
        elif line:
            yield _Line(None, line)


def _labels(lines: Sequence[str]) -> frozenset[str]:
    """Return what stands for speakers before a colon: what does so twice, codes and roles."""
    found: Counter[str] = Counter()
    codes: set[str] = set()
    for line in lines:
        if match := _LABELLED.match(line.strip()):
            found[_plain(match["label"])] += 1
            if any(True for _ in label_spans(f"{match['label'].strip()}:")):
                codes.add(_plain(match["label"]))
    return frozenset(codes | {label for label, times in found.items() if times > 1})


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def _ms(time: str) -> int:
    seconds = 0.0
    for part in time.split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds * 1000)
