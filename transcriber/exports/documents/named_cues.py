"""WebVTT files that say who speaks, as Zoom, Teams and Otter write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.interval import Interval
from transcriber.exports.documents.cues import VTT_MARKUP, Cue, annotations, visible
from transcriber.exports.documents.vtt import open_vtt

_LABELLED = re.compile(r"([^\s:][^:\n]{0,78}):[ \t\n]+\S")
"""`Ann Lee: Good morning`, as Zoom writes it."""

_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d+)[.,](\d+)")


@dataclass(frozen=True, slots=True)
class NamedCue:
    """When a cue is shown, and who speaks in it; None where the file does not say."""

    name: str | None
    interval: Interval


def read_named_cues(data: bytes) -> tuple[NamedCue, ...]:
    """Read the cues of a WebVTT file in order of start.

    Names are those of `<v Name>`; where no cue has one, what stands before a colon at the start of
    a cue. A cue in which several people speak is nobody's. Raises InputError as `open_vtt` does.
    """
    cues = [item for item in open_vtt(data).contents if isinstance(item, Cue)]
    tagged = any(annotations(cue.payload) for cue in cues)
    named = (
        NamedCue(_tagged(cue) if tagged else label_of(cue, VTT_MARKUP), place)
        for cue in cues
        for place in interval_of(cue)
    )
    return tuple(sorted(named, key=lambda cue: cue.interval))


def _tagged(cue: Cue) -> str | None:
    names = dict.fromkeys(annotations(cue.payload))
    return next(iter(names)) if len(names) == 1 else None


def label_of(cue: Cue, markup: re.Pattern[str]) -> str | None:
    """Return what stands before a colon at the start of a cue."""
    match = _LABELLED.match(visible(cue.payload, markup).lstrip())
    return match[1].strip() if match else None


def interval_of(cue: Cue) -> Iterator[Interval]:
    """Yield when a cue is shown; nothing where it would end before it starts."""
    start_ms, end_ms = (_ms(time) for time in cue.times.split(" --> "))
    if start_ms < end_ms:
        yield Interval(start_ms, end_ms)


def _ms(time: str) -> int:
    match = _TIME.fullmatch(time)
    assert match is not None, "a cue's times have this form"
    hours, minutes, seconds, fraction = match.groups(default="0")
    whole_s = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole_s * 1000 + round(float(f"0.{fraction}") * 1000)
